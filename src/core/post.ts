/**
 * A post as our own small document. Each bridge renders it within its platform's limits (splits, escapes, paces); nothing here knows a
 * platform. All text is plain or Markdown and comes from outside: bridges escape it.
 */
import type { ConversationId } from './ids.js';
import type { Status } from './model.js';
import type { Priority } from './priority.js';

/** Colour has a fixed meaning on every platform: see the card's table of states. */
export type Tone = 'open' | 'quiet' | 'late' | 'decide' | 'note' | 'out';

export interface Post {
  readonly kind: 'card' | 'mail-in' | 'mail-out' | 'note' | 'event';
  readonly tone: Tone;
  /** One line for notifications and for platforms without layout: "#1042 Katarzyna Wójcik: subject". */
  readonly summary: string;
  readonly heading: string | undefined;
  /** Link to the conversation on the web desk, when it has a public address. */
  readonly url: string | undefined;
  /** Short facts in order of weight; the last are dropped first where room is short. */
  readonly facts: readonly string[];
  /** Markdown. */
  readonly text: string;
  /** A quotation of the customer's words, shortened. */
  readonly quote: string | undefined;
  /** Folded text behind "14 lines hidden". */
  readonly hidden: { readonly label: string; readonly text: string } | undefined;
  /** What is wrong or needs a decision; shown with weight. */
  readonly alert: string | undefined;
  readonly files: readonly PostFile[];
  readonly actions: readonly PostAction[];
  /** What a card stands for, for platforms that show it by means of their own: tags, threads that are put to sleep. `labels` are names. */
  readonly about?: { readonly conversationId: ConversationId; readonly status: Status; readonly priority: Priority; readonly labels: readonly string[] };
}

export interface PostFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: number;
  /** Reads the content when the bridge uploads it. */
  readonly read: () => Promise<Uint8Array>;
}

/** A button. Pressing it makes a CommandCall with these values. */
export interface PostAction {
  readonly verb: string;
  readonly label: string;
  readonly style: 'primary' | 'plain' | 'danger';
  /** undefined: it speaks of none, or of many. */
  readonly conversationId: ConversationId | undefined;
  readonly revision: number;
  readonly args: Readonly<Record<string, string>>;
}
