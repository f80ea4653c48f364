import { formatDateTime } from '../core/language/say.js';
import type { Assignee, Desk } from '../core/model.js';
import { comeBack, goAway } from '../desk/away.js';
import type { CommandDefinition } from './definition.js';

export const away: CommandDefinition = {
  name: 'away',
  aliases: ['out', 'nieobecność', 'nieobecnosc', 'urlop'],
  title: 'verb.away',
  summary: 'verb.away.summary',
  permission: 'work',
  onConversation: false,
  options: [
    { name: 'from', kind: 'word', required: false, label: 'option.away-from' },
    { name: 'stand-in', kind: 'assignee', required: false, label: 'option.stand-in' },
    { name: 'who', kind: 'assignee', required: false, label: 'option.agent', typedOnly: true },
    { name: 'until', kind: 'text', required: true, label: 'option.away-until' },
  ],
  form: true,
  async run(unit, { args }) {
    const { absence, agent, already } = await goAway(unit, { who: args['who'], from: args['from'], until: args['until'] ?? '', standIn: args['stand-in'] });
    const time = (at: Date): string => formatDateTime(at, unit.actor.locale, unit.actor.timeZone);
    const params = { who: agent.name, from: time(absence.from), until: time(absence.until) };
    if (already) return { kind: 'done', message: { key: 'away.already', params } };
    return { kind: 'done', message: absence.standIn ? { key: 'away.done-stand-in', params: { ...params, standIn: nameOfAssignee(unit.desk, absence.standIn) } } : { key: 'away.done', params } };
  },
};

export const back: CommandDefinition = {
  name: 'back',
  aliases: ['wracam', 'jestem'],
  title: 'verb.back',
  summary: 'verb.back.summary',
  permission: 'work',
  onConversation: false,
  options: [{ name: 'who', kind: 'assignee', required: false, label: 'option.agent', typedOnly: true }],
  form: false,
  async run(unit, { args }) {
    const { absence, agent, planned } = await comeBack(unit, args['who']);
    const from = formatDateTime(absence.from, unit.actor.locale, unit.actor.timeZone);
    return { kind: 'done', message: planned ? { key: 'back.not-going', params: { who: agent.name, from } } : { key: 'back.done', params: { who: agent.name } } };
  },
};

function nameOfAssignee({ agents, teams }: Desk, { kind, id }: Assignee): string {
  return (kind === 'agent' ? agents : teams).find((one) => one.id === id)?.name ?? id;
}
