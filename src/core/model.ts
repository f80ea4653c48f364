/**
 * The glossary as types. Values here are plain data: stores load and save them, decisions read them, nothing in them acts.
 */
import type {
  AbsenceId, AgentId, AttachmentId, BlobHash, ChannelId, ConversationId, CustomerEventId, CustomerId, CustomerMergeId, CustomerNoteId, EventId, FolderId, LabelId, MailboxId, MessageId, NoteId, PostRef,
  GroupId, MergeId, NoticeId, RawMailId, ReminderId, RuleId, TeamId, TemplateId, ThreadRef,
} from './ids.js';
import type { MailAddress } from './mail.js';
import type { Priority } from './priority.js';
import type { Action, Condition } from './rules.js';
import type { SpamSettings } from './spam-settings.js';

export { PRIORITIES, type Priority } from './priority.js';

/** Languages that every text of Goniec's own exists in. */
export const LOCALES = ['en', 'pl'] as const;
export type Locale = (typeof LOCALES)[number];

/* ---- the desk: what desk.yaml describes ---- */

export const ROLES = ['admin', 'agent', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** A staff member. */
export interface Agent {
  readonly id: AgentId;
  readonly name: string;
  /** Used to log in and to match people of a chat platform. Lower case. */
  readonly email: string;
  readonly role: Role;
  readonly locale: Locale;
  /** IANA name, e.g. Europe/Warsaw. */
  readonly timeZone: string;
  readonly teams: readonly TeamId[];
  /** Colours of the web desk; 'system' follows the device. */
  readonly theme: 'system' | 'light' | 'dark';
  /** Of somebody who is not listed in desk.yaml but on the desk for the groups that they are in on a chat platform, as last seen. */
  readonly member?: { readonly bridge: string; readonly groups: readonly GroupId[] };
  /** Their answers wait until a colleague has approved them. */
  readonly approval: boolean;
}

/** How a team hands out what is given to it: 'by-hand' leaves it to whoever claims it. */
export const DEALINGS = ['by-hand', 'round-robin', 'least-busy'] as const;
export type Dealing = (typeof DEALINGS)[number];

export interface Team {
  readonly id: TeamId;
  readonly name: string;
  readonly dealing: Dealing;
  /** Who of the team is on duty when, in the desk's time zone; []: there is no list, everybody always is. */
  readonly duty: readonly Duty[];
}

/** One member's hours of duty. */
export interface Duty {
  readonly agentId: AgentId;
  readonly week: Hours['week'];
}

/** Those for whom something is: everybody who is named, or is in a team that is. Administrators need not be named. */
export interface Audience {
  readonly teams: readonly TeamId[];
  readonly agents: readonly AgentId[];
}

/** Something that only some may see; absent: everybody may. */
interface ForSome {
  readonly visibleTo?: Audience;
}

/** People of a chat platform who are on the desk for what they are there: who holds a role on Discord, who is in a user group or a private channel of Slack. */
export interface Group {
  readonly id: GroupId;
  readonly bridge: string;
  /** The platform's own name or id for it; only the bridge reads it. */
  readonly target: string;
  readonly role: Role;
  readonly teams: readonly TeamId[];
}

/** A place in chat where cards are posted. */
export interface Channel extends ForSome {
  readonly id: ChannelId;
  readonly name: string;
  /** Name of the bridge that owns it: 'web', 'slack', 'discord'. */
  readonly bridge: string;
  /** The platform's own name or id for it; only the bridge reads it. */
  readonly target: string;
}

/** Where mail that needs no answer is filed without a card. */
export interface Folder extends ForSome {
  readonly id: FolderId;
  readonly name: string;
}

export interface Label {
  readonly id: LabelId;
  readonly name: string;
  /** 1..8, an entry of the desk's palette. */
  readonly colour: number;
}

/** A prepared answer, in one language or several. */
export interface Template {
  readonly id: TemplateId;
  readonly name: string;
  /** Under which it is listed; '' for none. */
  readonly category: string;
  /** At least one, each in another language; the first stands in where none is in the customer's. */
  readonly texts: readonly TemplateText[];
  /** Offered only in conversations of these; [] for all. */
  readonly mailboxes: readonly MailboxId[];
  /** Offered only to agents of these; [] for all. */
  readonly teams: readonly TeamId[];
  /** Go along with the answer. */
  readonly files: readonly StoredFile[];
}

/** `body` is Markdown with variables such as {{customer.firstName|there}}; `language` a code such as pl or pt-BR. */
export interface TemplateText {
  readonly language: string;
  readonly body: string;
}

/** The part of a template that desk.yaml describes: everything but its files. */
export type DescribedTemplate = Omit<Template, 'id' | 'files'>;

/** Conditions -> actions, run on every inbound message in order of `position`. */
export interface Rule {
  readonly id: RuleId;
  readonly name: string;
  readonly position: number;
  readonly when: Condition;
  readonly then: readonly Action[];
}

export interface ServerLogin {
  readonly host: string;
  readonly port: number;
  /** 'tls' from the first byte, 'starttls' required, 'none' only for servers on this machine or in a private network. */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly user: string | undefined;
  /** In clear only in memory; encrypted with APP_SECRET in the database. */
  readonly password: string | undefined;
  /** PEM of a private certificate authority to trust for this server. */
  readonly ca: string | undefined;
  /** Explicit opt-out: any certificate is taken. Doctor warns about it. */
  readonly trustAnyCertificate: boolean;
}

/** What happens to a mail on the IMAP server once it is stored here. */
export type AfterIntake = { readonly do: 'leave' } | { readonly do: 'mark-seen' } | { readonly do: 'move'; readonly folder: string };

/** An address that we watch and answer from. */
export interface Mailbox extends ForSome {
  readonly id: MailboxId;
  readonly kind: 'imap' | 'smtp';
  /** What customers see in From. Lower case. */
  readonly address: string;
  readonly name: string;
  /** Other addresses whose mail arrives here. Lower case. */
  readonly aliases: readonly string[];
  /** Language of what Goniec itself writes to customers from here. */
  readonly locale: Locale;
  /** Markdown put under each answer; '' for none. */
  readonly signature: string;
  /** Channel for mail that no rule gave a place. */
  readonly channel: ChannelId;
  readonly imap: (ServerLogin & {
    readonly folders: readonly string[];
    readonly after: AfterIntake;
    /** Copies of answers go to this folder; undefined: none are made (the server does it itself). */
    readonly sentFolder: string | undefined;
    /** Spam is moved into this folder, and back from it when it was none; undefined: mail stays where it lies. */
    readonly spamFolder?: string | undefined;
    readonly pollSeconds: number;
  }) | undefined;
  readonly smtp: ServerLogin | undefined;
  /** First connection: mail before this moment is left alone; mail from here to the connection is history, stored without cards. */
  readonly since: Date | undefined;
  /** A larger mail gets a card that says so and stays on the server. */
  readonly maxMailBytes: number;
  /** Largest mail that leaves from here, files and all, as it travels. */
  readonly maxAnswerBytes: number;
  /** Seconds in which an answer can be undone. */
  readonly undoSeconds: number;
  /** Every answer from here waits until a colleague has approved it. */
  readonly approval: boolean;
  /** A conversation comes back when the customer has not written so many days after an answer; undefined: it does not. */
  readonly followUpDays: number | undefined;
  /** When an answer to a customer who waits is due; undefined: never. */
  readonly answerWithin: AnswerGoal | undefined;
  /** Answers ask for replies at address+token, where the server supports it. */
  readonly plusAddressing: boolean;
}

/** How soon a customer is answered, in minutes of business hours; a priority that is not named is like `normal`. */
export type AnswerGoal = Readonly<Partial<Record<Priority, number>>> & { readonly normal: number };

/** Business hours: minutes since midnight in `timeZone`, by ISO weekday 1 (Monday) to 7. */
export interface Hours {
  readonly timeZone: string;
  readonly week: Readonly<Record<number, readonly { readonly from: number; readonly to: number }[]>>;
}

/** Everything desk.yaml describes, as decisions need it. */
export interface Desk {
  readonly name: string;
  readonly locale: Locale;
  readonly sample: boolean;
  readonly hours: Hours;
  readonly spam: SpamSettings;
  readonly mailboxes: readonly Mailbox[];
  readonly channels: readonly Channel[];
  readonly teams: readonly Team[];
  readonly agents: readonly Agent[];
  readonly groups?: readonly Group[];
  readonly folders: readonly Folder[];
  readonly labels: readonly Label[];
  readonly templates: readonly Template[];
  readonly rules: readonly Rule[];
  /** What was only for some and is no longer on the desk: what lies in it stays out of the others' sight. */
  readonly retired?: readonly RetiredPlace[];
  /** Our own addresses beside those of `mailboxes`, where the desk is drawn for somebody who does not see them all. */
  readonly otherAddresses?: readonly string[];
}

export interface RetiredPlace {
  readonly kind: 'mailbox' | 'channel' | 'folder';
  readonly id: string;
  readonly visibleTo: Audience;
}

/* ---- what comes to be while the desk runs ---- */

export const STATUSES = ['open', 'pending', 'snoozed', 'closed', 'spam'] as const;
/** open: the team owes an answer; pending: waiting for the customer; snoozed: out of sight until a time; closed; spam. */
export type Status = (typeof STATUSES)[number];

/** The person outside who writes. */
export interface Customer {
  readonly id: CustomerId;
  readonly name: string;
  /** Lower case; the first is the one seen first. */
  readonly addresses: readonly string[];
  readonly language: string | undefined;
  readonly labels: readonly LabelId[];
  /** Turned out to be this one; undefined: is themselves. */
  readonly mergedInto: CustomerId | undefined;
}

/** A customer as they come to be: by writing. */
export type NewCustomer = Pick<Customer, 'id' | 'name' | 'addresses' | 'language'>;

/** Something staff wrote about a customer, whatever the conversation. */
export interface CustomerNote {
  readonly id: CustomerNoteId;
  readonly customerId: CustomerId;
  readonly authorId: AgentId;
  readonly text: string;
  readonly createdAt: Date;
}

export const CUSTOMER_EVENT_KINDS = ['renamed', 'language', 'labelled', 'unlabelled', 'noted', 'note-removed', 'linked', 'unlinked', 'merged', 'unmerged'] as const;
export type CustomerEventKind = (typeof CUSTOMER_EVENT_KINDS)[number];

/** One line of a customer's history. */
export interface CustomerEvent {
  readonly id: CustomerEventId;
  readonly customerId: CustomerId;
  readonly at: Date;
  readonly agentId: AgentId;
  readonly what: CustomerEventKind;
  readonly data: Readonly<Record<string, string>>;
}

/** Two customers made one, and how to take it back. */
export interface CustomerMerge {
  readonly id: CustomerMergeId;
  readonly from: CustomerId;
  readonly into: CustomerId;
  readonly at: Date;
  readonly agentId: AgentId;
  readonly moved: {
    readonly addresses: readonly string[];
    readonly conversations: readonly ConversationId[];
    readonly notes: readonly CustomerNoteId[];
    /** What the one who stayed looked like. */
    readonly before: Pick<Customer, 'name' | 'language' | 'labels'>;
  };
}

/** The exchange with one customer about one matter. */
export interface Conversation {
  readonly id: ConversationId;
  /** The number that people say aloud: #42. */
  readonly number: number;
  readonly mailboxId: MailboxId;
  readonly customerId: CustomerId;
  readonly subject: string;
  readonly status: Status;
  readonly assigneeId: AgentId | undefined;
  readonly teamId: TeamId | undefined;
  readonly labels: readonly LabelId[];
  readonly priority: Priority;
  /** Where its card is; undefined while it lies in a folder. */
  readonly channelId: ChannelId | undefined;
  /** Where it is filed without a card. */
  readonly folderId: FolderId | undefined;
  /** Counts up with every change. Forms and buttons carry the revision they were drawn from. */
  readonly revision: number;
  /** Everybody on the customer's side: From, To and Cc of its mails, our own addresses left out. They may join. */
  readonly participants: readonly string[];
  readonly language: string | undefined;
  /** First words of the newest message of the customer, for the card. */
  readonly excerpt: string;
  /** Since when the customer has been waiting for us; undefined when they are not. */
  readonly waitingSince: Date | undefined;
  /** When an answer is due (see core/due); undefined while nobody waits for one, or none is promised. Of a snoozed one: when it will be, once it is back. */
  readonly dueAt: Date | undefined;
  /** When a snoozed one comes back by itself; undefined where it waits for the customer alone. */
  readonly snoozedUntil: Date | undefined;
  /** When one that waits for the customer comes back by itself; undefined where it waits for ever. */
  readonly followUpAt: Date | undefined;
  /** Its mails and notes went into this one; its number leads there. */
  readonly mergedInto: ConversationId | undefined;
  /** What a person should know or decide, shown on the card; undefined when all is well. */
  readonly warning: ConversationWarning | undefined;
  readonly threadRef: ThreadRef | undefined;
  readonly cardRef: PostRef | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type ConversationWarning =
  /** Somebody who was not part of it wrote with a valid reference: shown, and can be split off. */
  | { readonly kind: 'stranger'; readonly address: string; readonly messageId: MessageId }
  /** The same customer has another open conversation: it may be the same matter. */
  | { readonly kind: 'maybe-same'; readonly conversationId: ConversationId; readonly number: number }
  /** Automatic mails went back and forth; automatic answers are off here. */
  | { readonly kind: 'loop'; readonly address: string }
  /** The mail was over the mailbox's limit and stays on the server. */
  | { readonly kind: 'too-large'; readonly bytes: number };

export type MessageState =
  /** Inbound: nothing more to do. */
  | 'received'
  /** Outbound, begun: anybody may finish it. Nothing is sent. */
  | 'draft'
  /** Outbound, written: a colleague has to approve it before it goes anywhere. */
  | 'awaiting'
  /** Outbound, waiting: within the undo window, for its turn or for its next try. */
  | 'queued'
  | 'sending'
  /** Accepted by our mail server. */
  | 'sent'
  /** Refused for good; `problem` says why. */
  | 'failed'
  /** It may or may not have been accepted: a person decides. */
  | 'uncertain'
  /** Accepted, then returned; `problem` says why. */
  | 'bounced'
  /** Undone before it was sent. */
  | 'cancelled';

export interface Attachment {
  readonly id: AttachmentId;
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly inline: boolean;
  readonly contentId: string | undefined;
  readonly content: AttachmentContent;
}

/** Where the bytes are: in a blob of their own (answers), or still in the message's raw mail, by position among its attachments (inbound). */
export type AttachmentContent = { readonly kind: 'blob'; readonly hash: BlobHash } | { readonly kind: 'part'; readonly index: number };

/** One mail in a conversation. */
export interface Message {
  readonly id: MessageId;
  readonly conversationId: ConversationId;
  readonly direction: 'in' | 'out';
  /** Automatic mail is folded, neither reopens nor counts; `reason` says how it was recognised. */
  readonly automatic: { readonly kind: 'bounce' | 'auto-reply' | 'list' | 'system' | 'acknowledgement'; readonly reason: string } | undefined;
  /** The raw mail that an inbound message was read from. */
  readonly rawMailId: RawMailId | undefined;
  /** Message-ID without angle brackets. */
  readonly headerId: string | undefined;
  readonly inReplyTo: string | undefined;
  readonly references: readonly string[];
  readonly from: MailAddress;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  /** Answers only; the other receivers do not see them. */
  readonly bcc: readonly MailAddress[];
  readonly replyTo: readonly MailAddress[];
  readonly subject: string;
  /** What was written now, in Markdown. */
  readonly text: string;
  /** Quoted history and signature, folded away; '' for none. */
  readonly hiddenText: string;
  readonly hiddenLines: number;
  /** The raw mail has an HTML part; it is read from there when asked for, and only ever shown sanitised. */
  readonly hasHtml: boolean;
  readonly attachments: readonly Attachment[];
  /** Outbound: who wrote it. undefined for acknowledgements and for answers written in another mail client. */
  readonly authorId: AgentId | undefined;
  readonly state: MessageState;
  /** Plain words for failed, bounced and uncertain, and for a draft that was sent back, as a message key with parameters. */
  readonly problem: Problem | undefined;
  /** Outbound: goes to an outsider, so the customer still waits for us. */
  readonly keepsTurn: boolean;
  /** Outbound: when the answer was due that this one gave; undefined where none was. */
  readonly dueAt: Date | undefined;
  /** Outbound: when the undo window ends; of a draft: when it is to leave, if somebody said so. */
  readonly sendAt: Date | undefined;
  readonly sentAt: Date | undefined;
  /** Revision of the conversation that this message made; the stale fence compares it. */
  readonly revision: number;
  readonly contentHash: string;
  readonly language: string | undefined;
  /** Our clock when it came to us or was written. */
  readonly createdAt: Date;
}

/** What went wrong, translatable: `key` of the message catalogue, its parameters, and the server's own words (shown behind a fold). */
export interface Problem {
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly detail: string | undefined;
}

/** A file that staff brought, in the blob store. */
export interface StoredFile {
  readonly blob: BlobHash;
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: number;
}

/** Something staff wrote that the customer never sees. */
export interface Note {
  readonly id: NoteId;
  readonly conversationId: ConversationId;
  readonly authorId: AgentId;
  readonly text: string;
  readonly files: readonly StoredFile[];
  /** Bridge it was written in. */
  readonly via: string;
  readonly revision: number;
  readonly createdAt: Date;
  readonly editedAt: Date | undefined;
  readonly deletedAt: Date | undefined;
  /** Since when it stands above the thread and on the card; undefined: it does not. */
  readonly pinnedAt: Date | undefined;
}

/** Who did it: an agent, a rule, or Goniec itself. */
export type Actor = { readonly kind: 'agent'; readonly id: AgentId } | { readonly kind: 'rule'; readonly id: RuleId } | { readonly kind: 'goniec' };

/** One line of a conversation's history. */
export interface HistoryEvent {
  readonly id: EventId;
  readonly conversationId: ConversationId;
  readonly at: Date;
  readonly actor: Actor;
  readonly what: EventKind;
  /** Names and values of what happened, by kind; see the message catalogue, `event.*`. */
  readonly data: Readonly<Record<string, string>>;
  readonly revision: number;
}

export const EVENT_KINDS = [
  'opened', 'routed', 'claimed', 'released', 'assigned', 'team-assigned', 'closed', 'reopened', 'pending', 'undone', 'bounced', 'joined-by-stranger', 'automatic', 'acknowledged',
  'filed', 'labelled', 'priority', 'send-failed', 'send-uncertain', 'send-resolved', 'loop-stopped', 'copy-failed', 'old-text', 'unlabelled', 'spam', 'not-spam', 'moved', 'snoozed', 'unsnoozed', 'merged', 'merged-into', 'unmerged', 'split', 'split-from', 'forwarded',
  'answer-edited', 'drafted', 'draft-sent', 'approval-asked', 'approved', 'sent-back', 'follow-up-set', 'follow-up-off', 'follow-up-due', 'reminder-set', 'exported', 'dealt', 'handed-over', 'note-pinned', 'note-unpinned',
  'blocked', 'sender-blocked', 'sender-unblocked', 'sender-allowed', 'sender-disallowed', 'spam-not-moved', 'customer-changed', 'bulk-undone',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/* ---- intake ---- */

export type RawMailState =
  /** Kept, not yet understood. */
  | 'stored'
  /** Became a message, or was recognised as a copy. */
  | 'done'
  /** Held: a person looks. */
  | 'quarantined'
  /** It was spam, and its time was over: the message and the bytes are gone, only this line tells that it was here. */
  | 'purged'
  /** Older than the first connection: kept for search, no card. */
  | 'history';

/** One mail as it arrived, in the ledger of intake. Its bytes are in the blob store under `blob`. */
export interface RawMail {
  readonly id: RawMailId;
  readonly mailboxId: MailboxId;
  readonly source: 'imap' | 'smtp' | 'replay';
  /** Where it lies on the server; undefined for SMTP. */
  readonly place: { readonly folder: string; readonly uidValidity: number; readonly uid: number } | undefined;
  /** Where we moved it to on the server; undefined: it lies where it came. */
  readonly movedTo?: ServerPlace | undefined;
  /** undefined when over the mailbox's limit: only `headers` were taken. */
  readonly blob: BlobHash | undefined;
  readonly bytes: number;
  /** SMTP envelope recipients that are ours, in lower case; [] when unknown. */
  readonly recipients: readonly string[];
  readonly receivedAt: Date;
  readonly state: RawMailState;
  /** History of the mailbox from before the first connection. */
  readonly historic: boolean;
  readonly tries: number;
  /** Why it is in quarantine, or what it was recognised as. */
  readonly outcome: string | undefined;
  readonly messageId: MessageId | undefined;
  /** For lists of people: subject and sender as far as they could be read. */
  readonly subject: string;
  readonly sender: string;
}

/** Where a mail lies on an IMAP server. Not every server says which number a mail got that was moved (UIDPLUS, RFC 4315). */
export interface ServerPlace {
  readonly folder: string;
  readonly uidValidity: number | undefined;
  readonly uid: number | undefined;
}

/** How far a folder has been read. Never a time window: UIDs only. */
export interface FolderCursor {
  readonly mailboxId: MailboxId;
  readonly folder: string;
  readonly uidValidity: number;
  /** Highest UID that is stored. */
  readonly lastUid: number;
  /** UIDs up to here are history: they were in the mailbox before we first connected. */
  readonly historyUid: number;
}

/** An agent asked to be reminded. */
export interface Reminder {
  readonly id: ReminderId;
  readonly conversationId: ConversationId;
  readonly agentId: AgentId;
  readonly at: Date;
  readonly text: string;
}

export const NOTICE_KINDS = ['mentioned', 'reminded', 'assigned', 'dealt', 'handed-over'] as const;

/** Something that an agent is told in person, on the web desk and in their chat. */
export interface Notice {
  readonly id: NoticeId;
  /** Who is told. */
  readonly agentId: AgentId;
  /** mentioned in a note; reminded; assigned by a colleague; dealt by a team that hands out; handed over from a colleague who is away. */
  readonly kind: (typeof NOTICE_KINDS)[number];
  readonly conversationId: ConversationId;
  readonly noteId: NoteId | undefined;
  /** Whose doing it is, or from whom it was taken; undefined: Goniec's own. */
  readonly byId: AgentId | undefined;
  readonly at: Date;
  readonly readAt: Date | undefined;
}

/** An agent is out of office from `from` on, and back at `until`. */
export interface Absence {
  readonly id: AbsenceId;
  readonly agentId: AgentId;
  readonly from: Date;
  readonly until: Date;
  /** Who gets their conversations meanwhile; undefined: the team of each conversation. */
  readonly standIn: Assignee | undefined;
}

/** Somebody or a group that a conversation can be given to. */
export type Assignee = { readonly kind: 'agent'; readonly id: AgentId } | { readonly kind: 'team'; readonly id: TeamId };

/** Two conversations made one, and how to take it back. */
export interface Merge {
  readonly id: MergeId;
  readonly from: ConversationId;
  readonly into: ConversationId;
  readonly at: Date;
  readonly agentId: AgentId;
  readonly moved: { readonly messages: readonly MessageId[]; readonly notes: readonly NoteId[]; readonly status: Status; readonly participants: readonly string[] };
}

/** A template as the database has it, retired ones too. */
export interface TemplateRecord {
  readonly template: Template;
  /** Not offered any more; kept, so that it can come back. */
  readonly retired: boolean;
  /** What desk.yaml said of it when it was last applied; undefined: nothing, it was made on the desk. */
  readonly described: DescribedTemplate | undefined;
  /** The last change that a person made on the desk. */
  readonly changed: { readonly at: Date; readonly by: AgentId } | undefined;
}

/** How often answers were begun from a template; those that were taken back do not count. */
export interface TemplateUsage {
  readonly count: number;
  readonly lastAt: Date;
}

/** What is left of a conversation that was spam and whose time was over. */
export interface Purged {
  readonly number: number;
  readonly conversationId: ConversationId;
  readonly spamSince: Date;
  /** Who said that it was spam; undefined: a rule, or the list of blocked senders. */
  readonly agentId: AgentId | undefined;
  readonly purgedAt: Date;
}

/** Somebody has a conversation, or the form of an answer to it, before them. */
export interface Presence {
  readonly conversationId: ConversationId;
  readonly agentId: AgentId;
  /** Bridge they are in. */
  readonly via: string;
  readonly doing: 'reading' | 'writing';
  readonly until: Date;
}
