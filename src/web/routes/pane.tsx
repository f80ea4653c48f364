/** Draws one conversation for the agent of a request; shared by reading it and by doing something in it. */
import type { CommandOutcome } from '../../core/calls.js';
import type { Conversation } from '../../core/model.js';
import { may } from '../../core/permissions.js';
import { wasPurged } from '../../desk/purged.js';
import type { Shared, WebContext } from '../env.js';
import { emptyDraft, type Draft } from '../parts/composer.js';
import type { PaneFacts } from '../parts/conversation.js';
import type { Saying } from '../parts/said.js';
import type { Place } from '../place.js';
import { loadConversationView } from '../views/conversation-view.js';

export interface PaneWishes {
  readonly place: Place;
  readonly draft?: Draft | undefined;
  /** Revision that the answer in the browser was begun from, when one is begun. */
  readonly begunAt?: number | undefined;
  readonly saying?: Saying | undefined;
  readonly preview?: Extract<CommandOutcome, { kind: 'preview' }> | undefined;
}

export async function paneFacts(c: WebContext, deps: Shared, conversation: Conversation, wishes: PaneWishes): Promise<PaneFacts | undefined> {
  const { agent, desk, reader, session } = c.var;
  const view = await loadConversationView(c.var.store, { desk, agent, conversation, now: reader.now, begunAt: wishes.begunAt, dayKey: (date) => reader.dayKey(date) });
  if (!view) return undefined;
  return {
    reader, view,
    forms: { csrf: session.csrf, number: conversation.number, revision: conversation.revision, place: wishes.place, once: deps.once() },
    draft: wishes.draft ?? emptyDraft(wishes.begunAt ?? conversation.revision),
    saying: wishes.saying,
    preview: wishes.preview,
    toHtml: deps.toHtml,
    mayWork: may(agent.role, 'work'),
  };
}

/** "42" in an address. @throws Refusal where it was spam and has been deleted */
export async function conversationOf(c: WebContext): Promise<Conversation | undefined> {
  const number = c.req.param('number') ?? '';
  if (!/^\d{1,9}$/.test(number)) return undefined;
  const conversation = await c.var.store.conversations.byNumber(Number(number));
  const purged = conversation ? undefined : await c.var.store.purges.byNumber(Number(number));
  if (purged) throw wasPurged(purged, c.var.agent);
  return conversation;
}

export function readRevision(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

export const isHtmx = (c: WebContext): boolean => c.req.header('HX-Request') === 'true' && c.req.header('HX-History-Restore-Request') !== 'true';
