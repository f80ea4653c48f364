/** The desk as it is applied, and desk.yaml beside it. */
import { membersOf } from '../core/assignment.js';
import type { Agent, Desk } from '../core/model.js';
import type { PatternEngine } from '../core/patterns.js';
import { sightOf } from '../core/sight.js';
import { exportDesk, secretsOf } from '../deskfile/export.js';
import { isEmptyPlan, planDesk } from '../deskfile/plan.js';
import { formatProblems, type DeskProblem } from '../deskfile/problems.js';
import { readDeskFile } from '../deskfile/read.js';
import { bad, ok, warn, type Finding } from './finding.js';

/** Agents that are named before the rest is only counted. */
const NAMED_AGENTS = 5;

/** Lines of a desk that was applied are those that this command prints. */
const PRINTED_BY = 'goniec export';

/** What stands in desk.yaml, if there is one. */
export interface DeskFile {
  readonly name: string;
  /** undefined: it is there and cannot be read. */
  readonly text: string | undefined;
  readonly detail?: string;
}

export interface DeskNeeds {
  /** undefined: there is no database yet. */
  readonly applied: Desk | undefined;
  /** undefined: there is none. */
  readonly file: DeskFile | undefined;
  /** What `${NAME}` in desk.yaml stands for. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly patterns: PatternEngine;
  /** Names of the bridges that would run for a desk. */
  readonly bridges: (desk: Desk) => ReadonlySet<string>;
  readonly hasPassword: (agent: Agent) => Promise<boolean>;
}

/**
 * @returns what was found, and the desk whose mailboxes are worth looking at: the one applied, or else the one that could be
 */
export async function checkDesk(needs: DeskNeeds): Promise<{ readonly findings: readonly Finding[]; readonly desk: Desk | undefined }> {
  const applied = needs.applied && !isBare(needs.applied) ? needs.applied : undefined;
  const described = needs.file && readFile(needs.file, needs);
  const findings: Finding[] = [...(described?.findings ?? [])];
  if (applied) {
    findings.push(...mistakesIn(applied, needs.patterns), ...(await checkPasswords(applied, needs.hasPassword)));
  } else if (!described) {
    findings.push(bad('doctor.desk-empty'));
  }
  if (described?.desk && !isEmptyPlan(planDesk(needs.applied, described.desk))) findings.push(warn('doctor.desk-unapplied', { file: needs.file?.name ?? '' }));
  const desk = applied ?? described?.desk;
  if (desk) findings.push(...checkBridges(desk, needs.bridges(desk)), ...checkSight(desk), ...checkTeams(desk));
  return { findings, desk };
}

/** As it is before the first apply. */
function isBare({ mailboxes, channels, agents }: Desk): boolean {
  return mailboxes.length + channels.length + agents.length === 0;
}

function readFile({ name, text, detail }: DeskFile, { variables, patterns }: DeskNeeds): { readonly findings: readonly Finding[]; readonly desk: Desk | undefined } {
  if (text === undefined) return { findings: [bad('doctor.desk-file-unreadable', { file: name }, detail)], desk: undefined };
  const read = readDeskFile(text, variables, patterns);
  if ('desk' in read) return { findings: [ok('doctor.desk-ok')], desk: read.desk };
  return { findings: read.problems.map((problem) => bad('doctor.desk-file-mistake', { mistake: mistakeText(problem, name) })), desk: undefined };
}

/** `desk.yaml:12:5 mailboxes.shop.port: ...`, as apply prints it beneath its heading. */
function mistakeText(problem: DeskProblem, file: string): string {
  return formatProblems([problem], file, 'en').split('\n').slice(1).join(' ');
}

/** Written down and read again: whatever reading desk.yaml would find (a rule that names what is not there, a pattern that no longer works) is found here, too. */
function mistakesIn(desk: Desk, patterns: PatternEngine): readonly Finding[] {
  const read = readDeskFile(exportDesk(desk), Object.fromEntries(secretsOf(desk)), patterns);
  if ('desk' in read) return [];
  return read.problems.map((problem) => bad('doctor.desk-mistake', { mistake: mistakeText(problem, PRINTED_BY) }));
}

function checkBridges(desk: Desk, bridges: ReadonlySet<string>): readonly Finding[] {
  return desk.channels.filter(({ bridge }) => !bridges.has(bridge)).map(({ id, bridge }) => bad('doctor.channel-bridge-missing', { channel: id, bridge }));
}

/** Rules that give work to those who do not see the place that it goes to. */
function checkSight(desk: Desk): readonly Finding[] {
  return desk.rules.flatMap(({ name, then }) => {
    const placed = Object.assign({}, ...then) as Partial<Record<'channel' | 'folder' | 'agent' | 'team', string>>;
    const people = desk.agents.filter(({ id, teams }) => id === placed.agent || teams.some((team) => team === placed.team));
    const isBlind = (agent: Agent): boolean => {
      const sight = sightOf(desk, agent);
      return sight.channels.has(placed.channel ?? '') || sight.folders.has(placed.folder ?? '');
    };
    return people.length > 0 && people.every(isBlind) ? [warn('doctor.rule-blind', { rule: name, who: placed.agent ?? placed.team ?? '', place: placed.channel ?? placed.folder ?? '' })] : [];
  });
}

/** A team that hands out work needs somebody who gets it. */
function checkTeams(desk: Desk): readonly Finding[] {
  return desk.teams.flatMap((team): readonly Finding[] => {
    if (team.dealing === 'by-hand') return [];
    if (membersOf(team, desk).length === 0) return [warn('doctor.team-nobody', { team: team.id })];
    const never = team.duty.length > 0 && team.duty.every(({ week }) => Object.values(week).every((spans) => spans.length === 0));
    return never ? [warn('doctor.duty-never', { team: team.id })] : [];
  });
}

async function checkPasswords(desk: Desk, hasPassword: DeskNeeds['hasPassword']): Promise<readonly Finding[]> {
  const without: Agent[] = [];
  for (const agent of desk.agents) if (!agent.member && !(await hasPassword(agent))) without.push(agent);
  const [first] = without;
  if (!first) return [];
  const names = without.slice(0, NAMED_AGENTS).map(({ name }) => name);
  const rest = without.length > NAMED_AGENTS ? ', …' : '';
  return [warn('doctor.agents-without-password', { count: without.length, names: `${names.join(', ')}${rest}`, email: first.email })];
}
