import { z } from 'zod';
import { waitingForEver } from '../core/approval.js';
import { opensEver } from '../core/hours.js';
import type { AgentId, ChannelId, FolderId, GroupId, LabelId, TeamId } from '../core/ids.js';
import type { Agent, Channel, Desk, Duty, Folder, Group, Hours, Label, Team } from '../core/model.js';
import type { PatternEngine } from '../core/patterns.js';
import { DEFAULT_SPAM, type SpamSettings } from '../core/senders.js';
import { Checks } from './check.js';
import { DEFAULTS } from './defaults.js';
import { openDocument } from './document.js';
import type { Variables } from './environment.js';
import { claimAddress, readEntries, readVisibleTo, type Common } from './entries.js';
import { readMailboxes } from './mailboxes.js';
import type { DeskPath, DeskProblem } from './problems.js';
import { mapping } from './reading.js';
import { readRules } from './rules.js';
import { agentSchema, channelSchema, deskSchema, folderSchema, groupSchema, hoursOfDays, labelSchema, spamSchema, teamSchema } from './schema.js';
import { readTemplates } from './templates.js';
import { ALWAYS_OPEN, buildWeek, dayName, readDays } from './values.js';

const anything = z.unknown();
const rootSchema = mapping({
  desk: anything.optional(), hours: anything.optional(), spam: anything.optional(), mailboxes: anything.optional(), channels: anything.optional(), teams: anything.optional(), agents: anything.optional(), groups: anything.optional(),
  folders: anything.optional(), labels: anything.optional(), templates: anything.optional(), rules: anything.optional(),
});
type Sections = z.output<typeof rootSchema>;

/**
 * Reads desk.yaml: a desk, or every mistake in it, in the order of the file.
 * @param variables what `${NAME}` stands for; only names and presence show in problems, never values
 */
export function readDeskFile(text: string, variables: Variables, patterns: PatternEngine): { readonly desk: Desk } | { readonly problems: readonly DeskProblem[] } {
  const document = openDocument(text);
  if (document.problems.length > 0) return { problems: document.problems };
  const checks = new Checks(document);
  const sections = checks.read(rootSchema, document.value ?? {}, []);
  if (!sections) return { problems: checks.problems };
  const desk = readSections(sections, checks, variables, patterns);
  if (checks.problems.length === 0) return { desk };
  return { problems: [...checks.problems].sort((a, b) => a.line - b.line || a.column - b.column) };
}

function readSections(sections: Sections, checks: Checks, variables: Variables, patterns: PatternEngine): Desk {
  const head = sections.desk === undefined ? undefined : checks.read(deskSchema, sections.desk, ['desk']);
  if (sections.desk === undefined) checks.complain(['desk'], { key: 'deskfile.missing', params: { name: 'desk' } });
  const common: Common = {
    checks, variables, name: head?.name ?? '', locale: head?.language ?? DEFAULTS.language, timeZone: head?.['time-zone'] ?? DEFAULTS.timeZone, answerWithin: head?.['answer-within']?.goal,
    // An entry with a mistake is there all the same: what refers to it is no second mistake.
    known: {
      agent: keysOf(sections.agents), channel: keysOf(sections.channels), folder: keysOf(sections.folders), label: keysOf(sections.labels),
      mailbox: keysOf(sections.mailboxes), team: keysOf(sections.teams), template: keysOf(sections.templates),
    },
  };
  const agents = readAgents(sections.agents, common);
  const desk: Desk = {
    name: common.name,
    locale: common.locale,
    sample: head?.sample ?? false,
    hours: readHours(sections.hours, common),
    spam: readSpam(sections.spam, common),
    mailboxes: readMailboxes(sections.mailboxes, common),
    channels: readChannels(sections.channels, common),
    teams: readTeams(sections.teams, agents, common),
    agents,
    ...(sections.groups !== undefined && sections.groups !== null && { groups: readGroups(sections.groups, common) }),
    folders: readFolders(sections.folders, common),
    labels: readLabels(sections.labels, common),
    templates: readTemplates(sections.templates, common),
    rules: readRules(sections.rules, checks, common.known, patterns),
  };
  checkApproval(desk, checks);
  checkGoals(desk, checks);
  return desk;
}

/** Time that never runs is never up. */
function checkGoals({ hours, mailboxes }: Desk, checks: Checks): void {
  if (mailboxes.some(({ answerWithin }) => answerWithin) && !opensEver(hours)) checks.complain(['hours'], { key: 'deskfile.goal-never-open', params: { found: 'answer-within' } });
}

/** An answer that nobody could ever approve would wait for ever. */
function checkApproval(desk: Desk, checks: Checks): void {
  for (const { author, mailbox } of waitingForEver(desk)) {
    checks.complain(mailbox ? ['mailboxes', mailbox.id, 'approval'] : ['agents', author.id, 'approval'], { key: 'deskfile.nobody-approves', params: { found: author.id } });
  }
}

function readHours(input: unknown, { checks, timeZone }: Common): Hours {
  return { timeZone, week: input === undefined || input === null ? ALWAYS_OPEN : readWeek(input, ['hours'], checks) };
}

/** Hours by days: `{ mon-fri: 9:00-17:00, sat: closed }`. */
function readWeek(input: unknown, path: DeskPath, checks: Checks): Hours['week'] {
  const byDay = new Map<number, readonly { readonly from: number; readonly to: number }[]>();
  for (const [days, entry] of checks.entriesOf(input, path)) {
    const spans = checks.read(hoursOfDays, entry, [...path, days]);
    const numbers = readDays(days);
    if (!numbers) checks.complain([...path, days], { key: 'deskfile.bad-weekday', params: { found: days } }, 'key');
    for (const day of numbers ?? []) {
      if (byDay.has(day)) checks.complain([...path, days], { key: 'deskfile.duplicate', params: { found: dayName(day - 1) } }, 'key');
      byDay.set(day, spans ?? []);
    }
  }
  const { week, overlaps } = buildWeek(byDay);
  for (const day of overlaps) checks.complain(path, { key: 'deskfile.overlapping-hours', params: { found: dayName(day - 1) } });
  return week;
}

/** What is said of one sender is said once. */
function readSpam(input: unknown, { checks }: Common): SpamSettings {
  const value = input === undefined || input === null ? {} : (checks.read(spamSchema, input, ['spam']) ?? {});
  const { block = DEFAULT_SPAM.blocked, allow = DEFAULT_SPAM.allowed } = value;
  allow.forEach((pattern, index) => {
    if (block.includes(pattern)) checks.complain(['spam', 'allow', index], { key: 'deskfile.duplicate', params: { found: pattern } });
  });
  return { keepDays: value.keep ? value.keep.days : DEFAULT_SPAM.keepDays, blocked: block, allowed: allow };
}

function readChannels(input: unknown, common: Common): readonly Channel[] {
  const { checks } = common;
  return readEntries(input, 'channels', channelSchema, checks).map(({ id, path, value }): Channel => {
    const bridge = value.bridge ?? DEFAULTS.bridge;
    // The web desk knows a channel by our id; other platforms have ids of their own.
    if (bridge !== DEFAULTS.bridge && value.target === undefined) checks.complain([...path, 'target'], { key: 'deskfile.needs-target', params: { bridge } });
    return { id: id as ChannelId, name: value.name ?? id, bridge, target: value.target ?? id, ...readVisibleTo(value['visible-to'], path, common) };
  });
}

function readFolders(input: unknown, common: Common): readonly Folder[] {
  return readEntries(input, 'folders', folderSchema, common.checks).map(({ id, path, value }): Folder => ({ id: id as FolderId, name: value.name ?? id, ...readVisibleTo(value['visible-to'], path, common) }));
}

/** A team with a duty list hands out by turns, unless it says otherwise: whoever is on duty gets the work. */
function readTeams(input: unknown, agents: readonly Agent[], common: Common): readonly Team[] {
  return readEntries(input, 'teams', teamSchema, common.checks).map(({ id, path, value }): Team => {
    const duty = readDuty(value.duty, id as TeamId, [...path, 'duty'], agents, common);
    return { id: id as TeamId, name: value.name ?? id, dealing: value.assign ?? (duty.length > 0 ? 'round-robin' : 'by-hand'), duty };
  });
}

function readDuty(input: unknown, team: TeamId, path: DeskPath, agents: readonly Agent[], { checks, known }: Common): readonly Duty[] {
  return checks.entriesOf(input, path).map(([agentId, days]): Duty => {
    const place = [...path, agentId];
    checks.refer('agent', agentId, known.agent, place);
    const agent = agents.find(({ id }) => id === agentId);
    if (agent && !agent.teams.includes(team)) checks.complain(place, { key: 'deskfile.duty-not-in-team', params: { found: agentId, team } });
    if (agent?.role === 'viewer') checks.complain(place, { key: 'deskfile.duty-viewer', params: { found: agentId } });
    return { agentId: agentId as AgentId, week: readWeek(days, place, checks) };
  });
}

function readAgents(input: unknown, { checks, known, locale, timeZone }: Common): readonly Agent[] {
  const owners = new Map<string, string>();
  return readEntries(input, 'agents', agentSchema, checks).map(({ id, path, value }): Agent => {
    claimAddress(value.email, id, [...path, 'email'], owners, checks);
    value.teams?.forEach((team, index) => checks.refer('team', team, known.team, [...path, 'teams', index]));
    return {
      id: id as AgentId, name: value.name, email: value.email, role: value.role ?? 'agent', locale: value.language ?? locale, timeZone: value['time-zone'] ?? timeZone,
      teams: (value.teams ?? []).map((team) => team as TeamId), theme: value.theme ?? 'system', approval: value.approval ?? false,
    };
  });
}

function readGroups(input: unknown, { checks, known }: Common): readonly Group[] {
  return readEntries(input, 'groups', groupSchema, checks).map(({ id, path, value }): Group => {
    if (value.bridge === DEFAULTS.bridge) checks.complain([...path, 'bridge'], { key: 'deskfile.group-of-web' });
    value.teams?.forEach((team, index) => checks.refer('team', team, known.team, [...path, 'teams', index]));
    return { id: id as GroupId, bridge: value.bridge, target: value.target, role: value.role ?? 'agent', teams: (value.teams ?? []).map((team) => team as TeamId) };
  });
}

function readLabels(input: unknown, { checks }: Common): readonly Label[] {
  return readEntries(input, 'labels', labelSchema, checks).map(({ id, value }): Label => ({ id: id as LabelId, name: value.name ?? id, colour: value.colour ?? 1 }));
}

function keysOf(input: unknown): ReadonlySet<string> {
  return new Set(input !== null && typeof input === 'object' && !Array.isArray(input) ? Object.keys(input) : []);
}
