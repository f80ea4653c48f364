import type { CommandOutcome, Offer } from '../core/calls.js';
import type { ConversationId } from '../core/ids.js';
import type { MessageKey } from '../core/language/catalogue.js';
import type { Locale } from '../core/model.js';
import type { Answer } from '../core/ports/chat.js';
import type { PostAction } from '../core/post.js';
import { say } from '../core/language/say.js';
import { strangersSaid } from './held.js';
import { spoken } from './spoken.js';

/** Who is told. */
export interface Listener {
  readonly locale: Locale;
  readonly publicUrl: string | undefined;
  /** What stands before a verb where they are. */
  readonly prefix: string;
  readonly numberOf: (id: ConversationId) => Promise<number | undefined>;
}

/** What somebody may not do is between them and the desk. */
const PERSONAL: ReadonlySet<MessageKey> = new Set<MessageKey>(['refused.not-allowed', 'refused.unknown-agent', 'refused.no-conversation', 'refused.no-such-conversation', 'refused.not-for-others']);

/** Verbs whose form shows a template filled in before it goes. */
const ANSWERING: ReadonlySet<string> = new Set(['reply', 'draft']);

/** An outcome in the words of the one who asked, with what can be done next. */
export async function answerOf(outcome: CommandOutcome, { locale, publicUrl, prefix, numberOf }: Listener): Promise<Answer> {
  const { verb } = outcome.message.params;
  const text = spoken(say(locale, outcome.message.key, outcome.message.params), prefix, typeof verb === 'string' ? verb : undefined);
  const base = { kind: outcome.kind, text, items: [], actions: [], conversationId: 'conversationId' in outcome ? outcome.conversationId : undefined, form: undefined } satisfies Answer;
  const urlOf = async (id: ConversationId | undefined): Promise<string | undefined> => {
    const number = publicUrl && id ? await numberOf(id) : undefined;
    return number === undefined ? undefined : `${publicUrl}/c/${number}`;
  };
  const offers = 'actions' in outcome ? (outcome.actions ?? []).map((offer) => actionOf(offer, locale)) : [];
  switch (outcome.kind) {
    case 'done': {
      const { undoable, conversationId } = outcome;
      if (!undoable || !conversationId) return { ...base, actions: offers };
      const button = (verb: string, label: MessageKey): PostAction => ({ verb, label: say(locale, label), style: 'plain', conversationId, revision: 0, args: { message: undoable.messageId } });
      return { ...base, actions: [button('undo', 'button.undo'), button('edit', 'button.edit')] };
    }
    case 'refused':
      return { ...base, ...(PERSONAL.has(outcome.message.key) && { personal: true }), text: outcome.suggestion ? `${text} ${say(locale, 'refused.did-you-mean', { suggestion: prefix + outcome.suggestion })}` : text };
    case 'held': {
      const { conversationId, revision, newer, strangers, again } = outcome;
      const warned = newer.length > 0 && strangers.length > 0 ? strangersSaid(strangers) : undefined;
      const whole = warned ? `${text}\n${say(locale, warned.key, warned.params)}` : text;
      const items = newer.map(({ who, excerpt }) => ({ title: who, text: excerpt, url: undefined, action: undefined }));
      // Only what can be repeated from the button alone; a held answer comes back as its form.
      const actions: readonly PostAction[] = again ? [{ ...again, label: say(locale, again.verb === 'close' ? 'button.close-anyway' : again.verb === 'approve' ? 'button.send-anyway' : 'button.anyway'), style: 'plain', conversationId, revision }] : [];
      return { ...base, text: whole, items, actions };
    }
    case 'list':
      return {
        ...base,
        actions: offers,
        // What speaks of no conversation and no page is help.
        items: await Promise.all(outcome.items.map(async ({ title, text: line, conversationId, path }) => ({
          title: conversationId || path !== undefined ? title : spoken(title, prefix), text: conversationId || path !== undefined ? line : spoken(line, prefix),
          url: path === undefined ? await urlOf(conversationId) : publicUrl && `${publicUrl}${path}`,
          action: path === undefined && conversationId ? ({ verb: 'show', label: say(locale, 'button.show'), style: 'plain', conversationId, revision: 0, args: {} } as const) : undefined,
        }))),
      };
    case 'form': {
      const { verb, args, conversationId, revision } = outcome;
      const items = outcome.items.map(({ title, text: line }) => ({ title, text: line, url: undefined, action: undefined }));
      // Where no form can be opened now, a press of this opens it.
      const open: readonly PostAction[] = conversationId ? [{ verb, label: say(locale, 'button.edit'), style: 'primary', conversationId, revision: revision ?? 0, args: { ...args, ...(ANSWERING.has(verb) && { review: 'true' }) } }] : [];
      return { ...base, items, actions: open };
    }
    case 'preview': {
      const heads = [say(locale, 'reply.goes-to', { to: outcome.to.join(', ') }), ...(outcome.cc.length > 0 ? [say(locale, 'reply.cc', { cc: outcome.cc.join(', ') })] : [])];
      return { ...base, text: heads.join('\n'), items: [{ title: outcome.subject, text: outcome.text, url: undefined, action: undefined }] };
    }
  }
}

function actionOf({ verb, label, style, args }: Offer, locale: Locale): PostAction {
  return { verb, label: typeof label === 'string' ? say(locale, label) : label.name, style, conversationId: undefined, revision: 0, args };
}
