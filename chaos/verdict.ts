/**
 * Compares what went in with what came out, counted from outside: mails on the IMAP server against the threads and cards that the web desk shows, answers that the product accepted
 * against what the SMTP server and the Sent folders hold. The product's database is looked at only where nothing outside can tell (posts of the web chat have no place of their own).
 */
import type { Accepted } from './answering.js';
import { readChat, type Shown } from './chat.js';
import { NEWS_FOLDER, readDatabase, type House } from './house.js';
import type { PlannedMail } from './plan.js';

export interface Tally {
  readonly expected: number;
  readonly found: number;
  /** Marks, for looking into it. */
  readonly lost: readonly string[];
  readonly twice: readonly string[];
}

export interface Verdict {
  readonly ok: boolean;
  /** Mails on the server -> messages in threads. */
  readonly messages: Tally;
  /** Conversations with a place in chat -> cards. */
  readonly cards: Tally;
  /** Follow-ups in another conversation than the mail they answer. */
  readonly astray: readonly string[];
  /** Messages -> posts in the chat. */
  readonly posts: Tally;
  /** Places on the IMAP server -> rows of the ledger. */
  readonly ledger: Tally;
  /** Accepted answers -> mails at the SMTP server. */
  readonly answers: Tally;
  /** Answers at the SMTP server -> copies in Sent. */
  readonly copies: Tally;
  /** Mails still in quarantine. */
  readonly held: number;
  /** Answers whose state on the page is not "sent". */
  readonly unsettled: readonly string[];
}

export interface Facts {
  readonly delivered: readonly PlannedMail[];
  readonly accepted: readonly Accepted[];
  /** Answers that a person settled with "it arrived" at the end: their copies may still be on the way. */
  readonly saidArrived: ReadonlySet<string>;
}

export async function judge(house: House, { delivered, accepted, saidArrived }: Facts): Promise<Verdict> {
  const shown = await readChat(house.visitor, [NEWS_FOLDER]);
  const onServer = (await everyMailbox(house, (mailbox) => house.readOnServer(mailbox, 'INBOX', 'X-Chaos-Mark'))).flat();
  const copies = (await everyMailbox(house, (mailbox) => house.readOnServer(mailbox, 'Sent', 'Message-ID'))).flat();

  const expected = [...new Set(delivered.map(({ mark }) => mark))];
  const messages = tally(expected, shown.threads.flatMap(({ inbound }) => inbound));
  // The harness itself must not be what lost a mail.
  const undelivered = expected.filter((mark) => !onServer.includes(mark));
  if (undelivered.length > 0) throw new Error(`the mail server lacks mails that were delivered: ${undelivered.slice(0, 5).join(', ')}`);

  const sunk = house.sink.mails.map((mail) => ({ marks: [...new Set(mail.raw.toString('latin1').match(/\ba\d{6}\b/g) ?? [])], id: mail.messageId ?? '' }));
  const answers = tally(accepted.map(({ mark }) => mark), sunk.flatMap(({ marks }) => marks));
  const owed = sunk.filter(({ marks }) => !marks.some((mark) => saidArrived.has(mark))).map(({ id }) => id);
  const copyTally = tally([...new Set(owed)], copies.filter((id) => owed.includes(id) || !sunk.some((mail) => mail.id === id)));
  const states = new Map(shown.threads.flatMap(({ outbound }) => outbound.map(({ mark, state }) => [mark, state] as const)));
  const unsettled = accepted.filter(({ mark }) => states.get(mark) !== 'sent').map(({ mark }) => `${mark} ${states.get(mark) ?? 'not shown'}`);

  const parts = { messages, cards: tallyCards(delivered, shown), posts: tallyPosts(house), ledger: tallyLedger(house, onServer.length), answers, copies: copyTally };
  const astray = strays(delivered, shown);
  const whole = Object.values(parts).every(({ lost, twice }) => lost.length === 0 && twice.length === 0);
  return { ok: whole && astray.length === 0 && unsettled.length === 0 && shown.held === 0, ...parts, astray, held: shown.held, unsettled };
}

function tally(expected: readonly string[], found: readonly string[]): Tally {
  const counts = new Map<string, number>();
  for (const one of found) counts.set(one, (counts.get(one) ?? 0) + 1);
  return { expected: expected.length, found: found.length, lost: expected.filter((one) => !counts.has(one)), twice: [...counts].filter(([, count]) => count > 1).map(([one]) => one) };
}

/** Each question has one conversation with one card; each newsletter lies in the folder. */
function tallyCards(delivered: readonly PlannedMail[], shown: Shown): Tally {
  const openers = new Set(delivered.filter(({ kind }) => kind === 'question' || kind === 'newsletter').map(({ mark }) => mark));
  const found = shown.threads.flatMap(({ number, inbound }) => {
    const lists = shown.cards.get(number) ?? [];
    return inbound.filter((mark) => openers.has(mark)).flatMap((mark) => lists.map(() => mark));
  });
  return tally([...openers], found);
}

function strays(delivered: readonly PlannedMail[], shown: Shown): readonly string[] {
  const home = new Map(shown.threads.flatMap(({ number, inbound }) => inbound.map((mark) => [mark, number] as const)));
  return delivered.filter(({ mark, opener }) => opener !== undefined && home.has(mark) && home.get(opener) !== home.get(mark)).map(({ mark }) => mark);
}

/** A post of the web chat is a row; what another chat would show twice would be two rows. */
function tallyPosts({ database }: House): Tally {
  return readDatabase(database, (db) => {
    const due = db.prepare('SELECT messages.id FROM messages JOIN conversations ON conversations.id = conversationId WHERE channelId IS NOT NULL').pluck().all() as string[];
    const messages = db.prepare("SELECT aboutId FROM posts WHERE aboutKind = 'message'").pluck().all() as string[];
    const cards = db.prepare('SELECT id FROM conversations WHERE channelId IS NOT NULL').pluck().all() as string[];
    const posted = db.prepare('SELECT id FROM conversations WHERE cardRef IS NOT NULL').pluck().all() as string[];
    return tally([...due, ...cards], [...messages, ...posted]);
  });
}

function tallyLedger({ database }: House, onServer: number): Tally {
  return readDatabase(database, (db) => {
    const places = db.prepare("SELECT mailboxId || '/' || folder || '/' || uidValidity || '/' || uid FROM raw_mails").pluck().all() as string[];
    const { twice } = tally([], places);
    const missing = Math.max(0, onServer - new Set(places).size);
    return { expected: onServer, found: places.length, lost: Array.from({ length: missing }, (_, index) => `place ${index + 1}`), twice };
  });
}

async function everyMailbox<Result>({ mailboxes }: House, read: (mailbox: number) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let mailbox = 0; mailbox < mailboxes; mailbox += 1) results.push(await read(mailbox));
  return results;
}
