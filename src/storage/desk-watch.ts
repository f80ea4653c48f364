/**
 * On SQLite nobody tells us when another process (`goniec apply`) changed the desk, so we look at its revision now and then. What other processes change in
 * conversations shows with the next change of ours.
 */
import type { Sql } from './access.js';
import { Prisma } from './generated/sqlite/client.js';
import type { Counter as Row } from './generated/sqlite/client.js';

/** Soon enough for somebody who waits for their change to show; the look costs next to nothing. */
const LOOK_MS = 2_000;

export class DeskWatch {
  readonly #sql: Sql;
  readonly #onChange: () => void;
  readonly #timer: NodeJS.Timeout;
  #known: number | undefined;

  /** @param onChange another process changed the desk */
  constructor(sql: Sql, onChange: () => void) {
    this.#sql = sql;
    this.#onChange = onChange;
    this.#timer = setInterval(() => void this.#look(true), LOOK_MS).unref();
    void this.#look(false);
  }

  /** We changed it ourselves: that is told already. */
  ours(): void {
    void this.#look(false);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(tell: boolean): Promise<void> {
    const [row] = await this.#sql.all<Row>(Prisma.sql`SELECT * FROM "counters" WHERE "name" = 'desk'`);
    const changed = row?.value !== this.#known;
    this.#known = row?.value;
    if (changed && tell) this.#onChange();
  }
}
