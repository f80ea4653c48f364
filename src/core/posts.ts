/**
 * What the chat shows of a conversation, in the words of desk/README's card table: the same content and order on every platform. Pure: from the present
 * state to a Post.
 */
import type { Conversation, Customer, Desk, Locale, Message, Note, Notice, Presence, RawMail } from './model.js';
import type { Post, PostAction, PostFile, Tone } from './post.js';
import { isOverdue } from './due.js';
import type { MessageKey } from './language/catalogue.js';
import { noteLine } from './pins.js';
import { formatBytes, formatDateTime, isMessageKey, say } from './language/say.js';

/** What a post is drawn from. */
export interface PostContext {
  readonly conversation: Conversation;
  readonly customer: Customer | undefined;
  readonly messages: readonly Message[];
  readonly answering: readonly Presence[];
  /** Notes that are kept in sight, the newest first. */
  readonly pinned: readonly Note[];
  /** Conversations with this customer before this one. */
  readonly earlier: number;
  readonly desk: Desk;
  readonly now: Date;
  readonly publicUrl: string | undefined;
}

/** Labels beyond these are left to the desk. */
const MAX_LABELS = 3;
/** Pinned notes on a card, and as much of each as a phone shows in a few lines. */
const MAX_PINNED = 2;
const PINNED_CHARS = 200;

export function cardPost(context: PostContext): Post {
  const { conversation, customer, desk } = context;
  const locale = desk.locale;
  const mailbox = desk.mailboxes.find(({ id }) => id === conversation.mailboxId);
  const owner = desk.agents.find(({ id }) => id === conversation.assigneeId);
  const team = desk.teams.find(({ id }) => id === conversation.teamId);
  const trouble = troubleOf(context.messages);
  const alert = alertOf(context, trouble);
  const files = context.messages.reduce((sum, { attachments }) => sum + attachments.filter(({ inline }) => !inline).length, 0);
  return {
    kind: 'card',
    tone: toneOf(context, trouble, awaitingOf(context.messages)),
    summary: summaryOf(context),
    heading: `#${conversation.number} ${conversation.subject || say(locale, 'mail.no-subject')}`,
    url: urlOf(context),
    facts: [
      customer?.name ?? say(locale, 'mail.unknown-sender'),
      customer?.addresses[0] ?? '',
      context.earlier > 0 ? say(locale, 'fact.earlier', { count: context.earlier }) : say(locale, 'fact.first-conversation'),
      say(locale, `status.${conversation.status}`),
      owner?.name ?? (team ? say(locale, 'fact.team', { team: team.name }) : say(locale, 'fact.unassigned')),
      // Said once, with weight where nothing else is.
      ...[dueText(context)].filter((text) => text !== undefined && text !== alert).map(String),
      ...(conversation.followUpAt ? [say(locale, 'fact.follow-up', { time: formatDateTime(conversation.followUpAt, locale, desk.hours.timeZone) })] : []),
      ...(conversation.priority === 'normal' ? [] : [say(locale, `priority.${conversation.priority}`)]),
      ...conversation.labels.slice(0, MAX_LABELS).map((id) => desk.labels.find((label) => label.id === id)?.name ?? id),
      ...(files > 0 ? [say(locale, 'fact.files', { count: files })] : []),
      mailbox?.name ?? conversation.mailboxId,
    ].filter((fact) => fact !== ''),
    text: context.pinned.slice(0, MAX_PINNED).map((note) => pinnedLine(note, desk)).join('\n'),
    quote: conversation.excerpt || undefined,
    hidden: undefined,
    alert,
    files: [],
    actions: cardActions(context, trouble),
    about: { conversationId: conversation.id, status: conversation.status, priority: conversation.priority, labels: conversation.labels.map((id) => desk.labels.find((label) => label.id === id)?.name ?? id) },
  };
}

function pinnedLine(note: Note, { agents, locale }: Desk): string {
  return say(locale, 'fact.pinned', { who: agents.find(({ id }) => id === note.authorId)?.name ?? note.authorId, text: noteLine(note, PINNED_CHARS) });
}

/** The newest answer that needs a person, if any. */
function troubleOf(messages: readonly Message[]): Message | undefined {
  return messages.filter(({ direction, state }) => direction === 'out' && ['failed', 'uncertain', 'bounced'].includes(state)).at(-1);
}

/** By the clock of the desk, since everybody sees the same card; and when it is, not how long until then, since a card is not drawn anew each minute. */
function dueText({ conversation, desk, now }: PostContext): string | undefined {
  if (conversation.status !== 'open' || !conversation.dueAt) return undefined;
  return say(desk.locale, isOverdue(conversation, now) ? 'fact.overdue-since' : 'fact.due', { time: formatDateTime(conversation.dueAt, desk.locale, desk.hours.timeZone) });
}

function toneOf({ conversation, now }: PostContext, trouble: Message | undefined, awaiting: Message | undefined): Tone {
  if (trouble?.state === 'uncertain' || awaiting || conversation.warning?.kind === 'stranger') return 'decide';
  if (trouble || isOverdue(conversation, now)) return 'late';
  return conversation.status === 'open' ? 'open' : 'quiet';
}

/** The newest answer that a colleague has to approve. */
const awaitingOf = (messages: readonly Message[]): Message | undefined => messages.findLast(({ state }) => state === 'awaiting');

/** One line, only when needed: what is wrong first, then who is answering, then what to think about, then that it is overdue. */
function alertOf(context: PostContext, trouble: Message | undefined): string | undefined {
  const { conversation, desk, messages } = context;
  const locale = desk.locale;
  if (trouble) return `${stateWord(trouble, locale)}: ${problemText(trouble, locale)}`;
  const stuck = messages.find(({ direction, state, problem }) => direction === 'out' && state === 'queued' && problem);
  if (stuck) return `${stateWord(stuck, locale)}: ${problemText(stuck, locale)}`;
  const awaiting = awaitingOf(messages);
  if (awaiting) return say(locale, 'fact.awaits-approval', { who: desk.agents.find(({ id }) => id === awaiting.authorId)?.name ?? awaiting.authorId ?? '' });
  const [writer] = context.answering.filter(({ until, doing }) => doing === 'writing' && until > context.now);
  if (writer) return say(locale, 'fact.answering', { who: desk.agents.find(({ id }) => id === writer.agentId)?.name ?? writer.agentId });
  return warningText(conversation, locale) ?? (isOverdue(conversation, context.now) ? dueText(context) : undefined);
}

function warningText({ warning }: Conversation, locale: Locale): string | undefined {
  switch (warning?.kind) {
    case 'stranger':
      return say(locale, 'warning.stranger', { address: warning.address });
    case 'maybe-same':
      return say(locale, 'warning.maybe-same', { number: warning.number });
    case 'loop':
      return say(locale, 'warning.loop', { address: warning.address });
    case 'too-large':
      return say(locale, 'warning.too-large', { size: formatBytes(warning.bytes, locale) });
    case undefined:
      return undefined;
  }
}

function cardActions(context: PostContext, trouble: Message | undefined): readonly PostAction[] {
  const { conversation, desk } = context;
  const action = actionsOf(conversation, desk.locale);
  if (trouble?.state === 'uncertain') return doubtActions(trouble, action);
  if (conversation.status === 'closed') return [action('reopen', 'verb.reopen', 'primary')];
  return [
    conversation.assigneeId ? action('release', 'verb.release') : action('claim', 'verb.claim'),
    action('reply', 'button.answer', 'primary'),
    action('close', 'verb.close'),
  ];
}

type ActionMaker = (verb: string, label: MessageKey, style?: PostAction['style'], args?: PostAction['args']) => PostAction;

const actionsOf = (conversation: Conversation, locale: Locale): ActionMaker => (verb, label, style = 'plain', args = {}) => ({
  verb, label: say(locale, label), style, conversationId: conversation.id, revision: conversation.revision, args,
});

/** Two verbs of equal weight: Goniec must not guess. */
const doubtActions = (message: Message, action: ActionMaker): readonly PostAction[] => [
  action('arrived', 'button.it-arrived', 'plain', { message: message.id }),
  action('send-again', 'button.send-again', 'plain', { message: message.id }),
];

/** A mail in its thread: in full, quoted history folded, with its delivery state and what can be done about it. */
export function messagePost(message: Message, files: readonly PostFile[], context: PostContext): Post {
  const { conversation, desk } = context;
  const locale = desk.locale;
  const action = actionsOf(conversation, locale);
  const out = message.direction === 'out';
  const author = out ? (desk.agents.find(({ id }) => id === message.authorId)?.name ?? message.from.name) : message.from.name || message.from.address;
  const isUnsaid = message.state === 'draft' || message.state === 'awaiting';
  const needsPerson = ['failed', 'uncertain', 'bounced'].includes(message.state) || (message.state === 'queued' && message.problem !== undefined);
  return {
    kind: out ? 'mail-out' : 'mail-in',
    tone: message.state === 'uncertain' || message.state === 'awaiting' ? 'decide' : message.state === 'draft' ? 'quiet' : needsPerson ? 'late' : out ? 'out' : 'open',
    summary: summaryOf(context),
    heading: author,
    url: urlOf(context),
    facts: [
      ...(out ? [`${say(locale, 'mail.to')}: ${message.to.map(({ address }) => address).join(', ')}`] : [message.from.address]),
      ...(message.cc.length > 0 ? [`${say(locale, 'mail.cc')}: ${message.cc.map(({ address }) => address).join(', ')}`] : []),
      ...(out ? [whenItLeaves(message, context) ?? stateWord(message, locale)] : []),
      ...(message.automatic ? [say(locale, 'fact.automatic')] : []),
    ],
    text: message.state === 'cancelled' ? '' : message.text,
    quote: undefined,
    hidden: message.hiddenText ? { label: say(locale, 'mail.hidden-lines', { count: message.hiddenLines }), text: message.hiddenText } : undefined,
    alert: needsPerson || (isUnsaid && message.problem) ? problemText(message, locale) : isUnsaid ? say(locale, message.state === 'draft' ? 'state.draft.means' : 'state.awaiting.means') : undefined,
    files,
    actions: mailActions(message, context, action),
  };
}

/** A picture within the text that is smaller is a logo, an icon or a pixel that counts readers; in bytes. */
const SMALL_PICTURE_BYTES = 5_000;

/** Files of a mail that are shown beside it: attachments, and pictures within the text that say something. */
export function shownFiles(attachments: Message['attachments']): Message['attachments'] {
  return attachments.filter(({ inline, contentType, bytes }) => !inline || (contentType.startsWith('image/') && bytes >= SMALL_PICTURE_BYTES));
}

/** What can be done about a mail of ours where it stands. */
function mailActions(message: Message, { now }: PostContext, action: ActionMaker): readonly PostAction[] {
  const args = { message: message.id };
  const waits = message.state === 'queued' && (message.problem !== undefined || (message.sendAt !== undefined && message.sendAt > now));
  if (message.state === 'uncertain') return doubtActions(message, action);
  if (message.state === 'failed') return [action('send-again', 'button.send-again', 'plain', args)];
  if (waits) return [action('undo', 'verb.undo', 'plain', args), action('edit', 'button.edit', 'plain', args)];
  if (message.state === 'draft') return [action('approve', 'button.send-draft', 'primary', args), action('edit', 'button.edit', 'plain', args), action('undo', 'button.discard-draft', 'plain', args)];
  if (message.state === 'awaiting') return [action('approve', 'verb.approve', 'primary', args), action('edit', 'button.edit', 'plain', args), action('send-back', 'verb.send-back', 'plain', args), action('undo', 'button.discard-draft', 'plain', args)];
  return [];
}

/** From here on a clock time says more than "queued". */
const LATER_MS = 10 * 60_000;

function whenItLeaves({ state, sendAt }: Message, { now, desk }: PostContext): string | undefined {
  if (state !== 'queued' || !sendAt || sendAt.getTime() - now.getTime() < LATER_MS) return undefined;
  return say(desk.locale, 'state.queued.until', { time: formatDateTime(sendAt, desk.locale, desk.hours.timeZone) });
}

export function notePost(note: Note, files: readonly PostFile[], context: PostContext): Post {
  const { desk } = context;
  const who = desk.agents.find(({ id }) => id === note.authorId)?.name ?? note.authorId;
  return {
    kind: 'note', tone: 'note', summary: summaryOf(context), heading: say(desk.locale, 'post.note-from', { who }), url: urlOf(context), facts: [],
    text: note.deletedAt ? say(desk.locale, 'mail.note-deleted') : note.text, quote: undefined, hidden: undefined, alert: undefined, files, actions: [],
  };
}

/** Mails that the summary of a lost thread names; all are on the desk. */
const MAX_SUMMED_UP = 10;
const SUMMED_UP_CHARS = 160;

/**
 * What was said in a thread that is gone, for the one that takes its place.
 * @param former address of the old thread, if it is only its card that is gone
 */
export function anewPost(context: PostContext, former?: string): Post {
  const { messages, desk } = context;
  const lines = messages.slice(-MAX_SUMMED_UP).map((message) => {
    const who = message.direction === 'out' ? (desk.agents.find(({ id }) => id === message.authorId)?.name ?? message.from.name) : message.from.name || message.from.address;
    return `${who}: ${message.text.replace(/\s+/g, ' ').slice(0, SUMMED_UP_CHARS)}`;
  });
  return {
    kind: 'event', tone: 'quiet', summary: summaryOf(context), heading: undefined, url: urlOf(context), facts: [], text: [former ? say(desk.locale, 'post.anew-beside', { url: former }) : say(desk.locale, 'post.anew'), ...lines].join('\n'),
    quote: undefined, hidden: undefined, alert: undefined, files: [], actions: [],
  };
}

/** Said in a thread whose card is gone: where its conversation goes on. */
export function onwardPost(context: PostContext, address: string): Post {
  return {
    kind: 'event', tone: 'quiet', summary: summaryOf(context), heading: undefined, url: urlOf(context), facts: [], text: say(context.desk.locale, 'post.onward', { number: context.conversation.number, url: address }),
    quote: undefined, hidden: undefined, alert: undefined, files: [], actions: [],
  };
}

/** What an agent is told in person, in their own language. */
export function noticePost(notice: Notice, note: Note | undefined, context: Pick<PostContext, 'conversation' | 'customer' | 'desk' | 'publicUrl'>, locale: Locale): Post {
  const { conversation, desk } = context;
  const who = desk.agents.find(({ id }) => id === notice.byId)?.name ?? '';
  const said = say(locale, `notice.${notice.kind}`, { who });
  const text = note && !note.deletedAt ? note.text : conversation.excerpt;
  return {
    kind: 'event', tone: 'note', summary: `${said}: ${summaryOf(context, locale)}`, heading: summaryOf(context, locale), url: urlOf(context), facts: [], text: [said, text].filter((line) => line !== '').join('\n'),
    quote: undefined, hidden: undefined, alert: undefined, files: [], actions: [actionsOf(conversation, locale)('show', 'button.show')],
  };
}

/** What is left where a conversation was. */
export function movedPost(conversation: Conversation, place: string, locale: Locale, publicUrl: string | undefined): Post {
  const text = say(locale, 'post.moved', { number: conversation.number, place });
  return {
    kind: 'event', tone: 'quiet', summary: text, heading: `#${conversation.number} ${conversation.subject}`, url: publicUrl && `${publicUrl}/c/${conversation.number}`, facts: [], text,
    quote: undefined, hidden: undefined, alert: undefined, files: [], actions: [],
  };
}

export function quarantinePost(raw: RawMail, locale: Locale, publicUrl: string | undefined): Post {
  const text = say(locale, 'quarantine.post', { sender: raw.sender || say(locale, 'mail.unknown-sender') });
  return {
    kind: 'event', tone: 'decide', summary: text, heading: say(locale, 'quarantine.heading'), url: publicUrl && `${publicUrl}/quarantine`, facts: [], text,
    quote: undefined, hidden: undefined, alert: say(locale, 'quarantine.reason', { reason: raw.outcome ?? '' }), files: [], actions: [],
  };
}

function stateWord(message: Message, locale: Locale): string {
  return say(locale, `state.${message.state}`);
}

/** What went wrong in plain words; the server's own words stay behind a fold. */
function problemText({ problem, state }: Pick<Message, 'problem' | 'state'>, locale: Locale): string {
  if (problem && isMessageKey(problem.key)) return say(locale, problem.key, problem.params);
  return state === 'uncertain' ? say(locale, 'state.uncertain.means') : '';
}

function summaryOf({ conversation, customer, desk }: Pick<PostContext, 'conversation' | 'customer' | 'desk'>, locale: Locale = desk.locale): string {
  return say(locale, 'post.summary', { number: conversation.number, customer: customer?.name ?? '', subject: conversation.subject });
}

function urlOf({ publicUrl, conversation }: Pick<PostContext, 'publicUrl' | 'conversation'>): string | undefined {
  return publicUrl && `${publicUrl}/c/${conversation.number}`;
}
