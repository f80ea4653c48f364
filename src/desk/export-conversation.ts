import type { ConversationId } from '../core/ids.js';
import type { Agent, Conversation, Desk, Message, Note } from '../core/model.js';
import type { Archive } from '../core/ports/effects.js';
import type { ComposeMail } from '../core/ports/mail.js';
import type { Store } from '../core/ports/store.js';
import { exportPage, type ExportTeller } from '../core/export-page.js';
import { demand } from '../core/permissions.js';
import { agentName } from '../core/names.js';
import { eventText, timelineOf, type TimelineEntry } from '../core/timeline.js';
import { EffectError, Refusal } from '../core/errors.js';
import type { ReadContent } from './read-content.js';
import { addHistory, byActor, loadConversation, type StaffUnit } from './unit.js';

export const EXPORT_FORMATS = ['html', 'zip'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportNeeds {
  readonly store: Pick<Store, 'messages' | 'notes' | 'events' | 'customers'>;
  readonly content: ReadContent;
  readonly compose: ComposeMail;
  readonly archive: Archive;
  readonly toHtml: (markdown: string) => string;
}

export interface ExportWish {
  readonly conversation: Conversation;
  readonly desk: Desk;
  readonly format: ExportFormat;
  /** The team's own notes and events as well. */
  readonly internal: boolean;
  readonly teller: ExportTeller;
  readonly now: Date;
}

export interface ExportedFile {
  readonly fileName: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

/** Answers that went to nobody are no part of the exchange. */
const NEVER_SENT: ReadonlySet<Message['state']> = new Set(['draft', 'awaiting', 'queued', 'cancelled']);
/** Pictures that every browser shows, and none that could run anything. */
const PICTURES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
/** Larger ones are in the mails; a page with hundreds of megabytes opens nowhere. */
const MAX_PICTURE_BYTES = 2_000_000;
const MAX_PICTURES = 30;

/** Writes down who takes a conversation away, and how. @throws Refusal where they may not read it */
export async function beginExport(unit: StaffUnit, id: ConversationId, { format, internal }: Pick<ExportWish, 'format' | 'internal'>): Promise<{ readonly conversation: Conversation; readonly desk: Desk; readonly actor: Agent; readonly now: Date }> {
  demand('read', unit.actor, unit.whole);
  const conversation = await loadConversation(unit, id);
  await addHistory(unit, conversation, [{ what: 'exported', actor: byActor(unit), data: { format: format.toUpperCase(), notes: internal ? 'yes' : 'no' } }]);
  return { conversation, desk: unit.desk, actor: unit.actor, now: unit.now };
}

/** One conversation as a file: a page to read and print, or its mails as they travelled. Changes nothing. */
export async function exportConversation(needs: ExportNeeds, wish: ExportWish): Promise<ExportedFile> {
  const { conversation, internal, format } = wish;
  const messages = (await needs.store.messages.of(conversation.id)).filter(({ state }) => !NEVER_SENT.has(state));
  const notes = internal ? await needs.store.notes.of(conversation.id) : [];
  const events = internal ? await needs.store.events.of(conversation.id) : [];
  const entries = timelineOf(messages, notes, events);
  const fileName = `conversation-${conversation.number}${internal ? '-with-notes' : ''}.${format}`;
  return format === 'html' ? { fileName, contentType: 'text/html; charset=utf-8', content: encode(await pageOf(needs, wish, entries)) } : { fileName, contentType: 'application/zip', content: await bundleOf(needs, wish, messages, notes, entries) };
}

async function pageOf({ store, content, toHtml }: ExportNeeds, { conversation, desk, internal, teller, now }: ExportWish, entries: readonly TimelineEntry[]): Promise<string> {
  const files = entries.flatMap((entry) => (entry.kind === 'mail' ? entry.message.attachments : [])).filter(({ contentType, bytes }) => PICTURES.has(contentType) && bytes <= MAX_PICTURE_BYTES).slice(0, MAX_PICTURES);
  const pictures = new Map<string, string>();
  for (const file of files) {
    const bytes = await orMissing(content.attachment(file.id));
    if (bytes) pictures.set(file.id, `data:${file.contentType};base64,${Buffer.from(bytes).toString('base64')}`);
  }
  const customer = await store.customers.get(conversation.customerId);
  const mailbox = desk.mailboxes.find(({ id }) => id === conversation.mailboxId);
  return exportPage({ conversation, customer, mailbox, desk, entries, internal, now, teller, toHtml, pictures });
}

/** The mails as .eml, in their order; what the team wrote in a folder of its own. */
async function bundleOf(needs: ExportNeeds, { conversation, desk, internal, teller, now }: ExportWish, messages: readonly Message[], notes: readonly Note[], entries: readonly TimelineEntry[]): Promise<Uint8Array> {
  const mails = await Promise.all(messages.map(async (message, index) => {
    const name = `${String(index + 1).padStart(3, '0')} ${message.createdAt.toISOString().slice(0, 10)} ${message.direction} ${safeName(message.direction === 'in' ? message.from.address : (message.to[0]?.address ?? ''))}`;
    const mail = await orMissing(mailOf(needs, desk, conversation, message));
    return mail ? { name: `${name}.eml`, content: mail, at: message.createdAt } : { name: `${name}.txt`, content: encode(`${teller.say('export.mail-missing')}\n\n${message.subject}\n\n${message.text}\n`), at: message.createdAt };
  }));
  const head = [`#${conversation.number} ${conversation.subject}`, `${teller.say('export.made')}: ${teller.dateTime(now)}`, teller.say(internal ? 'export.with-notes' : 'export.without-notes'), ''];
  const contents = { name: 'contents.txt', content: encode([...head, ...mails.map(({ name }) => name)].join('\n')), at: now };
  const lines = entries.map((entry) => `${teller.dateTime(entry.at)}  ${lineOf(entry, desk, teller)}`);
  const own = internal ? [{ name: 'team-only/history.txt', content: encode(`${teller.say('export.with-notes')}\n\n${lines.join('\n')}\n`), at: now }, ...(await noteFiles(needs, notes))] : [];
  return needs.archive([contents, ...mails, ...own]);
}

async function noteFiles({ content }: ExportNeeds, notes: readonly Note[]): Promise<readonly Parameters<Archive>[0][number][]> {
  const files = notes.filter(({ deletedAt }) => !deletedAt).flatMap((note) => note.files.map((file, index) => ({ note, file, index })));
  const read = await Promise.all(files.map(async ({ note, file, index }) => {
    const bytes = await orMissing(content.blob(file.blob));
    return bytes && { name: `team-only/${note.createdAt.toISOString().slice(0, 10)} ${note.id.slice(-6)}-${index + 1} ${safeName(file.fileName)}`, content: bytes, at: note.createdAt };
  }));
  return read.filter((file) => file !== undefined);
}

function lineOf(entry: TimelineEntry, desk: Desk, teller: ExportTeller): string {
  if (entry.kind === 'event') return eventText(teller, desk, undefined, entry.event);
  if (entry.kind === 'note') return `${teller.say('mail.note')}: ${agentName(desk, entry.note.authorId) ?? teller.say('who.somebody')}: ${entry.note.deletedAt ? teller.say('mail.note-deleted') : entry.note.text}`;
  const { message } = entry;
  return `${teller.say(message.direction === 'in' ? 'mail.from-customer' : 'mail.to-customer')}: ${message.from.address}: ${message.subject}`;
}

/** As it came, or as it went: composing an answer again gives the same bytes. */
async function mailOf({ content, compose }: ExportNeeds, desk: Desk, { mailboxId }: Conversation, message: Message): Promise<Uint8Array> {
  if (message.rawMailId) return content.source(message.rawMailId);
  const mailbox = desk.mailboxes.find(({ id }) => id === mailboxId);
  if (!mailbox) throw new Refusal('refused.mailbox-gone', { mailbox: mailboxId });
  return (await compose(mailbox, message)).raw;
}

/** What is not stored any more is said to be missing; the rest is exported all the same. */
async function orMissing<Content>(reading: Promise<Content>): Promise<Content | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Refusal || error instanceof EffectError || (error instanceof Error && error.name.startsWith('Blob'))) return undefined;
    throw error;
  }
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** No path, nothing that a file system refuses. */
const safeName = (name: string): string => name.replace(/[^\p{L}\p{N}@._ -]+/gu, '_').slice(0, 80) || '_';

