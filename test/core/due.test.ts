import { describe, expect, it } from 'vitest';

import { lawful } from '../../src/core/conversation-laws.js';
import { dueAfter, isOverdue, promisesDiffer } from '../../src/core/due.js';
import type { Conversation } from '../../src/core/model.js';
import { aConversation, aDesk, aMailbox } from '../support/samples.js';

/** Open on working days from 9:00 to 17:00 in Warsaw, an hour ahead of UTC. */
const DESK = aDesk({ mailboxes: [aMailbox({ answerWithin: { normal: 240, urgent: 60 } })] });
const at = (iso: string): Date => new Date(iso);
/** Friday 10:00; due at 14:00. */
const [MAIL, NOW, DUE] = [at('2026-11-20T09:00:00Z'), at('2026-11-20T10:00:00Z'), at('2026-11-20T13:00:00Z')];
const waiting = aConversation({ waitingSince: MAIL, dueAt: DUE });
const due = (after: Partial<Conversation>, before: Conversation | undefined = waiting, said?: Date, now = NOW): Date | undefined => dueAfter(now, DESK, { ...(before ?? aConversation({ waitingSince: MAIL })), ...after }, before, said);

describe('when an answer is due', () => {
  it('counts from when the customer began to wait, in business hours, by priority', () => {
    expect(due({}, undefined)).toEqual(DUE);
    expect(due({ priority: 'urgent' }, undefined)).toEqual(at('2026-11-20T10:00:00Z'));
    expect(due({ priority: 'high' }, undefined)).toEqual(DUE);
    // Friday 16:30: half an hour on Friday, the rest on Monday.
    expect(due({ waitingSince: at('2026-11-20T15:30:00Z') }, undefined)).toEqual(at('2026-11-23T11:30:00Z'));
  });

  it('is not moved by further mails or changes, but by another priority', () => {
    expect(due({ assigneeId: 'marek' as never })).toEqual(DUE);
    expect(due({ priority: 'urgent' })).toEqual(at('2026-11-20T10:00:00Z'));
  });

  it('is never where no goal is set, where nobody waits, and where the desk never opens', () => {
    expect(dueAfter(NOW, aDesk(), waiting, undefined, undefined)).toBeUndefined();
    expect(dueAfter(NOW, { ...DESK, hours: { timeZone: 'UTC', week: {} } }, waiting, undefined, undefined)).toBeUndefined();
    expect(due({ waitingSince: undefined })).toBeUndefined();
    expect(due({ folderId: 'news' as never })).toBeUndefined();
    for (const status of ['pending', 'closed', 'spam'] as const) expect(due({ status }), status).toBeUndefined();
  });

  it('stands still while it is snoozed: what was left runs when it is back', () => {
    // Two hours and a half were left; back on Monday at 9:00.
    const snoozed = { status: 'snoozed', snoozedUntil: at('2026-11-23T08:00:00Z') } as const;
    const later = due(snoozed, waiting, undefined, at('2026-11-20T10:30:00Z'));
    expect(later).toEqual(at('2026-11-23T10:30:00Z'));
    const asleep = aConversation({ ...snoozed, waitingSince: undefined, dueAt: later });
    // Snoozed once more, for a day.
    expect(due({ snoozedUntil: at('2026-11-24T08:00:00Z') }, asleep)).toEqual(at('2026-11-24T10:30:00Z'));
    // Back at its time.
    expect(due({ status: 'open', waitingSince: at('2026-11-23T08:00:00Z') }, asleep)).toEqual(later);
    // The customer wrote before.
    expect(due({ status: 'open', waitingSince: at('2026-11-20T11:00:00Z') }, asleep)).toEqual(at('2026-11-20T13:30:00Z'));
    expect(due({ status: 'open', waitingSince: at('2026-11-20T15:30:00Z') }, asleep)).toEqual(at('2026-11-23T10:00:00Z'));
  });

  it('is over at once when what was overdue comes back, but not before', () => {
    const until = at('2026-11-21T11:00:00Z');
    // Saturday: closed until Monday.
    expect(due({ status: 'snoozed', snoozedUntil: until }, waiting, undefined, at('2026-11-20T14:00:00Z'))).toEqual(at('2026-11-23T08:00:00Z'));
  });

  it('is what an undo or a merge says', () => {
    expect(due({ status: 'open', waitingSince: NOW }, aConversation({ status: 'pending', waitingSince: undefined }), DUE)).toEqual(DUE);
    expect(lawful({ ...waiting, status: 'closed' }).dueAt).toBeUndefined();
    expect(lawful({ ...waiting, waitingSince: undefined }).dueAt).toBeUndefined();
  });
});

describe('what is promised', () => {
  it('differs with the goals and the hours of a desk, and with nothing else', () => {
    expect(promisesDiffer(DESK, structuredClone({ ...DESK, name: 'Another' }))).toBe(false);
    expect(promisesDiffer(DESK, aDesk())).toBe(true);
    expect(promisesDiffer(DESK, { ...DESK, hours: { ...DESK.hours, timeZone: 'UTC' } })).toBe(true);
  });
});

describe('overdue', () => {
  it('is what is open and due at this moment or before', () => {
    expect([at('2026-11-20T12:59:59Z'), DUE].map((now) => isOverdue(waiting, now))).toEqual([false, true]);
    expect(isOverdue({ ...waiting, status: 'snoozed' }, at('2026-11-21T00:00:00Z'))).toBe(false);
    expect(isOverdue({ ...waiting, dueAt: undefined }, at('2026-11-21T00:00:00Z'))).toBe(false);
  });
});
