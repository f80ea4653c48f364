/**
 * Every verb, on every platform, in the four ways in which people meet it: it does what it says and writes down who did it; said again it does nothing twice; from an old button or form it does no
 * harm; and whoever may not say it is told so alone, and nothing has changed. The cases stand in `verb-table`.
 */
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { COMMANDS } from '../../src/commands/index.js';
import type { AgentId, ChannelId, MailboxId, TeamId } from '../../src/core/ids.js';
import { formatDateTime, say as inWords } from '../../src/core/language/say.js';
import type { Desk, EventKind } from '../../src/core/model.js';
import { eventText } from '../../src/core/timeline.js';
import { linkCode } from '../../src/desk/link-person.js';
import { openVault } from '../../src/storage/vault.js';
import { mailFrom, type DeskUnderTest } from '../support/desk-under-test.js';
import { aDesk, aMailbox, anAgent } from '../support/samples.js';
import { STRANGER, type ChatUnderTest, type SeenAnswer } from './chat-contract.js';
import { filled, filledAll, newestOf, type Again, type Now, type Place, type Told, type VerbCase } from './verb-case.js';
import { VERB_TABLE } from './verb-table.js';

const UNDO_MS = 15_000;
const ACTOR = 'marek' as AgentId;
/** A conversation that Marek does not see. */
const HIDDEN = 1;
const REFUSALS: Readonly<Record<VerbCase['refused'], { readonly who: string; readonly told: RegExp }>> = {
  viewer: { who: 'vera', told: /Your role \(viewer\) may not do this\. Ask Ada Chief/ },
  // A code that is wrong is refused to everybody; on the web desk nobody comes in without logging in.
  stranger: { who: STRANGER, told: /We do not know who you are\. An administrator|This code is not right|Log in/ },
  blind: { who: ACTOR, told: new RegExp(`There is no conversation #${HIDDEN} that you can see`) },
};

/** @param open a desk at work whose channels are on the platform, with all its agents and a stranger */
export function verbContract(name: string, open: (over: Partial<Desk>) => Promise<ChatUnderTest>): void {
  describe(`verb contract: ${name}`, () => {
    let chat: ChatUnderTest;
    let serial = 0;
    beforeAll(async () => {
      chat = await open(deskOfVerbs());
      await chat.desk.receive(mailFrom('Zoe <zoe@customer.example>', 'Hidden', 'For the board only.'), { mailbox: 'board' });
    });
    afterAll(() => chat.close());

    it('has a case for every verb, and none for anything else', () => {
      expect(Object.keys(VERB_TABLE).sort()).toEqual(COMMANDS.map(({ name: verb }) => verb).sort());
    });

    /** A conversation as the case wants it. */
    async function placeFor({ given = [] }: VerbCase): Promise<Place> {
      const { desk } = chat;
      serial += 1;
      const word = `w${serial}${name.replace(/\W/g, '')}`;
      const customer = `${word}@customer.example`;
      await desk.receive(mailFrom(`Eve <${customer}>`, `About ${word}`, 'It came broken.', { 'Message-ID': `<${word}@customer.example>` }));
      const { number } = await newestOf(desk, HIDDEN);
      const place: Place = { chat, desk, number, word, customer, other: 0, code: linkCode((text) => openVault('test secret, long enough for the vault').sign(text), ACTOR, desk.now()) };
      for (const step of given) await step(place);
      await desk.settle();
      // What was done before and what is done now are told apart by their times.
      desk.pass(1_000);
      return place;
    }

    for (const [verb, one] of Object.entries(VERB_TABLE)) {
      describe(verb, () => {
        let place: Place;
        let mails: number;

        it(`is refused to ${one.refused === 'viewer' ? 'whoever may only read' : one.refused === 'stranger' ? 'strangers' : 'whoever does not see the conversation'}, to them alone`, async () => {
          place = await placeFor(one);
          const { who, told } = REFUSALS[one.refused];
          const before = stateOf(chat.desk);
          const words = verb === 'link' && one.refused === 'stranger' ? 'link wrong' : filled(one.words, place);
          const answer = one.refused === 'blind' ? await chat.command(who, numbered(words, HIDDEN), place.number) : await say(place, one.refused === 'stranger' ? 'anywhere' : one.where, words, who);
          expect(answer.text).toMatch(told);
          expect(answer.isPrivate).toBe(true);
          await chat.desk.settle();
          expect(stateOf(chat.desk)).toEqual(before);
        });

        it('does what it says, and that is written down', async () => {
          mails = chat.desk.sink.mails.length;
          const before = stateOf(chat.desk);
          const answer = await say(place, one.where, filled(one.words, place));
          expect(answer.text).toMatch(await expected(one.told, place));
          await chat.desk.settle();
          await one.then(await nowAt(place));
          expectTrace(one.trace, before, stateOf(chat.desk), chat.desk);
        });

        it(one.again.then === 'nothing' ? 'does nothing twice, and says so' : 'is done again when it is said again', async () => {
          await repeated(one.again);
          chat.desk.pass(UNDO_MS);
          await chat.desk.settle();
          expect(chat.desk.sink.mails.length - mails).toBe(one.mails ?? 0);
          for (const step of one.after ?? []) await step(place);
        });

        async function repeated({ told, then, where }: Again): Promise<void> {
          const before = stateOf(chat.desk);
          const words = filled(one.words, place);
          const answer = where === 'number' ? await chat.command(ACTOR, numbered(words, place.number), place.number) : await say(place, one.where, words);
          expect(answer.text).toMatch(await expected(told, place));
          await chat.desk.settle();
          if (then === 'nothing') expect(stateOf(chat.desk)).toEqual(before);
          else await then(await nowAt(place));
        }

        it(one.stale.by === 'place' ? 'does no harm from where it was drawn before' : 'speaks of the present, whatever was there before', async () => {
          const { by, meanwhile, values = {}, told, then } = one.stale;
          const fresh = await placeFor(one);
          const held = by === 'place' ? await chat.hold(ACTOR, fresh.number, verb) : undefined;
          for (const step of meanwhile) await step(fresh);
          await chat.desk.settle();
          const before = stateOf(chat.desk);
          const answer = held ? await held(filledAll(values, fresh)) : await say(fresh, one.where, filled(one.words, fresh));
          expect(answer.text).toMatch(await expected(told, fresh));
          await chat.desk.settle();
          if (then === 'nothing') expect(stateOf(chat.desk)).toEqual(before);
          else await then(await nowAt(fresh));
          for (const step of one.after ?? []) await step(fresh);
          chat.desk.pass(UNDO_MS);
          await chat.desk.settle();
        });
      });
    }

    async function say(place: Place, where: VerbCase['where'], words: string, who: string = ACTOR): Promise<SeenAnswer> {
      if (where === 'anywhere') return chat.command(who, words, place.number);
      return where === 'number' ? chat.command(who, numbered(words, place.number), place.number) : chat.write(who, place.number, `!${words}`);
    }

    /** Every verb that changes something says in histories who did it. */
    function expectTrace(trace: VerbCase['trace'], before: State, after: State, desk: DeskUnderTest): void {
      const fresh = changedRows(before, after);
      if (trace === 'nowhere') return;
      const at = desk.now().getTime();
      const byActor = (row: Row): boolean => [row['actorId'], row['authorId'], row['agentId'], row['changedBy']].includes(ACTOR);
      expect(fresh.filter(({ row }) => byActor(row)).length, 'who').toBeGreaterThan(0);
      if (trace === 'record') return;
      const lines = fresh.filter(({ table, row }) => ['events', 'notes', 'messages'].includes(table) && byActor(row) && timeOf(row['at'] ?? row['createdAt']) === at);
      expect(lines.length, 'a line of the history').toBeGreaterThan(0);
      for (const { table, row } of lines) {
        if (table !== 'events') continue;
        const text = eventText({ say: (key, params) => inWords('en', key, params), dateTime: (date) => formatDateTime(date, 'en', 'UTC') }, desk.desk, undefined, { actor: { kind: 'agent', id: ACTOR }, what: row['what'] as EventKind, data: JSON.parse(String(row['data'])) as Readonly<Record<string, string>> });
        expect(text, String(row['what'])).toContain('Marek');
        expect(text, String(row['what'])).not.toMatch(/[{}]/);
      }
    }
  });
}

/** The usual desk with a channel that Marek does not see, and Nina, whose answers need approval. */
function deskOfVerbs(): Partial<Desk> {
  const usual = aDesk();
  const board = { id: 'board' as ChannelId, name: 'board', bridge: 'web', target: 'board', visibleTo: { teams: ['care' as TeamId], agents: [] } };
  return {
    channels: [...usual.channels, board],
    mailboxes: [aMailbox(), aMailbox({ id: 'board' as MailboxId, address: 'board@desk.example', name: 'Board', channel: board.id })],
    agents: [...usual.agents, anAgent({ id: 'nina' as AgentId, name: 'Nina New', email: 'nina@desk.example', approval: true })],
  };
}

/** "label complaint" elsewhere than in the thread: "label 42 complaint". */
const numbered = (words: string, number: number): string => words.replace(/^\S+/, (verb) => `${verb} ${number}`);

async function nowAt(place: Place): Promise<Now> {
  const conversation = await place.desk.conversation(place.number);
  const person = await place.desk.store.customers.get(conversation.customerId);
  if (!person) throw new Error('no customer');
  return { ...place, conversation, messages: await place.desk.store.messages.of(conversation.id), notes: await place.desk.store.notes.of(conversation.id), person };
}

async function expected(told: Told, place: Place): Promise<RegExp> {
  const pattern = told instanceof RegExp ? told : await told(await nowAt(place));
  return new RegExp(filled(pattern.source, place), pattern.flags);
}

type Row = Readonly<Record<string, unknown>>;
type State = Readonly<Record<string, readonly Row[]>>;

/** How things are carried out, and what is only remembered for that: no change that anybody made. */
const MECHANICS = /^(sqlite_|_prisma|jobs$|deliveries$|handled_calls$|presence$|posts$|sessions$|settings$|counters$|folder_cursors$|raw_mails$|turns$|search_)/;

/** All that the desk knows, as it stands in its database. */
function stateOf({ folder }: DeskUnderTest): State {
  const database = new Database(join(folder, 'goniec.db'), { readonly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as readonly string[];
    return Object.fromEntries(tables.filter((table) => !MECHANICS.test(table)).sort().map((table) => [table, database.prepare(`SELECT * FROM "${table}"`).all() as readonly Row[]]));
  } finally {
    database.close();
  }
}

function changedRows(before: State, after: State): readonly { readonly table: string; readonly row: Row }[] {
  return Object.entries(after).flatMap(([table, rows]) => {
    const known = new Set((before[table] ?? []).map((row) => JSON.stringify(row)));
    return rows.filter((row) => !known.has(JSON.stringify(row))).map((row) => ({ table, row }));
  });
}

const timeOf = (stored: unknown): number => (typeof stored === 'number' ? stored : Date.parse(String(stored)));
