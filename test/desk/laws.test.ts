/** Whatever staff and customers do in whatever order, a conversation keeps its laws. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { STATUSES } from '../../src/core/model.js';
import { aDesk, aMailbox } from '../support/samples.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';

/** Each run is a desk of its own with a database; the seed is printed when one fails. */
const RUNS = 6;
const STEPS = 14;

type Step = (desk: DeskUnderTest) => Promise<unknown>;

const agent = fc.constantFrom('marek', 'anna', 'ada');
const number = fc.integer({ min: 1, max: 3 });
const verb = (name: string, args: Readonly<Record<string, string>> = {}) => fc.tuple(agent, number).map(([who, which]): [string, Step] => [`${who}: /${name} ${which} ${JSON.stringify(args)}`, (desk) => desk.say(who, name, which, args)]);
const customerWrites = fc.tuple(number, fc.constantFrom('Any news about it?', 'Thanks!', 'It is broken again')).map(([which, text]): [string, Step] => [
  `customer on ${which}: ${text}`, (desk) => desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Re: matter', `${text} ${Math.random()}`, { 'In-Reply-To': `<m${which}@customer.example>` })),
]);
const timePasses = fc.constant<[string, Step]>(['20 s pass', async (desk) => {
  desk.pass(20_000);
  await desk.settle();
}]);

const step = fc.oneof(
  verb('claim'), verb('release'), verb('assign', { to: 'anna' }), verb('assign', { to: 'care' }), verb('hand-over', { to: 'anna', text: 'look' }), verb('note', { text: 'a note for @ada' }), verb('pin'), verb('unpin'), verb('away', { until: '2h', 'stand-in': 'ada' }), verb('back'), verb('reply', { text: 'an answer' }), verb('reply', { text: 'another', anyway: 'yes' }), verb('draft', { text: 'half an answer' }), verb('edit', { text: 'other words' }), verb('approve'), verb('send-back', { text: 'kinder' }),
  verb('forward', { to: 'repair@partner.example', text: 'mend it' }), verb('follow-up', { after: '3' }), verb('follow-up', { after: 'off' }), verb('undo'), verb('close'), verb('reopen'),
  verb('label', { label: 'complaint' }), verb('unlabel', { label: 'complaint' }), verb('priority', { priority: 'high' }), verb('wait'), verb('snooze', { until: '2h' }), verb('spam'), verb('not-spam'), verb('move', { place: 'returns' }),
  verb('merge', { into: '1' }), verb('merge', { into: '2' }), verb('unmerge'), customerWrites, timePasses,
);

describe('the laws of a conversation', () => {
  it('hold after any order of verbs and mails', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: STEPS, maxLength: STEPS }), async (steps) => {
        // Whatever Marek writes, a colleague has to approve.
        const desk = await openDesk({ mailboxes: [aMailbox({ answerWithin: { normal: 240, high: 60 } })], agents: aDesk().agents.map((one) => ({ ...one, approval: one.id === 'marek' })) });
        try {
          for (const which of [1, 2, 3]) await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', `Matter ${which}`, `Text ${which}`, { 'Message-ID': `<m${which}@customer.example>` }));
          for (const [, act] of steps) await act(desk);
          desk.pass(60_000);
          await desk.settle();
          await desk.settle();
          await lawsHold(desk);
        } finally {
          await desk.close();
        }
      }),
      { numRuns: RUNS },
    );
  }, 120_000);
});

async function lawsHold(desk: DeskUnderTest): Promise<void> {
  const seen = new Set<string>();
  for (const which of [1, 2, 3]) {
    const conversation = await desk.conversation(which);
    const messages = await desk.messages(which);
    const events = await desk.store.events.of(conversation.id);
    const notes = await desk.store.notes.of(conversation.id);
    // One state, one owner at most, each label once.
    expect(STATUSES).toContain(conversation.status);
    expect(new Set(conversation.labels).size).toBe(conversation.labels.length);
    if (conversation.assigneeId) expect(desk.desk.agents.map(({ id }) => id)).toContain(conversation.assigneeId);
    // The customer waits for us only while it is open; snoozed until a time only while snoozed.
    if (conversation.status !== 'open') expect(conversation.waitingSince).toBeUndefined();
    if (conversation.status !== 'snoozed') expect(conversation.snoozedUntil).toBeUndefined();
    if (conversation.status !== 'pending') expect(conversation.followUpAt).toBeUndefined();
    // Within the time that was promised an answer is due where the customer waits, and nowhere else but where they will again.
    if (conversation.status === 'open') expect(conversation.dueAt !== undefined).toBe(conversation.waitingSince !== undefined);
    else if (conversation.status !== 'snoozed') expect(conversation.dueAt).toBeUndefined();
    if (conversation.waitingSince) expect(conversation.dueAt?.getTime()).toBeGreaterThanOrEqual(conversation.waitingSince.getTime());
    // What went into another one is closed and empty.
    if (conversation.mergedInto) expect([conversation.status, messages.length, notes.length]).toEqual(['closed', 0, 0]);
    // No message is in two conversations; nothing is newer than the conversation itself.
    for (const { id, revision } of [...messages, ...notes, ...events]) {
      expect(seen.has(id)).toBe(false);
      seen.add(id);
      expect(revision).toBeLessThanOrEqual(conversation.revision);
    }
    // After the undo window every answer has ended, sent once or taken back.
    for (const message of messages.filter(({ direction }) => direction === 'out')) {
      expect(['sent', 'cancelled', 'draft', 'awaiting']).toContain(message.state);
      // Nothing of Marek's left that nobody approved; what waits for somebody is on no lane.
      if (message.state === 'sent' && message.authorId === 'marek') expect(events.map(({ what }) => what)).toContain('approved');
      if (message.state === 'draft' || message.state === 'awaiting') {
        expect(desk.sink.mails.map(({ messageId }) => messageId)).not.toContain(`<${message.headerId ?? ''}>`);
        expect((await desk.store.deliveries.ofMessage(message.id))?.state ?? 'cancelled').toBe('cancelled');
      }
    }
    expect(events[0]?.what).toBe('opened');
  }
  const sent = desk.sink.mails.map(({ messageId }) => messageId);
  expect(new Set(sent).size).toBe(sent.length);
}
