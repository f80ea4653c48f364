/** After the storm: waits until nothing is under way any more, then does what a person would: decides about uncertain answers, sends failed ones again, has held mails read again. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Accepted } from './answering.js';
import { readThread } from './chat.js';
import { readDatabase, type House } from './house.js';
import { formsTo, type Visitor } from './visitor.js';

const LOOK_MS = 250;
/** Tries wait up to minutes between each other once a server was down for long; a run is not so long. */
const SETTLE_TIMEOUT_MS = 240_000;
/** Nothing changed for so long: what is not there now will not come. More than a poll of the mailboxes and a late try. */
const STILL_MS = 15_000;

/** Resolves when all mails are in the ledger and all work is done, or when nothing moves any more. */
export async function untilStill(house: House, mails: number): Promise<void> {
  const deadline = Date.now() + SETTLE_TIMEOUT_MS;
  let last = '';
  let since = Date.now();
  while (Date.now() < deadline) {
    const { stored, kept, unread, open } = progress(house);
    if (kept >= mails && unread === 0 && open === 0) return;
    const now = `${stored} ${kept} ${unread} ${open}`;
    if (now !== last) since = Date.now();
    last = now;
    if (open === 0 && Date.now() - since > STILL_MS) return;
    await sleep(LOOK_MS);
  }
}

function progress({ database }: House): { stored: number; kept: number; unread: number; open: number } {
  return readDatabase(database, (db) => {
    const count = (sql: string): number => Number(db.prepare(sql).pluck().get());
    return {
      stored: count('SELECT COUNT(*) FROM messages'), kept: count('SELECT COUNT(*) FROM raw_mails'), unread: count("SELECT COUNT(*) FROM raw_mails WHERE state = 'stored'"),
      open: count("SELECT COUNT(*) FROM deliveries WHERE state IN ('waiting', 'running')"),
    };
  });
}

export interface Decided {
  /** Answers that were shown as uncertain, each settled with one press. */
  readonly uncertain: readonly string[];
  /** Of those: found at the receiver, so "it arrived" was pressed. */
  readonly saidArrived: ReadonlySet<string>;
  /** Shown as failed, and sent again with one press. */
  readonly failed: readonly string[];
  /** Mails that were held, and read again with one press. */
  readonly retried: number;
}

/** Presses what the pages offer. @throws when an uncertain or failed answer offers no button, or pressing it once does not settle it */
export async function decide(house: House, accepted: readonly Accepted[]): Promise<Decided> {
  const uncertain: string[] = [];
  const failed: string[] = [];
  const saidArrived = new Set<string>();
  for (const { mark, number } of accepted) {
    const page = (await house.visitor.page(`/c/${number}`)).text;
    const answer = readThread(page).outbound.find((shown) => shown.mark === mark);
    if (answer?.state !== 'uncertain' && answer?.state !== 'failed') continue;
    // A person asks the customer; the harness looks at the server.
    const there = house.sink.mails.some(({ raw }) => raw.includes(mark));
    const verb = answer.state === 'uncertain' && there ? 'arrived' : 'send-again';
    const form = formsTo(page, new RegExp(`/do/${verb}$`)).find(({ fields }) => fields['message'] === answer.messageId);
    if (!form) throw new Error(`${mark} in #${number} is ${answer.state}, and the page offers no "${verb}"`);
    const pressed = await house.visitor.post(form.action, form.fields);
    if (pressed.status !== 303) throw new Error(`"${verb}" for ${mark} in #${number} got status ${pressed.status}`);
    (answer.state === 'uncertain' ? uncertain : failed).push(mark);
    if (verb === 'arrived') saidArrived.add(mark);
  }
  return { uncertain, failed, saidArrived, retried: await retryHeld(house.visitor) };
}

async function retryHeld(visitor: Visitor): Promise<number> {
  const forms = formsTo((await visitor.page('/quarantine')).text, /^\/quarantine\/[^/]+\/retry$/);
  for (const { action, fields } of forms) await visitor.post(action, fields);
  return forms.length;
}
