/**
 * A conversation as one HTML file that needs nothing else: to be kept, handed on, printed or saved as PDF. Nothing in it is loaded from anywhere, and nothing in it runs. Notes and events are the
 * team's own: they are in it only when asked for, and then it says so at the top.
 */
import type { MailAddress } from './mail.js';
import { formatBytes, formatDateTime, say } from './language/say.js';
import type { Conversation, Customer, Desk, Locale, Mailbox, Message, Note } from './model.js';
import { agentName } from './names.js';
import { eventText, type Teller, type TimelineEntry } from './timeline.js';

export interface ExportTeller extends Teller {
  readonly locale: Locale;
  bytes(bytes: number): string;
}

export const tellerOf = (locale: Locale, timeZone: string): ExportTeller => ({
  locale,
  say: (key, params) => say(locale, key, params),
  dateTime: (date) => formatDateTime(date, locale, timeZone),
  bytes: (bytes) => formatBytes(bytes, locale),
});

export interface ExportFacts {
  readonly conversation: Conversation;
  readonly customer: Customer | undefined;
  readonly mailbox: Mailbox | undefined;
  readonly desk: Desk;
  readonly entries: readonly TimelineEntry[];
  /** Notes and events are in it. */
  readonly internal: boolean;
  readonly now: Date;
  readonly teller: ExportTeller;
  /** Markdown to HTML that loads nothing. */
  readonly toHtml: (markdown: string) => string;
  /** Pictures by the id of their attachment, as `data:` addresses. */
  readonly pictures: ReadonlyMap<string, string>;
}

const STYLE = `
body { margin: 0 auto; padding: 2rem 1rem; max-width: 46rem; font: 15px/1.5 system-ui, sans-serif; color: #1c2326; background: #fff; }
h1 { margin: 0 0 .5rem; font-size: 1.35rem; } h2 { margin: 0; font-size: 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: 0 0 1rem; font-size: .87rem; color: #4a565b; } dt { color: #6a767b; } dd { margin: 0; overflow-wrap: anywhere; }
.mark { margin: 0 0 1.5rem; padding: .5rem .8rem; border: 1px solid #c9d2d5; border-radius: 4px; } .mark.internal { border: 2px dashed #a8690a; color: #7a4a00; font-weight: 600; }
article { margin: 0 0 1rem; padding: .8rem 1rem; border: 1px solid #d6dddf; border-radius: 6px; overflow-wrap: anywhere; } article.out { margin-left: 2rem; background: #f0f7f7; border-color: #b9d6d6; } article.in { margin-right: 2rem; }
article.note { border: 1px dashed #c08a2e; background: #fdf6e7; } article header { margin-bottom: .5rem; } .event { margin: .2rem 0 1rem; font-size: .82rem; color: #6a767b; }
blockquote { margin: 0 0 0 .4rem; padding-left: .8rem; border-left: 2px solid #c9d2d5; color: #4a565b; } pre { white-space: pre-wrap; } img { max-width: 100%; max-height: 30rem; }
.files { margin: .5rem 0 0; padding: 0; list-style: none; font-size: .87rem; color: #4a565b; } .dim { color: #6a767b; font-size: .87rem; }
@media print { body { padding: 0; max-width: none; font-size: 11pt; } article, .mark { break-inside: avoid; } }`;

export function exportPage(facts: ExportFacts): string {
  const { conversation, customer, mailbox, entries, internal, now, teller } = facts;
  const title = `#${conversation.number} ${conversation.subject || teller.say('mail.no-subject')}`;
  const heads: readonly (readonly [string, string])[] = [
    [teller.say('web.customer'), [customer?.name, ...(customer?.addresses ?? [])].filter(Boolean).join(', ')],
    [teller.say('thread.mailbox'), mailbox?.address ?? conversation.mailboxId],
    [teller.say('export.status'), teller.say(`status.${conversation.status}`)],
    [teller.say('web.since'), teller.dateTime(conversation.createdAt)],
    [teller.say('export.made'), teller.dateTime(now)],
  ];
  const mark = `<p class="mark${internal ? ' internal' : ''}">${text(teller.say(internal ? 'export.with-notes' : 'export.without-notes'))}</p>`;
  return [
    '<!DOCTYPE html>',
    `<html lang="${attribute(teller.locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"><title>${text(title)}</title><style>${STYLE}</style></head>`,
    `<body><h1>${text(title)}</h1>${list(heads)}${mark}<main>`,
    ...entries.map((entry) => entryHtml(entry, facts)),
    '</main></body></html>',
  ].join('\n');
}

function entryHtml(entry: TimelineEntry, facts: ExportFacts): string {
  const { teller, desk } = facts;
  if (entry.kind === 'mail') return mailHtml(entry.message, facts);
  if (entry.kind === 'note') return noteHtml(entry.note, facts);
  return `<p class="event">${text(teller.dateTime(entry.at))}: ${text(eventText(teller, desk, undefined, entry.event))}</p>`;
}

function mailHtml(message: Message, { teller, desk, toHtml, pictures }: ExportFacts): string {
  const isOut = message.direction === 'out';
  const who = isOut ? (agentName(desk, message.authorId) ?? (message.from.name || message.from.address)) : message.from.name || message.from.address || teller.say('mail.unknown-sender');
  const addresses = (all: readonly MailAddress[]): string => all.map(({ name, address }) => (name ? `${name} <${address}>` : address)).join(', ');
  const heads: readonly (readonly [string, string])[] = [
    [teller.say('mail.from'), addresses([message.from])],
    [teller.say('mail.to'), addresses(message.to)],
    ...(message.cc.length > 0 ? [[teller.say('mail.cc'), addresses(message.cc)] as const] : []),
    [teller.say('mail.subject'), message.subject || teller.say('mail.no-subject')],
    ...(isOut ? [[teller.say('export.status'), teller.say(`state.${message.state}`)] as const] : []),
  ];
  const body = message.text.trim() ? toHtml(message.text) : `<p class="dim">${text(teller.say('mail.no-text'))}</p>`;
  const hidden = message.hiddenText ? `<p class="dim">${text(teller.say('export.hidden-lines', { count: message.hiddenLines }))}</p>` : '';
  const files = message.attachments.map((file) => {
    const picture = pictures.get(file.id);
    return `<li>${text(file.fileName)} (${text(teller.bytes(file.bytes))})${picture === undefined ? '' : `<br><img src="${attribute(picture)}" alt="${attribute(file.fileName)}">`}</li>`;
  });
  return `<article class="${message.direction}"><header><h2>${text(teller.say(isOut ? 'mail.to-customer' : 'mail.from-customer'))}: ${text(who)}</h2><p class="dim">${text(teller.dateTime(message.createdAt))}</p></header>${list(heads)}${body}${hidden}${fileList(files)}</article>`;
}

function noteHtml(note: Note, { teller, desk, toHtml }: ExportFacts): string {
  const head = `${teller.say('mail.note')}: ${agentName(desk, note.authorId) ?? teller.say('who.somebody')}`;
  const body = note.deletedAt ? `<p class="dim">${text(teller.say('mail.note-deleted'))}</p>` : toHtml(note.text);
  const files = note.deletedAt ? [] : note.files.map(({ fileName, bytes }) => `<li>${text(fileName)} (${text(teller.bytes(bytes))})</li>`);
  return `<article class="note"><header><h2>${text(head)}</h2><p class="dim">${text(teller.dateTime(note.createdAt))}</p></header>${body}${fileList(files)}</article>`;
}

const fileList = (items: readonly string[]): string => (items.length > 0 ? `<ul class="files">${items.join('')}</ul>` : '');

const list = (heads: readonly (readonly [string, string])[]): string => `<dl>${heads.map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>`).join('')}</dl>`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const attribute = (value: string): string => value.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
const text = attribute;
