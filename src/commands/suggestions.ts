import type { Agent, Desk } from '../core/model.js';
import type { Choice } from '../core/ports/chat.js';
import type { Store } from '../core/ports/store.js';
import { fold } from '../core/fold.js';

/** What fits what has been typed so far, for platforms that complete while people type. */
export async function suggestionsFor(store: Pick<Store, 'conversations' | 'search'>, desk: Desk, agent: Agent, kind: 'template' | 'assignee' | 'conversation', typed: string, limit: number): Promise<readonly Choice[]> {
  const wanted = fold(typed.trim());
  const fits = ({ label, value }: Choice): boolean => fold(label).includes(wanted) || value.includes(wanted);
  if (kind === 'template') return desk.templates.map(({ id, name }) => ({ value: id, label: name })).filter(fits).slice(0, limit);
  if (kind === 'assignee') return [...desk.agents.filter(({ role }) => role !== 'viewer'), ...desk.teams].map(({ id, name }) => ({ value: id, label: name })).filter(fits).slice(0, limit);
  if (wanted && !/^#?\d+$/.test(wanted)) {
    const hits = await store.search.find(wanted, limit);
    return hits.map(({ conversation, customer }) => choice(conversation.number, customer.name, conversation.subject));
  }
  const page = { limit: 100, offset: 0 };
  const rows = [...(await store.conversations.list({ kind: 'mine', agentId: agent.id }, page)), ...(await store.conversations.list({ kind: 'open' }, page))];
  const choices = rows.map(({ conversation, customer }) => choice(conversation.number, customer.name, conversation.subject));
  return [...new Map(choices.map((one) => [one.value, one])).values()].filter(({ value }) => value.startsWith(wanted.replace('#', ''))).slice(0, limit);
}

const choice = (number: number, customer: string, subject: string): Choice => ({ value: String(number), label: `#${number} ${customer}: ${subject}` });
