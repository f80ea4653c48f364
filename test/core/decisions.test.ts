import { describe, expect, it } from 'vitest';

import type { AgentId } from '../../src/core/ids.js';
import { afterFailure } from '../../src/core/deliveries.js';
import { AUTOMATIC_CAP, mayAnswerAutomatically } from '../../src/core/loop-guard.js';
import { may } from '../../src/core/permissions.js';
import { mailToAnswer, recipientsOf } from '../../src/core/recipients.js';
import { statusAfterInbound } from '../../src/core/reopening.js';
import { newerMails } from '../../src/core/staleness.js';
import { aMessage, NOON } from '../support/samples.js';

const address = (mail: string): { address: string; name: string } => ({ address: mail, name: '' });
const ours = new Set(['shop@desk.example']);

describe('recipients of an answer', () => {
  it('C15 follow Reply-To, not the sender', () => {
    const mail = aMessage({ replyTo: [address('office@customer.example')] });
    expect(recipientsOf(mail, ours)).toEqual({ to: [address('office@customer.example')], cc: [], bcc: [] });
  });

  it('C15 keep those in copy and never write to ourselves, plus-addresses included', () => {
    const mail = aMessage({ to: [address('shop@desk.example'), address('friend@other.example')], cc: [address('shop+g42.abcdefgh@desk.example'), address('boss@customer.example')] });
    const { to, cc } = recipientsOf(mail, ours);
    expect(to.map((one) => one.address)).toEqual(['anna@customer.example']);
    expect(cc.map((one) => one.address)).toEqual(['friend@other.example', 'boss@customer.example']);
  });

  it('answers the newest mail of the customer, not a stranger who came in later and not an automatic one', () => {
    const first = aMessage({ text: 'one' });
    const auto = aMessage({ automatic: { kind: 'auto-reply', reason: 'Auto-Submitted' } });
    const stranger = aMessage({ from: address('mallory@elsewhere.example') });
    expect(mailToAnswer([first, auto, stranger], new Set(['mallory@elsewhere.example']))).toBe(first);
  });
});

describe('status after an inbound mail', () => {
  const mail = { automatic: false, bareThanks: false, fromCustomer: true };
  it('a customer opens a closed, pending or snoozed conversation again', () => {
    for (const status of ['closed', 'pending', 'snoozed'] as const) expect(statusAfterInbound(status, mail)).toBe('open');
  });
  it('C28 a bare thank-you does not reopen', () => expect(statusAfterInbound('closed', { ...mail, bareThanks: true })).toBe('closed'));
  it('C18 an out-of-office does not reopen', () => expect(statusAfterInbound('closed', { ...mail, automatic: true })).toBe('closed'));
  it('spam stays spam', () => expect(statusAfterInbound('spam', mail)).toBe('spam'));
  it('what an allowed sender writes is no spam', () => expect(statusAfterInbound('spam', { ...mail, allowed: true })).toBe('open'));
});

describe('stale-reply fence', () => {
  const marek = 'marek' as AgentId;
  it("stops for the customer's mail and for a colleague's answer, not for one's own, for automatic mail or for what was undone", () => {
    const customer = aMessage({ revision: 5 });
    const colleague = aMessage({ revision: 6, direction: 'out', authorId: 'anna' as AgentId, state: 'queued' });
    const own = aMessage({ revision: 7, direction: 'out', authorId: marek, state: 'sent' });
    const automatic = aMessage({ revision: 8, automatic: { kind: 'bounce', reason: 'report' } });
    const undone = aMessage({ revision: 9, direction: 'out', authorId: 'anna' as AgentId, state: 'cancelled' });
    expect(newerMails([aMessage({ revision: 4 }), customer, colleague, own, automatic, undone], 4, marek)).toEqual([customer, colleague]);
  });
});

describe('loop guard', () => {
  const mail = { kind: 'personal', to: 'anna@customer.example', ours, sentLately: 0 } as const;
  it('answers a person', () => expect(mayAnswerAutomatically(mail)).toEqual({ answer: true }));
  it('C16 never answers automatic mail, no-reply addresses or ourselves', () => {
    for (const kind of ['bounce', 'auto-reply', 'list', 'system'] as const) expect(mayAnswerAutomatically({ ...mail, kind }).answer).toBe(false);
    for (const to of ['no-reply@bank.example', 'noreply@bank.example', 'MAILER-DAEMON@relay.example', 'do-not-reply@x.example', 'shop@desk.example']) expect(mayAnswerAutomatically({ ...mail, to }).answer).toBe(false);
    expect(mayAnswerAutomatically({ ...mail, to: undefined }).answer).toBe(false);
  });
  it('C17 caps what one address gets', () => expect(mayAnswerAutomatically({ ...mail, sentLately: AUTOMATIC_CAP })).toEqual({ answer: false, reason: 'cap' }));
});

describe('after a failed delivery', () => {
  const failure = { certain: true, permanent: false, retryAfterMs: undefined, repeatable: false };
  const delivery = { tries: 1, createdAt: NOON };
  it('what may have arrived is never repeated by itself unless repeating is harmless', () => {
    expect(afterFailure({ ...failure, certain: false }, delivery, NOON, 0)).toEqual({ next: 'uncertain' });
    expect(afterFailure({ ...failure, certain: false, repeatable: true }, delivery, NOON, 0).next).toBe('retry');
  });
  it('waits longer with every try, or as long as the other side asks', () => {
    const wait = (tries: number): number => {
      const verdict = afterFailure(failure, { ...delivery, tries }, NOON, 0.5);
      return verdict.next === 'retry' ? verdict.at.getTime() - NOON.getTime() : -1;
    };
    expect(wait(1)).toBeLessThan(wait(2));
    expect(wait(2)).toBeLessThan(wait(5));
    const asked = afterFailure({ ...failure, retryAfterMs: 600_000 }, delivery, NOON, 0);
    expect(asked).toEqual({ next: 'retry', at: new Date(NOON.getTime() + 600_000) });
    expect(afterFailure({ ...failure, retryAfterMs: 1_000 }, { ...delivery, tries: 9 }, NOON, 0)).toEqual({ next: 'retry', at: new Date(NOON.getTime() + 1_000) });
  });
  it('ends at once what is refused for good, and everything after five days', () => {
    expect(afterFailure({ ...failure, permanent: true }, delivery, NOON, 0)).toEqual({ next: 'failed' });
    expect(afterFailure(failure, delivery, new Date(NOON.getTime() + 6 * 86_400_000), 0)).toEqual({ next: 'failed' });
  });
});

it('viewers read, agents work, admins administer', () => {
  expect([may('viewer', 'read'), may('viewer', 'work'), may('agent', 'work'), may('agent', 'administer'), may('admin', 'administer')]).toEqual([true, false, true, false, true]);
});
