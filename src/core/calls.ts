/**
 * A verb as somebody said it, whatever the door: slash command, button, form or word in a thread. Bridges make calls; commands answer them.
 */
import type { AgentId, ConversationId, GroupId } from './ids.js';
import type { MessageKey, MessageParams } from './language/catalogue.js';

export interface CommandCall {
  readonly verb: string;
  /** Values by option name, as text; the catalogue's schema reads them. */
  readonly args: Readonly<Record<string, string>>;
  readonly actor: AgentId;
  /** Groups of the desk that the actor's platform vouches for. */
  readonly groups?: readonly GroupId[] | undefined;
  /** Bridge it came by. */
  readonly via: string;
  /** The conversation that the thread, button or form belongs to. */
  readonly conversationId: ConversationId | undefined;
  /** Revision that the button or form was drawn from; undefined for typed words, which speak of the present. */
  readonly revision: number | undefined;
  /** The platform's id of this event; a second call with the same id is answered with the first one's outcome and does nothing. */
  readonly eventId: string | undefined;
}

/** Told to the person who called, in their language. */
export type CommandOutcome =
  | { readonly kind: 'done'; readonly message: Said; readonly conversationId?: ConversationId; readonly undoable?: { readonly messageId: string; readonly until: Date }; readonly actions?: readonly Offer[] }
  /** Nothing was changed. */
  | { readonly kind: 'refused'; readonly message: Said; readonly suggestion?: string }
  /** Stopped because the conversation moved on since the form was opened: read first, then "send anyway". */
  | {
      readonly kind: 'held'; readonly message: Said; readonly newer: readonly NewerThing[]; readonly conversationId: ConversationId; readonly revision: number;
      /** Beside what is new: it would go to somebody who was not part of it. */
      readonly strangers: readonly string[];
      /** The same once more, on purpose, for verbs that need no form. */
      readonly again?: { readonly verb: string; readonly args: Readonly<Record<string, string>> };
    }
  /** A list to read: search results, help. `kept`: the question itself was written down, to be confirmed. */
  | { readonly kind: 'list'; readonly message: Said; readonly items: readonly ListItem[]; readonly actions?: readonly Offer[]; readonly kept?: true }
  /** A look before it is done: what would be sent, and to whom. */
  | { readonly kind: 'preview'; readonly message: Said; readonly to: readonly string[]; readonly cc: readonly string[]; readonly subject: string; readonly text: string; readonly conversationId: ConversationId; readonly revision: number }
  /** More is asked for, or something is to be read first: the form of a verb, with these values. `items` is what it is about, for where no form can be opened. */
  | { readonly kind: 'form'; readonly message: Said; readonly items: readonly ListItem[]; readonly verb: string; readonly args: Readonly<Record<string, string>>; readonly conversationId: ConversationId | undefined; readonly revision: number | undefined };

export interface Said {
  readonly key: MessageKey;
  readonly params: MessageParams;
}

/** A button below an answer. */
export interface Offer {
  readonly verb: string;
  /** A key of the catalogue, or a name that people gave. */
  readonly label: MessageKey | { readonly name: string };
  readonly style: 'primary' | 'plain';
  readonly args: Readonly<Record<string, string>>;
}

export interface NewerThing {
  readonly who: string;
  readonly direction: 'in' | 'out';
  readonly excerpt: string;
  readonly at: Date;
}

export interface ListItem {
  readonly title: string;
  readonly text: string;
  readonly conversationId: ConversationId | undefined;
  /** A page of the web desk that it leads to, instead of a conversation. */
  readonly path?: string;
}
