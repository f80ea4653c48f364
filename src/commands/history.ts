import type { ListItem } from '../core/calls.js';
import { formatDateTime, say } from '../core/language/say.js';
import { agentName } from '../core/names.js';
import { eventText, timelineOf, type TimelineEntry } from '../core/timeline.js';
import { loadConversation, type StaffUnit } from '../desk/unit.js';
import type { CommandDefinition } from './definition.js';
import { EXCERPT_IN_LISTS_CHARS } from './excerpt.js';

/** The newest; all of it is on the web desk and in an export. */
const SHOWN = 30;

/** One story: mails, notes and events, oldest first. */
export const history: CommandDefinition = {
  name: 'history',
  aliases: ['timeline', 'historia'],
  title: 'thread.history',
  summary: 'verb.history.summary',
  permission: 'read',
  onConversation: true,
  options: [],
  form: false,
  async run(unit, call) {
    const conversation = await loadConversation(unit, call.conversationId);
    const { id, number } = conversation;
    const entries = timelineOf(await unit.tx.messages.of(id), await unit.tx.notes.of(id), await unit.tx.events.of(id));
    return { kind: 'list', message: { key: 'history.heading', params: { number, count: entries.length } }, items: entries.slice(-SHOWN).map((entry) => itemOf(unit, entry)) };
  },
};

function itemOf({ actor, desk }: StaffUnit, entry: TimelineEntry): ListItem {
  const title = formatDateTime(entry.at, actor.locale, actor.timeZone);
  const item = (text: string): ListItem => ({ title, text: text.replace(/\s+/g, ' ').slice(0, EXCERPT_IN_LISTS_CHARS), conversationId: undefined });
  if (entry.kind === 'event') {
    return item(eventText({ say: (key, params) => say(actor.locale, key, params), dateTime: (date) => formatDateTime(date, actor.locale, actor.timeZone) }, desk, actor, entry.event));
  }
  if (entry.kind === 'note') return item(`${say(actor.locale, 'mail.note')}: ${agentName(desk, entry.note.authorId) ?? ''}: ${entry.note.deletedAt ? say(actor.locale, 'mail.note-deleted') : entry.note.text}`);
  const { message } = entry;
  const who = message.direction === 'out' ? (agentName(desk, message.authorId) ?? message.from.name) : message.from.name || message.from.address;
  const state = message.direction === 'out' ? ` (${say(actor.locale, `state.${message.state}`)})` : '';
  return item(`${say(actor.locale, message.direction === 'in' ? 'mail.from-customer' : 'mail.to-customer')}${state}: ${who}: ${message.text}`);
}
