/** How a verb's case in the contract is written down: what is done before, what is said, what is true afterwards. */
import { expect } from 'vitest';

import type { CommandOutcome } from '../../src/core/calls.js';
import type { Conversation, Customer, Message, Note } from '../../src/core/model.js';
import { runBulk } from '../../src/desk/bulk.js';
import { newId } from '../../src/storage/new-id.js';
import { mailFrom, type DeskUnderTest } from '../support/desk-under-test.js';
import type { ChatUnderTest } from './chat-contract.js';

/** A conversation of its own for one case, with a customer of its own. In the words of a case `{number}`, `{word}`, `{other}` and `{customer}` stand for what is here. */
export interface Place {
  readonly chat: ChatUnderTest;
  readonly desk: DeskUnderTest;
  readonly number: number;
  /** In its subject and nowhere else. */
  readonly word: string;
  /** The customer's address. */
  readonly customer: string;
  /** Number of a second conversation, where one was made. */
  other: number;
  /** For somebody to say who they are. */
  readonly code: string;
}

/** What is there when a case is looked at. */
export interface Now extends Place {
  readonly conversation: Conversation;
  readonly messages: readonly Message[];
  readonly notes: readonly Note[];
  readonly person: Customer;
}

export type Step = (place: Place) => Promise<void>;
export type Look = (now: Now) => void | Promise<void>;
/** What somebody is told: as it is, or as it follows from what is there. */
export type Told = RegExp | ((now: Now) => Promise<RegExp>);

export interface VerbCase {
  readonly given?: readonly Step[];
  /** As it is typed, without the sign before it. */
  readonly words: string;
  /** 'thread': in the thread of the conversation; 'number': elsewhere, by its number; 'anywhere': it needs no conversation. */
  readonly where?: 'thread' | 'number' | 'anywhere';
  readonly told: Told;
  readonly then: Look;
  /** Where the change is written down with who and when: in the conversation's history, or in the record of what was changed; 'nowhere': nothing is changed, or nothing is left of it. */
  readonly trace: 'history' | 'record' | 'nowhere';
  /** Said once more, in the same words. */
  readonly again: Again;
  readonly stale: Stale;
  /** Who is refused: somebody who may only read, somebody whom the desk does not know, or somebody who does not see the conversation. */
  readonly refused: 'viewer' | 'stranger' | 'blind';
  /** Mails that leave for what was said, however often; none unless told. */
  readonly mails?: number;
  /** So that the next case finds the desk as it was. */
  readonly after?: readonly Step[];
}

export interface Again {
  readonly told: Told;
  /** 'nothing': not the least has changed. */
  readonly then: 'nothing' | Look;
  /** It is out of its thread by then. */
  readonly where?: 'number';
}

/** Done from a place that is out of date. */
export interface Stale {
  /** 'place': its button or form, drawn before; 'words': there is no such place, so it speaks of the present. */
  readonly by: 'place' | 'words';
  readonly meanwhile: readonly Step[];
  /** Of the form. */
  readonly values?: Readonly<Record<string, string>>;
  readonly told: Told;
  readonly then: 'nothing' | Look;
}

export const again = { nothing: (told: Told, where?: 'number'): Again => ({ told, then: 'nothing', ...(where && { where }) }), more: (told: Told, then: Look): Again => ({ told, then }) };

const stale = (by: Stale['by']) => (meanwhile: readonly Step[], told: Told, then: 'nothing' | Look, values: Readonly<Record<string, string>> = {}): Stale => ({ by, meanwhile, told, then, values });
export const drawn = stale('place');
export const said = stale('words');

export function filled(words: string, { number, word, other, customer, code }: Place): string {
  return words.replaceAll('{number}', String(number)).replaceAll('{word}', word).replaceAll('{other}', String(other)).replaceAll('{customer}', customer).replaceAll('{code}', code);
}

export const filledAll = (values: Readonly<Record<string, string>>, place: Place): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, filled(value, place)]));

/** Somebody does something, by whatever way. */
export const does = (agent: string, verb: string, args: Readonly<Record<string, string>> = {}): Step => async (place) => {
  done(await place.desk.say(agent, verb, place.number, filledAll(args, place)), verb);
};

function done(outcome: CommandOutcome, verb: string): void {
  expect([outcome.kind === 'list' && outcome.kept ? 'done' : outcome.kind, outcome.message], verb).toEqual(['done', outcome.message]);
}

/** The customer writes again. */
export const writes = (text: string): Step => async ({ desk, word, customer }) => {
  await desk.receive(mailFrom(`Eve <${customer}>`, `Re: About ${word}`, text, { 'In-Reply-To': `<${word}@customer.example>` }));
};

/** The customer, or somebody else, writes about another matter. */
export const another = (from: 'same customer' | 'somebody else' = 'same customer'): Step => async (place) => {
  const { desk, word, customer } = place;
  const sender = from === 'same customer' ? `Eve <${customer}>` : `Otto <otto.${customer}>`;
  await desk.receive(mailFrom(sender, `Other o${word}`, 'Something else.'));
  place.other = (await newestOf(desk, place.number)).number;
};

/** Time passes, in milliseconds. */
export const passes = (ms: number): Step => async ({ desk }) => {
  desk.pass(ms);
  await desk.settle();
};

/** The mail server breaks off after the last byte: nobody knows what became of the answer. */
export const doubt: Step = async (place) => {
  place.desk.sink.dropAfterData();
  await does('marek', 'reply', { text: 'Did it arrive?' })(place);
  await passes(15_000)(place);
};

/** The other conversation goes into this one. */
export const othersMerge: Step = async ({ desk, number, other }) => done(await desk.say('ada', 'merge', other, { into: String(number) }), 'merge');

/** What was begun with many is done. */
export const bulkRuns: Step = async ({ desk }) => {
  for (const bulk of await desk.store.bulks.underWay()) await runBulk({ store: desk.store, desk: () => desk.store.desk.load(), clock: { now: () => desk.now() }, newId, sign: (text) => text, log: desk.log, stopping: () => false }, bulk.id);
};

/** @param from a number that there is; they are given one after the other */
export async function newestOf({ store }: DeskUnderTest, from = 1): Promise<Conversation> {
  for (let number = from, last: Conversation | undefined; ; number += 1) {
    const next = await store.conversations.byNumber(number);
    if (!next && last) return last;
    last = next;
  }
}
