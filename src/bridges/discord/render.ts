/** A post as Discord shows it: an embed for what is seen at a glance (cards, notes, events), plain messages for mails, split within Discord's limits. */
import { ButtonStyle, ComponentType, MessageFlags } from 'discord.js';

import type { Locale } from '../../core/model.js';
import type { Post, PostAction, PostFile, Tone } from '../../core/post.js';
import { formatBytes, say } from '../../core/language/say.js';
import type { CustomIds } from './custom-ids.js';
import type { Json } from './json.js';
import {
  MAX_BUTTON_LABEL_CHARS, MAX_CONTENT_CHARS, MAX_DESCRIPTION_CHARS, MAX_FILES, MAX_FOOTER_CHARS, MAX_PIECES, MAX_QUOTE_CHARS, MAX_REQUEST_BYTES, MAX_ROW_BUTTONS, MAX_ROWS, MAX_THREAD_NAME_CHARS, MAX_TITLE_CHARS,
} from './limits.js';
import { literally, mailText, NO_MENTIONS, oneLine, shorten } from './plain-text.js';
import { splitText } from './split.js';

export interface Piece {
  /** What POST and PATCH of a message take. */
  readonly body: Json;
  /** Uploaded when it is posted; an edit leaves files as they are. */
  readonly files: readonly PostFile[];
  /** Of a mail: what stays the same whatever becomes of it. */
  readonly trace?: Trace;
}

export interface Trace {
  /** Its first line; '' where it has none. */
  readonly heading: string;
  readonly text: string;
}

export interface RenderNeeds {
  readonly ids: CustomIds;
  /** What everybody in the channel reads. */
  readonly locale: Locale;
  /** Bytes of one file that the server allows. */
  readonly maxFileBytes: number;
  /** A forum shows the title itself, as the name of the post. */
  readonly inForum: boolean;
}

/** Petrol, grey, red, violet, amber: the colours of the desk (desk/tokens.css), each with its one meaning. */
const COLOURS: Readonly<Record<Tone, number>> = { open: 0x0a5c6b, quiet: 0x74827f, late: 0xab1f1a, decide: 0x5f3bb0, note: 0xdcb244, out: 0x0a5c6b };
const STYLES: Readonly<Record<PostAction['style'], ButtonStyle>> = { primary: ButtonStyle.Primary, plain: ButtonStyle.Secondary, danger: ButtonStyle.Danger };
/** Facts of a card that have a place of their own: customer and address above, mailbox below. */
const AUTHOR_FACTS = 2;

/** Four buttons, as many as a phone has room for (desk/README: card table): Claim or Release, Answer, Template, More. Whatever else can be done stands behind More. */
const BESIDE_ANSWER: readonly string[] = ['claim', 'release'];

export function renderPost(post: Post, needs: RenderNeeds): readonly Piece[] {
  switch (post.kind) {
    case 'card':
      return withFiles([{ ...card(post, needs), components: rows(post, needs, true) }], post, needs);
    case 'mail-in':
    case 'mail-out':
      return mail(post, needs);
    case 'note': {
      const text = literally(post.text);
      const fits = text.length <= MAX_DESCRIPTION_CHARS && post.files.every(({ bytes }) => bytes <= needs.maxFileBytes);
      // Each says that the other is not there: an edit may make one of the other.
      return fits ? withFiles([{ content: '', embeds: [embed(post, [text])], components: rows(post, needs, false) }], post, needs) : mail(post, needs).map((piece) => ({ ...piece, body: { ...piece.body, embeds: [] } }));
    }
    case 'event':
      return withFiles([{ embeds: [{ ...embed(post, [literally(post.text)]), ...(post.heading && { title: title(post.heading) }) }], components: rows(post, needs, false) }], post, needs);
  }
}

/** In a title nothing is a heading: "#42" needs no escape there. */
const title = (text: string): string => literally(oneLine(text, MAX_TITLE_CHARS / 2)).replace(/^\\#/, '#');

/** What the thread or forum post is called. */
export function threadName(post: Post): string {
  return oneLine(post.heading ?? post.summary, MAX_THREAD_NAME_CHARS) || '#';
}

function card(post: Post, { inForum }: RenderNeeds): Json {
  const [name = '', ...rest] = post.facts;
  const hasAddress = rest[0]?.includes('@') ?? false;
  const author = oneLine(hasAddress ? post.facts.slice(0, AUTHOR_FACTS).join(' · ') : name, MAX_TITLE_CHARS);
  const middle = rest.slice(hasAddress ? 1 : 0, -1);
  const footer = rest.at(-1);
  const lines = [
    post.quote ? `> ${literally(oneLine(post.quote, MAX_QUOTE_CHARS))}` : '',
    post.text ? literally(shorten(post.text, MAX_CONTENT_CHARS)) : '',
    post.alert ? `**${literally(oneLine(post.alert, MAX_QUOTE_CHARS))}**` : '',
    literally(oneLine(middle.join(' · '), MAX_CONTENT_CHARS / 2)),
  ];
  return {
    embeds: [{
      ...(author && { author: { name: author } }),
      ...(!inForum && post.heading && { title: title(post.heading), ...(post.url && { url: post.url }) }),
      description: lines.filter((line) => line !== '').join('\n'),
      color: COLOURS[post.tone],
      ...(footer && { footer: { text: oneLine(footer, MAX_FOOTER_CHARS) } }),
    }],
  };
}

function embed(post: Post, lines: readonly string[]): Json {
  const all = [...lines, post.alert ? `**${literally(oneLine(post.alert, MAX_QUOTE_CHARS))}**` : ''].filter((line) => line !== '');
  return { ...(post.kind === 'note' && post.heading && { author: { name: oneLine(post.heading, MAX_TITLE_CHARS) } }), description: shorten(all.join('\n'), MAX_DESCRIPTION_CHARS) || '-', color: COLOURS[post.tone], ...(post.url && post.kind !== 'note' && { url: post.url }) };
}

function mail(post: Post, needs: RenderNeeds): readonly Piece[] {
  const { locale } = needs;
  const arrow = post.kind === 'mail-in' ? '↙ ' : post.kind === 'mail-out' ? '↗ ' : '';
  const facts = [...post.facts.map((fact) => oneLine(fact, MAX_TITLE_CHARS))].filter((fact) => fact !== '').join(' · ');
  const tooLarge = post.files.filter(({ bytes }) => bytes > needs.maxFileBytes);
  const heads = [
    `**${arrow}${literally(oneLine(post.heading ?? post.summary, MAX_TITLE_CHARS / 2))}**`,
    // Small print: a mail cannot forge it, since the beginnings of its lines are escaped.
    facts ? `-# ${shorten(literally(facts), MAX_TITLE_CHARS * 2)}` : '',
    post.alert ? `**${literally(oneLine(post.alert, MAX_QUOTE_CHARS))}**` : '',
  ].filter((line) => line !== '');
  const feet = [
    ...(post.hidden && post.url ? [`-# [${literally(post.hidden.label)}](<${post.url}>)`] : []),
    ...tooLarge.slice(0, MAX_FILES).map((file) => `-# ${literally(oneLine(file.name, MAX_TITLE_CHARS / 4))} (${formatBytes(file.bytes, locale)}): ${post.url ? `<${post.url}>` : say(locale, 'chat.file-too-large')}`),
  ];
  const head = `${heads.join('\n')}\n`;
  const foot = feet.length > 0 ? `\n${feet.join('\n')}` : '';
  const text = post.text.trim();
  const room = MAX_CONTENT_CHARS - foot.length;
  let pieces = splitText(mailText(text.slice(0, MAX_CONTENT_CHARS * (MAX_PIECES + 1))), room, room - head.length);
  const isTooLong = pieces.length > MAX_PIECES || text.length > MAX_CONTENT_CHARS * (MAX_PIECES + 1);
  const extra: PostFile[] = [];
  if (isTooLong) {
    pieces = pieces.slice(0, 1);
    extra.push(textFile('mail.txt', text));
  }
  if (post.hidden && !post.url) extra.push(textFile('quoted.txt', post.hidden.text));
  const contents = pieces.length === 0 ? [''] : [...pieces];
  const bodies = contents.map((content, index): Json => ({
    content: `${index === 0 ? head : ''}${content}${index === contents.length - 1 ? `${isTooLong ? `\n-# ${say(locale, 'chat.rest-in-file', { file: 'mail.txt' })}` : ''}${foot}` : ''}`.slice(0, MAX_CONTENT_CHARS),
    // Addresses in a mail must not be fetched by Discord.
    flags: MessageFlags.SuppressEmbeds,
    components: index === 0 ? rows(post, needs, false) : [],
  }));
  const traces = contents.map((text, index): Trace => ({ heading: index === 0 ? (heads[0] ?? '') : '', text }));
  return withFiles(bodies, { ...post, files: [...extra, ...post.files] }, needs).map((piece, index) => ({ ...piece, ...(traces[index] && { trace: traces[index] }) }));
}

/** Files go with the last message; more than fit into one request follow in messages of their own. */
function withFiles(bodies: readonly Json[], post: Post, needs: RenderNeeds): readonly Piece[] {
  const batches: PostFile[][] = [[]];
  let bytes = 0;
  for (const file of post.files.filter((one) => one.bytes <= needs.maxFileBytes)) {
    const last = batches.at(-1);
    if (!last || last.length === MAX_FILES || (last.length > 0 && bytes + file.bytes > MAX_REQUEST_BYTES)) {
      batches.push([file]);
      bytes = file.bytes;
    } else {
      last.push(file);
      bytes += file.bytes;
    }
  }
  const [first = [], ...more] = batches;
  const pieces = bodies.map((body, index): Piece => ({ body: { ...body, allowed_mentions: NO_MENTIONS }, files: index === bodies.length - 1 ? first : [] }));
  return [...pieces, ...more.map((files): Piece => ({ body: { content: '', allowed_mentions: NO_MENTIONS }, files }))];
}

const textFile = (name: string, text: string): PostFile => {
  const bytes = new TextEncoder().encode(text);
  return { name, contentType: 'text/plain; charset=utf-8', bytes: bytes.byteLength, read: () => Promise.resolve(bytes) };
};

function rows(post: Post, { ids, locale }: RenderNeeds, isCard: boolean): readonly Json[] {
  const [first] = post.actions;
  if (!isCard || !first) return inRows(post.actions.map((action) => button(action, ids)));
  const answer = post.actions.find(({ verb }) => verb === 'reply');
  const plain = (kind: 'template' | 'more', verb: string, label: string, args: PostAction['args'] = {}): Json => ({
    type: ComponentType.Button, style: ButtonStyle.Secondary, label, custom_id: ids.write({ kind, verb, conversationId: first.conversationId, revision: first.revision, args }),
  });
  const shown = answer ? post.actions.filter((action) => action === answer || BESIDE_ANSWER.includes(action.verb)) : post.actions;
  return inRows([...shown.map((action) => button(action, ids)), ...(answer ? [plain('template', answer.verb, say(locale, 'button.template'))] : []), plain('more', '', say(locale, 'button.more'), post.about ? { status: post.about.status } : {})]);
}

/** A button, as it stands in a row. */
export function button(action: PostAction, ids: CustomIds, label = action.label): Json {
  const { verb, conversationId, revision, args } = action;
  return { type: ComponentType.Button, style: STYLES[action.style], label: oneLine(label, MAX_BUTTON_LABEL_CHARS) || '…', custom_id: ids.write({ kind: 'do', verb, conversationId, revision, args }) };
}

/** Buttons in rows of five; what does the same twice is left out, and what does not fit. */
export function inRows(buttons: readonly Json[]): readonly Json[] {
  const unique = [...new Map(buttons.map((one) => [one['custom_id'], one])).values()].slice(0, MAX_ROWS * MAX_ROW_BUTTONS);
  const result: Json[] = [];
  for (let at = 0; at < unique.length; at += MAX_ROW_BUTTONS) result.push({ type: ComponentType.ActionRow, components: unique.slice(at, at + MAX_ROW_BUTTONS) });
  return result;
}
