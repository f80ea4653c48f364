import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { absenceOf, nextInTeam, nextOnDuty, onDuty, standInFor, type Staffing } from '../../src/core/assignment.js';
import type { AbsenceId, AgentId, TeamId } from '../../src/core/ids.js';
import type { Absence, Assignee, Team } from '../../src/core/model.js';
import { anAgent } from '../support/samples.js';

const CARE = 'care' as TeamId;
const id = (name: string): AgentId => name as AgentId;
/** A Friday, 13:00 in Warsaw. */
const NOW = new Date('2026-11-20T12:00:00Z');
const HOUR = 3_600_000;
const later = (hours: number): Date => new Date(NOW.getTime() + hours * HOUR);
const team = (over: Partial<Team> = {}): Team => ({ id: CARE, name: 'Care', dealing: 'round-robin', duty: [], ...over });
const staffing = (names: readonly string[], over: Partial<Staffing> = {}, teams: readonly Team[] = [team()]): Staffing => ({
  desk: { agents: names.map((name) => anAgent({ id: id(name), name, teams: [CARE] })), teams, hours: { timeZone: 'Europe/Warsaw', week: {} } }, absences: [], now: NOW, ...over,
});
const away = (name: string, over: Partial<Absence> = {}): Absence => ({ id: `away-${name}` as AbsenceId, agentId: id(name), from: later(-1), until: later(24), standIn: undefined, ...over });
const agent = (name: string): Assignee => ({ kind: 'agent', id: id(name) });
const anybody = (): boolean => true;
const nobodyYet = { turns: new Map<AgentId, number>(), load: new Map<AgentId, number>() };

/** Plays rounds as the store would: who was chosen has had the newest turn. `there` says who is present in a round. */
function play(names: readonly string[], rounds: readonly (readonly boolean[])[]): readonly (AgentId | undefined)[] {
  const turns = new Map<AgentId, number>();
  return rounds.map((there, round) => {
    const absences = names.filter((_, index) => there[index] === false).map((name) => away(name));
    const next = nextInTeam(team(), staffing(names, { absences }), { turns, load: new Map() }, anybody);
    if (next !== undefined) turns.set(next, round + 1);
    return next;
  });
}

describe('by turns', () => {
  const names = fc.integer({ min: 1, max: 6 }).map((count) => ['ada', 'bea', 'cyn', 'dan', 'eve', 'fay'].slice(0, count));

  it('everybody gets the same, give or take one, and nobody twice before all had one', () => {
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 40 }), (people, rounds) => {
        const given = play(people, Array.from({ length: rounds }, () => people.map(() => true)));
        const counts = people.map((name) => given.filter((one) => one === name).length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        for (let at = 0; at + people.length <= given.length; at += people.length) expect(new Set(given.slice(at, at + people.length)).size).toBe(people.length);
      }),
    );
  });

  it('whoever comes and goes: it is always given to one who is there, who has waited longest, and nobody there waits longer than a round of the others', () => {
    const presences = names.chain((people) => fc.tuple(fc.constant(people), fc.array(fc.array(fc.boolean(), { minLength: people.length, maxLength: people.length }), { minLength: 1, maxLength: 40 })));
    fc.assert(
      fc.property(presences, ([people, rounds]) => {
        const given = play(people, rounds);
        rounds.forEach((there, round) => {
          const present = people.filter((_, index) => there[index]);
          const chosen = given[round];
          expect(chosen === undefined).toBe(present.length === 0);
          if (chosen === undefined) return;
          expect(present).toContain(chosen);
          const lastTurn = (name: string): number => given.slice(0, round).lastIndexOf(id(name));
          for (const other of present) expect(lastTurn(chosen)).toBeLessThanOrEqual(lastTurn(other));
        });
        // Somebody who was there all the time is passed over at most once for each of the others.
        people.forEach((name, index) => {
          let passed = 0;
          rounds.forEach((there, round) => {
            passed = !there[index] || given[round] === name ? 0 : passed + 1;
            expect(passed).toBeLessThan(Math.max(1, people.length));
          });
        });
      }),
    );
  });

  it('who comes back from a holiday is next, and not flooded', () => {
    const there = [true, true];
    expect(play(['ada', 'bea'], [...Array.from({ length: 5 }, () => [true, false]), there, there, there, there])).toEqual(['ada', 'ada', 'ada', 'ada', 'ada', 'bea', 'ada', 'bea', 'ada']);
  });
});

describe('by load', () => {
  it('whoever has least to do is next; with equal load it goes by turns', () => {
    const least = team({ dealing: 'least-busy' });
    const loads = (...counts: readonly number[]) => new Map(['ada', 'bea', 'cyn'].map((name, index) => [id(name), counts[index] ?? 0]));
    const everybody = staffing(['ada', 'bea', 'cyn']);
    expect(nextInTeam(least, everybody, { ...nobodyYet, load: loads(3, 1, 2) }, anybody)).toBe('bea');
    expect(nextInTeam(least, everybody, { turns: new Map([[id('ada'), 2], [id('bea'), 1]]), load: loads(1, 1, 5) }, anybody)).toBe('bea');
    expect(nextInTeam(least, everybody, { ...nobodyYet, load: loads(1, 1) }, anybody)).toBe('cyn');
  });

  it('differences in load are levelled out', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 }), (start) => {
        const people = start.map((_, index) => `agent${index}`);
        const load = new Map(people.map((name, index) => [id(name), start[index] ?? 0]));
        const rounds = start.length * 10;
        for (let round = 0; round < rounds; round += 1) {
          const next = nextInTeam(team({ dealing: 'least-busy' }), staffing(people), { turns: new Map(), load }, anybody);
          if (next) load.set(next, (load.get(next) ?? 0) + 1);
        }
        expect(Math.max(...load.values()) - Math.min(...load.values())).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('who can be given work', () => {
  it('nobody where the team claims by hand, and never a viewer, a stranger to the team or the one it is taken from', () => {
    expect(nextInTeam(team({ dealing: 'by-hand' }), staffing(['ada']), nobodyYet, anybody)).toBeUndefined();
    const desk = { ...staffing([]).desk, agents: [anAgent({ id: id('vera'), role: 'viewer', teams: [CARE] }), anAgent({ id: id('out') }), anAgent({ id: id('ada'), teams: [CARE] })] };
    expect(nextInTeam(team(), staffing([], { desk }), nobodyYet, anybody)).toBe('ada');
    expect(nextInTeam(team(), staffing([], { desk }), nobodyYet, ({ id: who }) => who !== 'ada')).toBeUndefined();
  });

  const week = (from: number, to: number): Team['duty'][number]['week'] => ({ 5: [{ from: from * 60, to: to * 60 }] });

  it('with a duty list those whose hours it is, in the zone of the desk; without one everybody who is not away', () => {
    const names = ['ada', 'bea', 'cyn'];
    const listed = team({ duty: [{ agentId: id('ada'), week: week(8, 13) }, { agentId: id('bea'), week: week(13, 20) }] });
    expect(onDuty(listed, staffing(names)).map(({ id: who }) => who)).toEqual(['bea']);
    expect(onDuty(listed, staffing(names, { now: later(-0.5) })).map(({ id: who }) => who)).toEqual(['ada']);
    expect(onDuty(listed, staffing(names, { now: later(9) }))).toEqual([]);
    expect(onDuty(listed, staffing(names, { absences: [away('bea')] }))).toEqual([]);
    expect(onDuty(team(), staffing(names, { absences: [away('bea'), away('cyn', { from: later(1) })] })).map(({ id: who }) => who)).toEqual(['ada', 'cyn']);
  });

  it('when nobody is there, who comes next is known, holidays counted', () => {
    const listed = team({ duty: [{ agentId: id('ada'), week: { 1: [{ from: 540, to: 600 }] } }, { agentId: id('bea'), week: { 6: [{ from: 600, to: 660 }] } }] });
    expect(nextOnDuty(listed, staffing(['ada', 'bea']))).toMatchObject({ agent: { id: 'bea' }, at: new Date('2026-11-21T09:00:00Z') });
    expect(nextOnDuty(listed, staffing(['ada', 'bea'], { absences: [away('bea')] }))).toMatchObject({ agent: { id: 'ada' }, at: new Date('2026-11-23T08:00:00Z') });
    expect(nextOnDuty(team(), staffing(['ada']))).toBeUndefined();
  });
});

describe('whoever is away', () => {
  it('is so from the first moment, and no longer at the last', () => {
    const absence = away('ada', { from: NOW, until: later(1) });
    const at = (now: Date): unknown => absenceOf(id('ada'), { absences: [absence], now });
    expect([at(later(-0.001)), at(NOW), at(later(0.999)), at(later(1))]).toEqual([undefined, absence, absence, undefined]);
    expect(absenceOf(id('bea'), { absences: [absence], now: NOW })).toBeUndefined();
  });

  it('is stood in for by whom they named, or by the stand-in of that one, or by the team', () => {
    const names = ['ada', 'bea', 'cyn', 'blind'];
    const of = (teamId: TeamId | undefined, ...absences: readonly Absence[]): Assignee | undefined => standInFor(absences[0]!, teamId, staffing(names, { absences }), ({ id: who }) => who !== 'blind');
    const care: Assignee = { kind: 'team', id: CARE };
    expect(of(CARE, away('ada', { standIn: agent('bea') }))).toEqual(agent('bea'));
    expect(of(CARE, away('ada', { standIn: agent('bea') }), away('bea', { standIn: agent('cyn') }))).toEqual(agent('cyn'));
    expect(of(CARE, away('ada', { standIn: agent('bea') }), away('bea', { standIn: agent('ada') }))).toEqual(care);
    expect(of(undefined, away('ada', { standIn: agent('bea') }), away('bea'))).toBeUndefined();
    expect(of(CARE, away('ada', { standIn: agent('gone') }))).toEqual(care);
    expect(of(CARE, away('ada', { standIn: agent('blind') }))).toEqual(care);
    expect(of(undefined, away('ada', { standIn: care }))).toEqual(care);
    expect(of('dissolved' as TeamId, away('ada'))).toBeUndefined();
  });
});
