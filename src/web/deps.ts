/** What the web desk needs from the rest of the house. Everything is injected by the composition root; nothing here is looked up. */
import type { CommandCall, CommandOutcome } from '../core/calls.js';
import type { AgentId, ConversationId, RawMailId } from '../core/ids.js';
import type { Presence } from '../core/model.js';
import type { Post } from '../core/post.js';
import type { ChatTrouble } from '../core/ports/chat.js';
import type { Blobs, Clock, Log, NewId } from '../core/ports/effects.js';
import type { ReadMail } from '../core/ports/mail.js';
import type { Store } from '../core/ports/store.js';
import type { ExportedFile, ExportWish } from '../desk/export-conversation.js';
import type { CustomerMailbox } from './customer-mailbox.js';

/** Makes the HTML of a mail safe to show in a sandboxed frame. `cidUrl` gives the address of an inline picture, or undefined when there is none. */
export type ShowHtml = (
  html: string,
  options: { readonly images: 'blocked' | 'allowed'; readonly cidUrl: (contentId: string) => string | undefined },
) => { readonly html: string; readonly blockedImages: number };

/** Markdown from outside to safe HTML: no raw HTML, no scripts, links without referrer. */
export type ToHtml = (markdown: string) => string;

/** What the web bridge tells open browsers about posts that have just been made. Returns the way to stop listening; `closing` is called when the desk stops. */
export interface Announcements {
  listen(listener: (announcement: Announcement) => void, closing: () => void): () => void;
}
export interface Announcement {
  readonly kind: Post['kind'];
  readonly summary: string;
  /** Where it can be read on this desk. */
  readonly url: string | undefined;
  readonly conversationId: ConversationId | undefined;
  /** Meant for this agent alone; left out: for everybody. */
  readonly only?: AgentId;
}

export interface WebDeps {
  readonly store: Store;
  readonly perform: (call: CommandCall) => Promise<CommandOutcome>;
  /** Somebody begins, goes on or ends reading a conversation or writing an answer. */
  readonly presence: {
    begin(conversation: ConversationId, agent: AgentId, via: string, doing: Presence['doing']): Promise<void>;
    end(conversation: ConversationId, agent: AgentId, via: string): Promise<void>;
  };
  /** One conversation as a file, for somebody who may read it; written into its history. */
  readonly exportConversation: (conversation: ConversationId, agent: AgentId, wish: Pick<ExportWish, 'format' | 'internal'>) => Promise<ExportedFile>;
  readonly blobs: Blobs;
  readonly readMail: ReadMail;
  readonly showHtml: ShowHtml;
  readonly toHtml: ToHtml;
  readonly quarantine: { retry(mail: RawMailId, actor: AgentId): Promise<CommandOutcome> };
  /** Whether the desk can do its work, and how its mailboxes are, by id. */
  readonly readiness: () => Promise<{ readonly ready: boolean; readonly why?: string; readonly mailboxes?: Readonly<Record<string, string>> }>;
  /** Proves in chat who somebody is; shown to them alone. */
  readonly linkCode?: (agent: AgentId) => string;
  /** Numbers for a monitoring system; `token` lets it read them from elsewhere. Absent: there is no such page. */
  readonly metrics?: { read(): Promise<{ readonly body: string; readonly contentType: string }>; readonly token: string | undefined } | undefined;
  /** What keeps chat platforms from showing posts now. */
  readonly troubles?: () => readonly ChatTrouble[];
  readonly announcements: Announcements;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: NewId;
  /** Where people reach the desk, e.g. https://desk.example.com; posts from there are taken. */
  readonly publicUrl: string;
  /** Cookies only over HTTPS. */
  readonly secureCookies: boolean;
  /** A reverse proxy of ours stands in front: the last X-Forwarded-For address counts as the visitor's. */
  readonly trustProxy: boolean;
  /** Set only by `goniec demo`. */
  readonly demo?: { readonly loginToken: string; readonly agentId: AgentId; readonly customers: CustomerMailbox } | undefined;
}
