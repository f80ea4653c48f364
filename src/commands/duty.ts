import { nextOnDuty, onDuty, type Staffing } from '../core/assignment.js';
import type { ListItem } from '../core/calls.js';
import { formatDateTime, say } from '../core/language/say.js';
import type { Agent, Team } from '../core/model.js';
import { staffingOf } from '../desk/find-owner.js';
import { teamsMeant } from '../desk/teams-meant.js';
import type { CommandDefinition } from './definition.js';

export const duty: CommandDefinition = {
  name: 'duty',
  aliases: ['on-duty', 'dyżur', 'dyzur'],
  title: 'verb.duty',
  summary: 'verb.duty.summary',
  permission: 'read',
  onConversation: false,
  options: [{ name: 'team', kind: 'text', required: false, label: 'option.team-mine' }],
  form: false,
  async run(unit, call) {
    const staffing = await staffingOf(unit);
    const items = teamsMeant(unit, call.args['team']).map((team): ListItem => ({ title: team.name, text: dutyText(team, staffing, unit.actor), conversationId: undefined }));
    return { kind: 'list', message: { key: 'duty.now', params: {} }, items };
  },
};

/** Who is there; where nobody is, who comes next. How the team hands out work stands behind. */
function dutyText(team: Team, staffing: Staffing, { locale, timeZone }: Agent): string {
  const there = onDuty(team, staffing);
  const next = there.length > 0 ? undefined : nextOnDuty(team, staffing);
  const who = there.length > 0 ? there.map(({ name }) => name).join(', ') : next ? say(locale, 'duty.next', { who: next.agent.name, time: formatDateTime(next.at, locale, timeZone) }) : say(locale, 'duty.nobody');
  return [who, say(locale, `duty.dealing.${team.dealing}`)].join(' · ');
}
