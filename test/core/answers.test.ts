import { describe, expect, it } from 'vitest';

import { mailBytes } from '../../src/core/answer-size.js';
import { mayApprove, needsApproval, waitingForEver } from '../../src/core/approval.js';
import { followUpAfterAnswer, readFollowUp } from '../../src/core/follow-up.js';
import type { AgentId } from '../../src/core/ids.js';
import { newToIt } from '../../src/core/recipients.js';
import { colleaguesAnswers } from '../../src/core/staleness.js';
import { aDesk, aMailbox, aMessage, anAgent, NOON } from '../support/samples.js';

describe('size of a mail', () => {
  it('counts files as they travel, a third larger', () => {
    const bytes = mailBytes('Hello', [{ bytes: 9_000_000 }, { bytes: 6_000_000 }]);
    expect(bytes).toBeGreaterThan(20_000_000);
    expect(bytes).toBeLessThan(21_000_000);
    expect(mailBytes('Zażółć', [])).toBeLessThan(10_000);
  });
});

describe('approval', () => {
  const junior = anAgent({ id: 'junior' as AgentId, approval: true });
  const senior = anAgent({ id: 'senior' as AgentId });
  const viewer = anAgent({ id: 'viewer' as AgentId, role: 'viewer' });

  it('is asked for by the agent or by the mailbox', () => {
    const loose = aMailbox();
    expect([needsApproval(junior, loose), needsApproval(senior, loose), needsApproval(senior, aMailbox({ approval: true })), needsApproval(undefined, aMailbox({ approval: true }))]).toEqual([true, false, true, false]);
  });

  it('is given by a colleague who needs none: never by the author, a viewer or another who needs it', () => {
    expect(mayApprove(senior, 'junior')).toBe(true);
    expect([mayApprove(junior, 'senior'), mayApprove(senior, 'senior'), mayApprove(viewer, 'junior')]).toEqual([false, false, false]);
  });

  it('that nobody could give is found before it is asked for', () => {
    expect(waitingForEver(aDesk({ agents: [junior, viewer] })).map(({ author }) => author.id)).toEqual(['junior']);
    expect(waitingForEver(aDesk({ agents: [junior, senior] }))).toEqual([]);
    expect(waitingForEver(aDesk({ agents: [junior, senior], mailboxes: [aMailbox({ approval: true })] })).map(({ author, mailbox }) => [author.id, mailbox?.id])).toEqual([['senior', 'shop']]);
  });
});

describe('follow-up', () => {
  const read = (said: string): unknown => readFollowUp(said, NOON, 'Europe/Warsaw');

  it('is said in days, as a time, or off', () => {
    expect(read('3')).toEqual({ at: new Date('2026-11-23T12:00:00Z') });
    expect(read('2 days')).toEqual({ at: new Date('2026-11-22T12:00:00Z') });
    expect(read('pt 9')).toEqual({ at: new Date('2026-11-27T08:00:00Z') });
    expect([read('off'), read('nie'), read('wyłącz')]).toEqual([{ off: true }, { off: true }, { off: true }]);
    expect([read('0'), read('367'), read('soon'), read('')]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('of a mailbox gives way to what was said for the conversation', () => {
    const said = new Date(NOON.getTime() + 9 * 86_400_000);
    expect(followUpAfterAnswer({ followUpAt: undefined }, NOON, 3)).toEqual(new Date('2026-11-23T12:00:00Z'));
    expect(followUpAfterAnswer({ followUpAt: said }, NOON, 3)).toEqual(said);
    expect(followUpAfterAnswer({ followUpAt: undefined }, NOON, undefined)).toBeUndefined();
  });
});

describe('a second look', () => {
  it('is worth a receiver that nobody of the conversation knows', () => {
    const usual = { to: [{ address: 'eve@customer.example', name: 'Eve' }], cc: [{ address: 'bob@customer.example', name: '' }], bcc: [] };
    const to = ['eve@customer.example', 'bob@customer.example', 'kim@customer.example', 'eve@customer.exmple'].map((address) => ({ address, name: '' }));
    expect(newToIt(to, { participants: ['kim@customer.example'], usual })).toEqual(['eve@customer.exmple']);
  });

  it('is worth what a colleague is just sending, not their draft nor what left long ago', () => {
    const theirs = (over: Partial<ReturnType<typeof aMessage>>) => aMessage({ direction: 'out', authorId: 'anna' as AgentId, createdAt: NOON, sentAt: undefined, ...over });
    const long = new Date(NOON.getTime() - 3_600_000);
    const messages = [
      theirs({ id: 'queued' as never, state: 'queued' }), theirs({ id: 'later' as never, state: 'queued', createdAt: long }), theirs({ id: 'just' as never, state: 'sent', sentAt: NOON }), theirs({ id: 'long' as never, state: 'sent', createdAt: long, sentAt: long }),
      theirs({ id: 'draft' as never, state: 'draft' }), theirs({ id: 'undone' as never, state: 'cancelled' }), theirs({ id: 'own' as never, state: 'queued', authorId: 'marek' as AgentId }), theirs({ id: 'awaiting' as never, state: 'awaiting', createdAt: long }),
    ];
    expect(colleaguesAnswers(messages, 'marek' as AgentId, NOON).map(({ id }) => id)).toEqual(['queued', 'later', 'just', 'awaiting']);
  });
});
