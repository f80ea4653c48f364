/**
 * The chat side as the house sees it: a bridge shows posts on one platform and hands on what people do there. Everything that is the same on every platform (who may, what
 * words mean, what a form asks, what is answered) is behind `ChatEvents`; a bridge only renders, paces and translates.
 */
import type { CommandOutcome, Said } from '../calls.js';
import type { AgentId, ConversationId, GroupId, PostRef, ThreadRef } from '../ids.js';
import type { Agent, Channel, Group, Locale } from '../model.js';
import type { Post, PostAction } from '../post.js';

/** Where a post goes: a channel (opens a thread) or into a thread. */
export interface PostTarget {
  readonly channel: Channel;
  readonly thread: ThreadRef | undefined;
  /**
   * Posts of this conversation that are written down. What stands there besides may be of an earlier try whose answer was lost; a platform that keeps no mark of ours on a post finds it out so.
   */
  readonly standing?: () => Promise<readonly PostRef[]>;
}

export interface Posted {
  readonly post: PostRef;
  /** The thread that this post opened or went into. */
  readonly thread: ThreadRef;
}

/**
 * A chat platform. A method's presence is the capability. Every method throws BridgeError and nothing else.
 */
export interface Bridge {
  /** As in desk.yaml: 'web', 'slack', 'discord'. */
  readonly name: string;
  /** Resolves when connected. The bridge acknowledges its platform first, then hands each call on. */
  start(events: ChatEvents): Promise<void>;
  /** Takes nothing new; resolves when what is in hand has been handed on. */
  stop(): Promise<void>;
  /**
   * @param key the same when a try is repeated; a bridge that can, makes the second one return the first post
   * @param again there was a try before, perhaps by another node or before a crash: it may have gone out
   */
  post(target: PostTarget, post: Post, key: string, again?: boolean): Promise<Posted>;
  /** Address of a thread for people, if it still may be there. */
  linkTo?(target: PostTarget & { readonly thread: ThreadRef }): Promise<string | undefined>;
  /** Draws a post anew. A card that cannot be edited any more is 'gone'. */
  edit?(target: PostTarget, ref: PostRef, post: Post): Promise<void>;
  /**
   * Tells a person something, to them alone, in a direct message. `key` and `again` as for `post`; an edit is never asked for.
   * @returns false when the platform knows nobody like that, or they take no messages
   */
  tell?(receiver: ChatReceiver, post: Post, key: string, again?: boolean): Promise<boolean>;
  /** What keeps posts from going out now; [] when all goes well. Said on the web desk. */
  troubles?(): readonly ChatTrouble[];
  /** What is wrong with tokens, rights, these channels and groups, in plain words; [] when all is well. Never throws. */
  inspect?(channels: readonly Channel[], groups?: readonly Group[]): Promise<readonly BridgeFinding[]>;
}

/** Posts wait for it to be put right, and go out then by themselves. */
export interface ChatTrouble {
  readonly bridge: string;
  /** undefined: the whole platform. */
  readonly channel: Channel | undefined;
  /** What it means and what to do: a text `trouble.*`. */
  readonly what: Said;
  readonly since: Date;
}

/** An agent as a platform may know them. */
export interface ChatReceiver {
  readonly agentId: AgentId;
  /** The platform's ids of them, where they were linked; [] where they were not. */
  readonly ids: readonly string[];
  /** For platforms that vouch for addresses. Lower case. */
  readonly email: string;
}

export interface BridgeFinding {
  readonly level: 'ok' | 'warn' | 'bad';
  /** What it means and what to do, in English: for `goniec doctor` and the log. */
  readonly text: string;
  readonly channel?: Channel;
}

/** Somebody of the platform. */
export interface ChatPerson {
  readonly bridge: string;
  /** The platform's id of them. */
  readonly id: string;
  /** Their address as the platform vouches for it; undefined where it does not tell. */
  readonly email: string | undefined;
  /** What stands before a verb where they are: '!' in a thread of Slack; '/' unless told. */
  readonly prefix?: string;
  /** What they are called there. */
  readonly name?: string;
  /** Groups of the desk that the platform vouches at this moment that they are in; undefined: it does not say. */
  readonly groups?: readonly GroupId[];
}

/** Something said by a person, wherever. */
export interface Speech {
  readonly person: ChatPerson;
  /** The platform's id of this event: a redelivery does nothing. */
  readonly eventId: string;
  /** Thread it was said in; undefined outside one. */
  readonly thread: ThreadRef | undefined;
}

export interface IncomingFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly read: () => Promise<Uint8Array>;
}

/** What bridges hand on. None of these throws: what goes wrong is an answer that says so. */
export interface ChatEvents {
  /** Who this is on the desk; undefined: nobody. */
  identify(person: ChatPerson): Promise<Agent | undefined>;
  /**
   * A message of a person in a thread: `!verb ...` does it, plain words become a note. undefined: the thread is not one of ours, nothing was done.
   * @param post the person's own post, so that editing or deleting it later is understood
   */
  words(speech: Speech & {
    readonly text: string;
    readonly post: PostRef;
    readonly files: readonly IncomingFile[];
    /** Whom the platform itself told that they are mentioned here. */
    readonly pinged?: readonly AgentId[];
  }): Promise<Answer | undefined>;
  /** A message that was handed on through `words` was edited; `text` undefined: deleted, and where the platform does not tell by whom, the person's id is '' and its author is taken. undefined: we know nothing of it. */
  wordsChanged(change: { readonly person: ChatPerson; readonly eventId: string; readonly post: PostRef; readonly text: string | undefined }): Promise<Answer | undefined>;
  /** The text behind a slash command, verb first: "reply 42 template:thanks ...". */
  command(speech: Speech & { readonly text: string }): Promise<Answer>;
  /** A button, a form or a shortcut, or a platform's own slash command with typed options. */
  act(speech: Speech & { readonly verb: string; readonly args: Readonly<Record<string, string>>; readonly conversationId: ConversationId | undefined; readonly revision: number | undefined }): Promise<Answer>;
  /** The form of a verb for a conversation, drawn for this person; an answer instead where they may not. Opening the form of an answer shows "is answering" on the card. */
  form(speech: Speech & {
    readonly verb: string;
    readonly conversationId: ConversationId | undefined;
    readonly prefill: Readonly<Record<string, string>>;
    /** Go with an answer. */
    readonly files?: readonly IncomingFile[];
  }): Promise<Form | Answer>;
  /** The form was closed without being sent. */
  formClosed(person: ChatPerson, conversationId: ConversationId): Promise<void>;
  /** People's own posts that became notes, or answers that wait, the newest first: what was done to them while nobody listened can be looked for. */
  recentWords(bridge: string, limit: number): Promise<readonly { readonly post: PostRef; readonly thread: ThreadRef }[]>;
  /** The platform takes posts again after it did not: whatever waits there for a later try is tried now. */
  worksAgain(bridge: string): Promise<void>;
  /** The text that is folded away in a post of ours. undefined: there is none. */
  unfold(person: ChatPerson, post: PostRef): Promise<{ readonly text: string } | Answer | undefined>;
  /** What fits what has been typed so far, at most `limit`: templates, colleagues, conversation numbers, operators of a search. */
  suggest(person: ChatPerson, kind: SuggestedKind, typed: string, limit: number): Promise<readonly Choice[]>;
  /** What a person's own page shows. */
  home(person: ChatPerson): Promise<Home | undefined>;
  /** The conversation that a thread mirrors. */
  conversationOf(bridge: string, thread: ThreadRef): Promise<ConversationId | undefined>;
  /** Verbs for publishing as slash commands. */
  verbs(): readonly VerbDescription[];
}

/** Options whose values can be completed while people type. */
export type SuggestedKind = 'template' | 'assignee' | 'conversation' | 'label' | 'priority' | 'place' | 'folder' | 'search';

/** Told to the one who asked, in their language; shown to them alone wherever the platform can. */
export interface Answer {
  readonly kind: CommandOutcome['kind'];
  readonly text: string;
  readonly items: readonly { readonly title: string; readonly text: string; readonly url: string | undefined; readonly action: PostAction | undefined }[];
  /** What can be done next: Undo, Send anyway, Show. */
  readonly actions: readonly PostAction[];
  /** The conversation it speaks of. */
  readonly conversationId: ConversationId | undefined;
  /** A form that was held: the same with what is new above it; sending this one sends anyway. */
  readonly form: Form | undefined;
  /** Speaks of the person, not of the conversation: told in person where others would read an answer to their words. */
  readonly personal?: true;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface Form {
  readonly verb: string;
  readonly title: string;
  readonly submit: string;
  readonly conversationId: ConversationId | undefined;
  /** Goes back with the form, for the stale-answer fence. */
  readonly revision: number | undefined;
  /** Lines above the fields: whom the answer goes to, what is new. */
  readonly facts: readonly string[];
  readonly fields: readonly FormField[];
  /** Values that are not asked for but belong to it. */
  readonly hidden: Readonly<Record<string, string>>;
}

export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly kind: 'text' | 'long-text' | 'choice' | 'flags';
  readonly required: boolean;
  readonly initial: string;
  /** For 'choice' (one) and 'flags' (any number, joined by commas). */
  readonly choices: readonly Choice[];
}

export interface Home {
  readonly locale: Locale;
  readonly greeting: string;
  readonly sections: readonly { readonly title: string; readonly count: number; readonly items: readonly { readonly title: string; readonly text: string; readonly url: string | undefined; readonly late: boolean; readonly action: PostAction | undefined }[] }[];
}

/** A verb as a platform publishes it; texts in English and in each other language. */
export interface VerbDescription {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: Readonly<Record<Locale, string>>;
  readonly onConversation: boolean;
  /** Asked for in a form before it is done. */
  readonly form: boolean;
  readonly options: readonly { readonly name: string; readonly kind: 'text' | 'word' | 'flag' | SuggestedKind; readonly required: boolean; readonly label: Readonly<Record<Locale, string>> }[];
}

