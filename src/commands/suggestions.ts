import { fold } from '../core/fold.js';
import { say } from '../core/language/say.js';
import { PRIORITIES, type Agent, type Conversation, type Desk, type Template } from '../core/model.js';
import { offeredTo, sortedTemplates } from '../core/template-choice.js';
import type { Choice, SuggestedKind } from '../core/ports/chat.js';
import type { StoresInSight } from '../core/ports/store.js';
import { plainSearch } from '../core/search/parse.js';
import { suggestSearch } from '../core/search/suggest.js';
import { mayTake } from '../desk/assign.js';
import type { OptionKind } from './definition.js';

/** Kinds of which there are a few to choose from. */
type ChosenKind = Exclude<SuggestedKind, 'conversation' | 'search'>;
const CHOSEN: ReadonlySet<OptionKind> = new Set<ChosenKind>(['label', 'priority', 'place', 'folder', 'template', 'assignee']);
export const isChosen = (kind: OptionKind): kind is ChosenKind => CHOSEN.has(kind);

/**
 * What a named thing of the desk can be, for menus and for completing while people type.
 * @param desk as the agent sees it
 * @param conversation those who may not see it are not offered for it: they would be refused
 */
export function choicesOf(kind: ChosenKind, desk: Desk, agent: Agent, conversation?: Conversation): readonly Choice[] {
  const named = ({ id, name }: { readonly id: string; readonly name: string }): Choice => ({ value: id, label: name });
  switch (kind) {
    case 'template':
      return sortedTemplates(offeredTo(desk.templates, agent)).map(templateChoice);
    case 'assignee':
      return [
        ...desk.agents.filter(({ id, role }) => role !== 'viewer' && (!conversation || mayTake({ whole: desk }, conversation, { kind: 'agent', id }))),
        ...desk.teams.filter(({ id }) => !conversation || mayTake({ whole: desk }, conversation, { kind: 'team', id })),
      ].map(named);
    case 'label':
      return desk.labels.map(named);
    case 'place':
      return [...desk.channels, ...desk.folders].map(named).concat(mailboxChoices(desk, conversation));
    case 'folder':
      return desk.folders.map(named);
    case 'priority':
      return PRIORITIES.map((priority) => ({ value: priority, label: say(agent.locale, `priority.${priority}`) }));
  }
}

/** Where there is but one, nothing can go to another. */
function mailboxChoices({ mailboxes }: Desk, conversation: Conversation | undefined): readonly Choice[] {
  return mailboxes.length < 2 ? [] : mailboxes.filter(({ id }) => id !== conversation?.mailboxId).map(({ address }) => ({ value: address, label: address }));
}

/** "Returns: refund sent", so that a category can be looked for as well. */
export const templateChoice = ({ id, name, category }: Template): Choice => ({ value: id, label: category === '' ? name : `${category}: ${name}` });

/** What fits what has been typed so far, for platforms that complete while people type. */
export async function suggestionsFor(store: Pick<StoresInSight, 'conversations' | 'search' | 'savedSearches' | 'sight'>, desk: Desk, agent: Agent, kind: SuggestedKind, typed: string, limit: number): Promise<readonly Choice[]> {
  if (kind === 'search') return operatorChoices(store, desk, agent, typed, limit);
  const wanted = fold(typed.trim());
  if (kind !== 'conversation') return choicesOf(kind, desk, agent).filter(({ label, value }) => fold(label).includes(wanted) || value.includes(wanted)).slice(0, limit);
  if (wanted && !/^#?\d+$/.test(wanted)) {
    const hits = await store.search.find(plainSearch(wanted), limit);
    return hits.map(({ conversation, customer }) => choice(conversation.number, customer.name, conversation.subject));
  }
  const page = { limit: 100, offset: 0 };
  const rows = [...(await store.conversations.list({ kind: 'mine', agentId: agent.id }, page)), ...(await store.conversations.list({ kind: 'open' }, page))];
  const choices = rows.map(({ conversation, customer }) => choice(conversation.number, customer.name, conversation.subject));
  return [...new Map(choices.map((one) => [one.value, one])).values()].filter(({ value }) => value.startsWith(wanted.replace('#', ''))).slice(0, limit);
}

/** What is typed, with what may come next put behind it. */
async function operatorChoices(store: Pick<StoresInSight, 'savedSearches'>, desk: Desk, agent: Agent, typed: string, limit: number): Promise<readonly Choice[]> {
  const suggestions = suggestSearch(typed, { desk, saved: await store.savedSearches.usableBy(agent.id) }, limit - 1);
  const asTyped = typed.trim() === '' ? [] : [{ value: typed.trim(), label: typed.trim() }];
  return [...asTyped, ...suggestions.map(({ text, meaning }) => ({ value: text, label: meaning ? `${text} ${say(agent.locale, meaning)}` : text }))];
}

const choice = (number: number, customer: string, subject: string): Choice => ({ value: String(number), label: `#${number} ${customer}: ${subject}` });
