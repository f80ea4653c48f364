import { absenceOf, membersOf, type Staffing } from '../core/assignment.js';
import type { ListItem } from '../core/calls.js';
import { formatDateTime, formatWait, say } from '../core/language/say.js';
import type { Agent, Locale } from '../core/model.js';
import { loadByOwner, NO_LOAD, type Load } from '../core/workload.js';
import { staffingOf } from '../desk/find-owner.js';
import { teamsMeant } from '../desk/teams-meant.js';
import type { CommandDefinition } from './definition.js';

export const workload: CommandDefinition = {
  name: 'workload',
  aliases: ['load', 'obciążenie', 'obciazenie'],
  title: 'verb.workload',
  summary: 'verb.workload.summary',
  permission: 'read',
  onConversation: false,
  options: [{ name: 'team', kind: 'text', required: false, label: 'option.team-all' }],
  form: false,
  async run(unit, call) {
    const said = call.args['team'];
    const team = said ? teamsMeant(unit, said)[0] : undefined;
    const loads = loadByOwner(await unit.tx.conversations.workload(), team?.id);
    const staffing = await staffingOf(unit);
    const { locale } = unit.actor;
    const people = team ? membersOf(team, unit.desk) : unit.desk.agents.filter(({ role }) => role !== 'viewer');
    const items: ListItem[] = people.map((agent) => ({
      title: agent.name, text: [...awayText(agent, staffing, unit.actor), loadText(loads.get(agent.id) ?? NO_LOAD, locale, unit.now)].join(' · '), conversationId: undefined,
    }));
    const free = loads.get(undefined);
    if (free) items.push({ title: say(locale, 'fact.unassigned'), text: loadText(free, locale, unit.now), conversationId: undefined });
    return { kind: 'list', message: team ? { key: 'workload.of-team', params: { team: team.name } } : { key: 'workload.now', params: {} }, items };
  },
};

function awayText({ id }: Agent, staffing: Staffing, { locale, timeZone }: Agent): readonly string[] {
  const absence = absenceOf(id, staffing);
  return absence ? [say(locale, 'fact.away', { time: formatDateTime(absence.until, locale, timeZone) })] : [];
}

/** What there is to do; what there is nothing of is left out, but that there is nothing open is said. */
function loadText({ open, pending, snoozed, waitingSince }: Load, locale: Locale, now: Date): string {
  return [
    say(locale, 'workload.open', { count: open }),
    ...(waitingSince ? [say(locale, 'workload.longest', { wait: formatWait(now.getTime() - waitingSince.getTime(), locale) })] : []),
    ...(pending > 0 ? [say(locale, 'workload.pending', { count: pending })] : []),
    ...(snoozed > 0 ? [say(locale, 'workload.snoozed', { count: snoozed })] : []),
  ].join(' · ');
}
