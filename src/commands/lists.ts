/** The lists that people work off: theirs, nobody's, a team's, what is overdue. */
import type { CommandOutcome, Said } from '../core/calls.js';
import type { Team } from '../core/model.js';
import type { View } from '../core/ports/store.js';
import { teamsMeant } from '../desk/teams-meant.js';
import type { StaffUnit } from '../desk/unit.js';
import type { CommandDefinition } from './definition.js';
import { itemOfRow } from './rows.js';

/** As many as fit on a phone without scrolling far; who waits longest is first. */
const MAX_ROWS = 10;

export const my: CommandDefinition = {
  name: 'my',
  aliases: ['moja', 'swoje'],
  title: 'verb.my',
  summary: 'verb.my.summary',
  permission: 'read',
  onConversation: false,
  options: [],
  form: false,
  async run(unit) {
    const { mine } = await unit.tx.conversations.counts(unit.actor.id);
    return listed(unit, { kind: 'mine', agentId: unit.actor.id }, { key: 'my.found', params: { count: mine } });
  },
};

export const unassigned: CommandDefinition = {
  name: 'unassigned',
  aliases: ['niczyje'],
  title: 'verb.unassigned',
  summary: 'verb.unassigned.summary',
  permission: 'read',
  onConversation: false,
  options: [],
  form: false,
  async run(unit) {
    const counts = await unit.tx.conversations.counts(unit.actor.id);
    return listed(unit, { kind: 'unassigned' }, { key: 'unassigned.found', params: { count: counts.unassigned } });
  },
};

export const overdue: CommandDefinition = {
  name: 'overdue',
  aliases: ['po-terminie', 'zaległe', 'zalegle'],
  title: 'verb.overdue',
  summary: 'verb.overdue.summary',
  permission: 'read',
  onConversation: false,
  options: [],
  form: false,
  async run(unit) {
    const counts = await unit.tx.conversations.counts(unit.actor.id);
    return listed(unit, { kind: 'overdue' }, { key: 'overdue.found', params: { count: counts.overdue } });
  },
};

export const team: CommandDefinition = {
  name: 'team',
  aliases: ['zespół', 'zespol'],
  title: 'verb.team',
  summary: 'verb.team.summary',
  permission: 'read',
  onConversation: false,
  options: [{ name: 'team', kind: 'text', required: false, label: 'option.team-mine' }],
  form: false,
  async run(unit, call) {
    const teams = teamsMeant(unit, call.args['team']);
    const { teams: counts } = await unit.tx.conversations.counts(unit.actor.id);
    const lists = await Promise.all(teams.map((one) => rowsOf(unit, { kind: 'team', teamId: one.id })));
    const count = teams.reduce((sum, { id }) => sum + (counts.get(id) ?? 0), 0);
    return { kind: 'list', message: { key: 'team.found', params: { count, team: namesOf(teams) } }, items: lists.flat() };
  },
};

async function listed(unit: StaffUnit, view: View, message: Said): Promise<CommandOutcome> {
  return { kind: 'list', message, items: await rowsOf(unit, view) };
}

async function rowsOf({ tx, actor, now }: StaffUnit, view: View) {
  return (await tx.conversations.list(view, { limit: MAX_ROWS, offset: 0 })).map((row) => itemOfRow(row, actor.locale, now));
}

const namesOf = (teams: readonly Team[]): string => teams.map(({ name }) => name).join(', ');
