import { afterEach, describe, expect, it } from 'vitest';

import type { CommandOutcome } from '../../src/core/calls.js';
import type { AgentId, RuleId, TeamId } from '../../src/core/ids.js';
import { say } from '../../src/core/language/say.js';
import type { Agent, Desk, Rule, Team } from '../../src/core/model.js';
import { runTimer } from '../../src/desk/snooze.js';
import { newId } from '../../src/storage/new-id.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';
import { aDesk } from '../support/samples.js';

const CARE = 'care' as TeamId;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const EVE = 'Eve Novak <eve@customer.example>';

let desk: DeskUnderTest;
afterEach(() => desk.close());

const toCare: Rule = { id: 'all' as RuleId, name: 'All', position: 1, when: { always: true }, then: [{ team: CARE }] };
/** Marek, Anna and Ada are in the team Care, which hands out in this way; rules give it everything. */
async function open(dealing: Team['dealing'], over: Partial<Desk> = {}, duty: Team['duty'] = []): Promise<void> {
  const sample = aDesk();
  const agents = sample.agents.map((agent): Agent => (agent.role === 'viewer' ? agent : { ...agent, teams: [CARE] }));
  desk = await openDesk({ teams: [{ id: CARE, name: 'Care', dealing, duty }], agents, rules: [toCare], ...over });
}
const comes = (subject = 'Cup', from = EVE): Promise<void> => desk.receive(mailFrom(from, subject, 'It is broken', { 'Message-ID': `<${subject}@customer.example>` }));
const answers = (subject: string, text = 'Any news about it?'): Promise<void> => desk.receive(mailFrom(EVE, `Re: ${subject}`, text, { 'In-Reply-To': `<${subject}@customer.example>` }));
const owner = async (number: number): Promise<AgentId | undefined> => (await desk.conversation(number)).assigneeId;
const history = async (number: number): Promise<readonly string[]> => (await desk.store.events.of((await desk.conversation(number)).id)).map(({ what }) => what);
const saidTo = (outcome: CommandOutcome): string => [say('en', outcome.message.key, outcome.message.params), ...(outcome.kind === 'list' ? outcome.items.map(({ title, text }) => `${title}: ${text}`) : [])].join('\n');
const timer = (payload: string): Promise<void> => runTimer({ store: desk.store, desk: async () => desk.desk, clock: { now: desk.now }, newId, sign: (text) => text }, payload);
const absenceBegins = async (): Promise<void> => {
  for (const { id } of await desk.store.absences.notOver(desk.now())) await timer(`away:${id}`);
};

describe('work that a rule gives to a team', () => {
  it('goes round by turns, and the history says whose turn it was', async () => {
    await open('round-robin');
    for (const subject of ['One', 'Two', 'Three', 'Four']) await comes(subject);
    expect([await owner(1), await owner(2), await owner(3), await owner(4)]).toEqual(['marek', 'anna', 'ada', 'marek']);
    expect(await history(1)).toEqual(['opened', 'routed', 'dealt']);
    await desk.settle();
    expect(desk.bridge.cards()[0]?.post.facts).toContain('Marek Kos');
  });

  it('goes to whoever has least to do', async () => {
    await open('least-busy');
    await comes('One');
    await desk.say('ada', 'assign', 1, { to: 'anna' });
    await comes('Two');
    await comes('Three');
    expect([await owner(2), await owner(3)]).toEqual(['ada', 'marek']);
    await desk.say('ada', 'close', 2);
    await comes('Four');
    expect(await owner(4)).toBe('ada');
  });

  it('stays with the team where people claim by hand, where nobody is on duty, and in a folder', async () => {
    await open('by-hand');
    await comes();
    expect(await desk.conversation(1)).toMatchObject({ teamId: 'care', assigneeId: undefined });
    await desk.close();
    const monday = [{ agentId: 'anna' as AgentId, week: { 1: [{ from: 540, to: 1020 }] } }];
    await open('round-robin', {}, monday);
    await comes();
    expect(await owner(1)).toBeUndefined();
    expect(saidTo(await desk.say('marek', 'duty', undefined))).toMatch(/Care: nobody now; next is Anna Zielińska, 23 Nov 2026, 09:00/);
    await desk.close();
    await open('round-robin', { rules: [{ ...toCare, then: [{ team: CARE }, { folder: 'news' as never }] }] });
    await comes();
    expect(await owner(1)).toBeUndefined();
  });

  it('goes to those on duty only; what the customer writes when somebody is there again is new work', async () => {
    await open('round-robin', {}, [{ agentId: 'anna' as AgentId, week: { 5: [{ from: 14 * 60, to: 18 * 60 }] } }]);
    await comes('Early');
    expect(await owner(1)).toBeUndefined();
    desk.pass(2 * HOUR);
    await comes('Late');
    expect(await owner(2)).toBe('anna');
    await answers('Early');
    expect(await owner(1)).toBe('anna');
    expect(saidTo(await desk.say('marek', 'duty', undefined))).toContain('Care: Anna Zielińska · work goes round by turns');
  });

  it('mail from before the first connection is nobody’s', async () => {
    await open('round-robin');
    await desk.receive(mailFrom(EVE, 'Old', 'Long ago'), { historic: true });
    expect(await owner(1)).toBeUndefined();
  });
});

describe('assigning', () => {
  it('to a team gives it to whoever is next there, and not back to the one it is taken from', async () => {
    await open('round-robin', { rules: [] });
    await comes();
    await desk.say('marek', 'claim', 1);
    const outcome = await desk.say('marek', 'assign', 1, { to: 'Care' });
    expect(await desk.conversation(1)).toMatchObject({ teamId: 'care', assigneeId: 'anna' });
    expect(saidTo(outcome)).toBe('Gave #1 to the team Care: Anna Zielińska has it');
    expect((await history(1)).slice(-2)).toEqual(['team-assigned', 'dealt']);
  });

  it('with a note hands over: the note is there, the owner is new', async () => {
    await open('by-hand', { rules: [] });
    await comes();
    expect((await desk.say('marek', 'hand-over', 1, { to: 'anna', text: 'She wants her money back' })).kind).toBe('done');
    expect(await owner(1)).toBe('anna');
    expect(await desk.store.notes.of((await desk.conversation(1)).id)).toMatchObject([{ authorId: 'marek', text: 'She wants her money back' }]);
    expect(await desk.say('marek', 'hand-over', 1, { to: 'ada', text: ' ' })).toMatchObject({ kind: 'refused', message: { key: 'refused.missing-option' } });
    expect(await owner(1)).toBe('anna');
  });

  it('typed: the first word is whom, the rest is the note', async () => {
    await open('by-hand', { rules: [] });
    await comes();
    const person = { bridge: 'web', id: 'marek', email: 'marek@desk.example' };
    const answer = await desk.door.command({ person, eventId: 'e1', thread: undefined, text: 'przekaż 1 anna She wants her money back' });
    expect(answer.text).toBe('Assigned #1 to Anna Zielińska');
    expect(await desk.store.notes.of((await desk.conversation(1)).id)).toMatchObject([{ text: 'She wants her money back' }]);
  });
});

describe('out of office', () => {
  it('hands over by itself when it begins: to whoever stands in, and only what is open', async () => {
    await open('by-hand', { rules: [] });
    for (const subject of ['One', 'Two']) {
      await comes(subject);
    }
    for (const number of [1, 2]) await desk.say('marek', 'claim', number);
    await desk.say('marek', 'wait', 2);
    const outcome = await desk.say('marek', 'away', undefined, { from: '2h', until: 'mon 9', 'stand-in': 'anna' });
    expect(saidTo(outcome)).toBe('Marek Kos: away from 20 Nov 2026, 15:00, back 23 Nov 2026, 09:00. Stands in: Anna Zielińska');
    await absenceBegins();
    expect(await owner(1)).toBe('marek');
    desk.pass(2 * HOUR);
    await absenceBegins();
    await absenceBegins();
    expect([await owner(1), await owner(2)]).toEqual(['anna', 'marek']);
    expect((await history(1)).filter((what) => what === 'handed-over')).toHaveLength(1);
    // The customer answers while the owner is away.
    await answers('Two');
    expect(await owner(2)).toBe('anna');
  });

  it('without a stand-in it goes within the team of the conversation, and without a team anybody can claim it', async () => {
    await open('round-robin');
    await comes('One');
    expect(await owner(1)).toBe('marek');
    await desk.say('marek', 'away', undefined, { until: '2 days' });
    await absenceBegins();
    expect(await owner(1)).toBe('anna');
    await comes('Two');
    await comes('Three');
    expect([await owner(2), await owner(3)]).toEqual(['ada', 'anna']);
    await desk.close();
    await open('by-hand', { rules: [] });
    await comes();
    await desk.say('marek', 'claim', 1);
    await desk.say('marek', 'away', undefined, { until: '2 days' });
    await absenceBegins();
    expect(await owner(1)).toBeUndefined();
  });

  it('a rule that names who is away, and a snooze that ends meanwhile, find the stand-in', async () => {
    await open('by-hand', { rules: [{ ...toCare, then: [{ agent: 'marek' as AgentId }] }] });
    await comes('One');
    await desk.say('marek', 'snooze', 1, { until: '3h' });
    await desk.say('marek', 'away', undefined, { until: '2 days', 'stand-in': 'anna' });
    await absenceBegins();
    await comes('Two');
    expect([await owner(1), await owner(2)]).toEqual(['marek', 'anna']);
    desk.pass(3 * HOUR);
    await timer(`unsnooze:${(await desk.conversation(1)).id}`);
    expect(await desk.conversation(1)).toMatchObject({ status: 'open', assigneeId: 'anna' });
  });

  it('nobody assigns to somebody who is away unawares', async () => {
    await open('by-hand', { rules: [] });
    await comes();
    await desk.say('marek', 'away', undefined, { until: 'mon 9' });
    const refused = await desk.say('ada', 'assign', 1, { to: 'marek' });
    expect(saidTo(refused)).toMatch(/Marek Kos is away until 23 Nov 2026, 09:00/);
    expect(await owner(1)).toBeUndefined();
    expect((await desk.say('ada', 'assign', 1, { to: 'marek', anyway: 'yes' })).kind).toBe('done');
    expect(await owner(1)).toBe('marek');
    desk.pass(4 * DAY);
    await desk.say('ada', 'release', 1);
    expect((await desk.say('ada', 'assign', 1, { to: 'marek' })).kind).toBe('done');
  });

  it('ends with a word, is called off before it begins, and a new one replaces what it overlaps', async () => {
    await open('round-robin');
    expect(await desk.say('marek', 'back', undefined)).toMatchObject({ kind: 'refused', message: { key: 'refused.not-away' } });
    await desk.say('marek', 'away', undefined, { until: '2 days' });
    await desk.say('marek', 'away', undefined, { until: '4 days' });
    expect(await desk.store.absences.notOver(desk.now())).toHaveLength(1);
    expect(saidTo(await desk.say('marek', 'back', undefined))).toBe('Marek Kos: back, and given work again');
    await comes();
    expect(await owner(1)).toBe('marek');
    await desk.say('marek', 'away', undefined, { from: '2 days', until: '4 days' });
    expect(await desk.say('marek', 'back', undefined)).toMatchObject({ kind: 'done', message: { key: 'back.not-going' } });
    expect(await desk.store.absences.notOver(desk.now())).toEqual([]);
    // Its timer finds nothing to do.
    desk.pass(3 * DAY);
    await absenceBegins();
    expect(await owner(1)).toBe('marek');
  });

  it('is said for oneself; an administrator says it for others', async () => {
    await open('by-hand');
    expect(await desk.say('marek', 'away', undefined, { until: '2 days', who: 'anna' })).toMatchObject({ kind: 'refused', message: { key: 'refused.not-for-others' } });
    expect((await desk.say('ada', 'away', undefined, { until: '2 days', who: 'anna' })).kind).toBe('done');
    expect(await desk.store.absences.notOver(desk.now())).toMatchObject([{ agentId: 'anna' }]);
    expect((await desk.say('ada', 'back', undefined, { who: 'anna' })).kind).toBe('done');
    expect(await desk.say('vera', 'away', undefined, { until: '2 days' })).toMatchObject({ kind: 'refused', message: { key: 'refused.not-allowed' } });
  });

  it('what makes no sense is refused with what to do', async () => {
    await open('by-hand');
    for (const [args, key] of [
      [{ until: 'yesterday' }, 'refused.bad-time'], [{ from: '3 days', until: '2 days' }, 'refused.away-backwards'], [{ until: '2 days', 'stand-in': 'marek' }, 'refused.stand-in-self'],
      [{ until: '2 days', 'stand-in': 'nobody' }, 'refused.no-such-person'],
    ] as const) expect(await desk.say('marek', 'away', undefined, args)).toMatchObject({ kind: 'refused', message: { key } });
    expect(await desk.say('ada', 'away', undefined, { until: '2 days', who: 'care' })).toMatchObject({ kind: 'refused', message: { key: 'refused.no-such-agent' } });
    expect(await desk.store.absences.notOver(desk.now())).toEqual([]);
  });
});

describe('lists', () => {
  it('show what is mine, nobody’s and a team’s, the longest wait first', async () => {
    await open('by-hand', { rules: [] });
    for (const subject of ['One', 'Two', 'Three']) await comes(subject);
    await desk.say('marek', 'claim', 2);
    await desk.say('marek', 'assign', 3, { to: 'care' });
    expect(saidTo(await desk.say('marek', 'my', undefined))).toMatch(/^1 conversation is yours\n#2 Two: Eve Novak · under 1 min$/);
    expect(saidTo(await desk.say('marek', 'unassigned', undefined))).toMatch(/^2 conversations are nobody’s\n#1 .*\n#3 .*$/);
    expect(saidTo(await desk.say('marek', 'team', undefined))).toMatch(/^Care: 1 open conversation\n#3 Three/);
    expect(saidTo(await desk.say('vera', 'team', undefined, { team: 'CARE' }))).toMatch(/#3 Three/);
    expect(await desk.say('marek', 'team', undefined, { team: 'sales' })).toMatchObject({ kind: 'refused', message: { key: 'refused.no-such-team', params: { names: 'Care' } } });
  });

  it('the workload says who has how much, who is away, and what is nobody’s', async () => {
    await open('by-hand', { rules: [] });
    for (const subject of ['One', 'Two', 'Three']) await comes(subject);
    await desk.say('marek', 'claim', 1);
    await desk.say('marek', 'claim', 2);
    await desk.say('marek', 'wait', 2);
    await desk.say('anna', 'away', undefined, { until: 'mon 9' });
    desk.pass(2 * HOUR);
    expect(saidTo(await desk.say('ada', 'workload', undefined)).split('\n')).toEqual([
      'What everybody has to do:', 'Marek Kos: 1 open · longest wait 2 h 00 · 1 waiting for the customer', 'Anna Zielińska: away until 23 Nov 2026, 09:00 · 0 open', 'Ada Chief: 0 open', 'Unassigned: 1 open · longest wait 2 h 00',
    ]);
    await desk.say('marek', 'assign', 3, { to: 'care' });
    expect(saidTo(await desk.say('ada', 'workload', undefined, { team: 'care' }))).toMatch(/Marek Kos: 0 open\n.*\n.*\nUnassigned: 1 open/);
  });
});
