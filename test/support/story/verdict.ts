/** Nothing lost, nothing twice, order kept: counted on the platform and at the SMTP server. */
import { expect } from 'vitest';

import type { Customer } from './plan.js';
import { cardOf, type StoryEnd } from './run.js';

export function judge({ customers, cards, sink, notes, log }: StoryEnd): void {
  expect(cards.map(({ number }) => number).sort((one, other) => one - other)).toEqual(customers.map((_, index) => index + 1));
  for (const customer of customers) {
    const posts = cardOf(cards, customer)?.posts ?? [];
    const ours = marksIn(posts, customer);
    expect(ours.filter((mark) => mark.includes('m')), `mails of ${customer.name}, once each, in their order`).toEqual(customer.mails.map(({ mark }) => mark));
    const answers = customer.deeds.flatMap((deed) => (deed.do === 'answer' ? [deed.mark] : []));
    expect(ours.filter((mark) => mark.includes('a')), `answers to ${customer.name}, once each, in their order`).toEqual(answers);
    for (const deed of customer.deeds) {
      if (deed.do === 'answer') expect(ours.indexOf(deed.mark), `${deed.mark} stands below what it answers`).toBeGreaterThan(ours.indexOf(customer.mails[deed.after - 1]?.mark ?? ''));
    }
  }
  for (const { subject, agent, deeds } of customers) {
    const card = cards.find(({ text }) => text.includes(subject));
    expect(card?.text, `the card of ${subject} as it is in the end`).toMatch(new RegExp(`${agent}${deeds.some((deed) => deed.do === 'close') ? '[^]*Reopen' : ''}`, 'i'));
  }
  expect(log.lines.filter(({ verb, facts }) => verb === 'door-failed' || verb === 'command-failed' || (verb === 'delivery-failed' && (facts as { next?: unknown }).next === 'failed'))).toEqual([]);
  expectOnceEach(customers, sink.mails.map(({ raw }) => raw.toString('latin1')), 'answer');
  expectOnceEach(customers, notes.map(({ text }) => text), 'note');
  for (const customer of customers) {
    const mine = sink.mails.filter(({ raw }) => raw.includes(`${keyOf(customer)}a`));
    for (const { to } of mine) expect(to).toEqual([customer.address]);
  }
}

/** Marks of posts by Goniec, in order; what people wrote ("!reply ...") and notes are not its posts. */
function marksIn(posts: readonly string[], customer: Customer): readonly string[] {
  const pattern = new RegExp(`\\b${keyOf(customer)}[am]\\d+\\b`);
  return posts.filter((post) => !post.startsWith('!')).flatMap((post) => pattern.exec(post)?.[0] ?? []);
}

const keyOf = ({ subject }: Customer): string => subject.replace('Order ', '');

function expectOnceEach(customers: readonly Customer[], texts: readonly string[], kind: 'answer' | 'note'): void {
  const wanted = customers.flatMap(({ deeds }) => deeds.flatMap((deed) => (deed.do === kind ? [deed.mark] : []))).sort();
  const found = texts.flatMap((text) => /\bk\d+[an]\d+\b/.exec(text)?.[0] ?? []).sort();
  expect(found, `each ${kind} once`).toEqual(wanted);
}
