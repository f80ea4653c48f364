import type { FolderCursor, Mailbox } from '../../src/core/model.js';
import type { ArrivedMail, Intake } from '../../src/core/ports/intake.js';
import { eventually } from '../support/eventually.js';

/** Keeps what a watch hands over, as the stores would: a place known already is left out. */
export class MemoryIntake implements Intake {
  readonly kept: ArrivedMail[] = [];
  readonly cursors = new Map<string, FolderCursor>();
  readonly calls: { readonly mails: number; readonly cursor: FolderCursor | undefined }[] = [];
  since: Date | undefined;
  /** Throw to make keeping fail; nothing is kept then. */
  beforeKeep: (arrivals: readonly ArrivedMail[], cursor: FolderCursor | undefined) => void | Promise<void> = () => undefined;

  cursor(_mailbox: Mailbox['id'], folder: string): Promise<FolderCursor | undefined> {
    return Promise.resolve(this.cursors.get(folder));
  }

  takenSince(): Promise<Date | undefined> {
    return Promise.resolve(this.since);
  }

  async keep(_mailbox: Mailbox, arrivals: readonly ArrivedMail[], cursor: FolderCursor | undefined): Promise<void> {
    await this.beforeKeep(arrivals, cursor);
    const places = new Set(this.kept.map(placeOf));
    this.kept.push(...arrivals.filter((mail) => !places.has(placeOf(mail))));
    if (cursor) this.cursors.set(cursor.folder, cursor);
    this.calls.push({ mails: arrivals.length, cursor });
  }

  /** Subjects of what was kept, in order. */
  subjects(matches: (mail: ArrivedMail) => boolean = () => true): string[] {
    return this.kept.filter(matches).map(subjectOf);
  }

  /** Resolves once exactly these subjects are kept, those of a folder in the order of their UIDs. A server that stores a burst may number it in another order than it was sent in. */
  async has(subjects: readonly string[], matches: (mail: ArrivedMail) => boolean = () => true): Promise<void> {
    await eventually(
      () => {
        const found = this.subjects(matches);
        if (JSON.stringify(found.toSorted()) !== JSON.stringify(subjects.toSorted())) throw new Error(`kept: ${found.join(', ')}`);
      },
      { timeoutMs: 15_000, what: `kept: ${subjects.join(', ')}` },
    );
    const last = new Map<string, number>();
    for (const { place } of this.kept.filter(matches)) {
      const folder = `${place?.folder ?? ''} ${place?.uidValidity ?? ''}`;
      if ((place?.uid ?? 0) <= (last.get(folder) ?? 0)) throw new Error(`UID ${place?.uid ?? 0} of ${folder} was kept after ${last.get(folder) ?? 0}`);
      last.set(folder, place?.uid ?? 0);
    }
  }
}

function subjectOf(mail: ArrivedMail): string {
  const text = Buffer.from(mail.raw ?? mail.headers ?? []).toString();
  return /^Subject: (.*)$/m.exec(text)?.[1]?.trim() ?? `(nothing of UID ${mail.place?.uid ?? '?'})`;
}

function placeOf({ place }: ArrivedMail): string {
  return `${place?.folder ?? ''} ${place?.uidValidity ?? ''} ${place?.uid ?? ''}`;
}
