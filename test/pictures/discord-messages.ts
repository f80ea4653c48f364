/** Draws Discord's messages as a page: enough of embeds, components and Markdown for what we post, so that the README shows the real messages without a Discord. */
import { listIn, numberIn, objectIn, textIn, type Json } from '../fakes/discord-server/json.js';

/** One message as a reader sees it. */
export interface DrawnMessage {
  readonly author: string;
  readonly isApp: boolean;
  readonly time: string;
  readonly content: string;
  readonly embeds: readonly Json[];
  readonly components: readonly Json[];
  readonly files: readonly string[];
}

export interface DrawnPost {
  readonly title: string;
  readonly tags: readonly string[];
  readonly channel: string;
  readonly messages: readonly DrawnMessage[];
}

export function drawPage({ title, tags, channel, messages }: DrawnPost): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Rendering</title><style>${STYLE}</style>
<body><header><small># ${escape(channel)}</small><h1>${escape(title)}</h1>${tags.map((tag) => `<span class="mark">${escape(tag)}</span>`).join('')}</header><main>${messages.map(draw).join('')}</main>
<footer>A rendering of the real messages that Goniec posts; not a picture of Discord. Sample data.</footer></body></html>`;
}

function draw({ author, isApp, time, content, embeds, components, files }: DrawnMessage): string {
  const words = content ? `<div>${markdown(content)}</div>` : '';
  const attached = files.map((name) => `<p class="file">${escape(name)}</p>`).join('');
  return `<article><span class="avatar${isApp ? ' app' : ''}">${escape(isApp ? '♝' : author.slice(0, 1))}</span><div class="message"><b>${escape(author)}</b>${isApp ? '<span class="tag">APP</span>' : ''}<time>${time}</time>${words}${embeds.map(embed).join('')}${attached}${components.map(row).join('')}</div></article>`;
}

function embed(given: Json): string {
  const colour = `#${(numberIn(given, 'color') ?? 0).toString(16).padStart(6, '0')}`;
  const [author, heading, words, footer] = [textIn(objectIn(given, 'author'), 'name'), textIn(given, 'title'), textIn(given, 'description'), textIn(objectIn(given, 'footer'), 'text')];
  return `<div class="embed" style="border-left-color:${colour}">${author ? `<p class="by">${escape(author)}</p>` : ''}${heading ? `<p class="title">${spans(heading)}</p>` : ''}${words ? `<div>${markdown(words)}</div>` : ''}${footer ? `<p class="foot">${escape(footer)}</p>` : ''}</div>`;
}

/** Button styles of Discord: primary, secondary, success, danger. */
const STYLES = ['', 'primary', 'secondary', 'success', 'danger'] as const;

function row(given: Json): string {
  const buttons = listIn(given, 'components').map((part) => {
    if (part['type'] !== 2) throw new Error(`nobody has drawn a component ${String(part['type'])} yet`);
    return `<span class="button ${STYLES[numberIn(part, 'style') ?? 0] ?? ''}">${escape(textIn(part, 'label') ?? '')}</span>`;
  });
  return `<div class="row">${buttons.join('')}</div>`;
}

/** https://discord.com/developers/docs/reference#message-formatting: quotes and small print by line, the rest within a line. */
function markdown(source: string): string {
  return source.split('\n').map((line) => {
    if (line.startsWith('> ')) return `<q>${spans(line.slice(2))}</q>`;
    if (line.startsWith('-# ')) return `<small class="print">${spans(line.slice(3))}</small>`;
    return `<p>${spans(line) || '&nbsp;'}</p>`;
  }).join('');
}

/** Escaped characters are put aside, so that they are not read as Markdown. */
function spans(line: string): string {
  const aside: string[] = [];
  const bare = line.replace(/\\([\\*_~`|[\]<>#-])/g, (_, character: string) => `\u0001${aside.push(escape(character)) - 1}\u0002`);
  return escape(bare)
    .replace(/\[([^\]]+)\]\(&lt;(https?:[^&]+)&gt;\)/g, '<a>$1</a>')
    .replace(/&lt;(https?:[^&]+)&gt;/g, '<a>$1</a>')
    .replace(/\*\*([^*]+)\*\*/g, '<b>$1</b>')
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\u0001(\d+)\u0002/g, (_, index: string) => aside[Number(index)] ?? '');
}

const escape = (words: string): string => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const STYLE = `
* { box-sizing: border-box; margin: 0 } body { font: 15px/1.4 "gg sans", "Noto Sans", "Helvetica Neue", Arial, sans-serif; color: #dbdee1; background: #313338; max-width: 760px }
header { padding: 14px 16px; border-bottom: 1px solid #1f2023 } header small { color: #949ba4 } h1 { font-size: 20px; color: #f2f3f5; margin: 2px 0 6px } .mark { background: #404249; border-radius: 10px; padding: 2px 8px; font-size: 12px; margin-right: 6px }
main { padding: 8px 0 } article { display: flex; gap: 14px; padding: 8px 16px } .avatar { flex: none; width: 40px; height: 40px; border-radius: 50%; background: #6b5b95; color: #fff; display: grid; place-items: center; font-weight: 700 } .avatar.app { background: #0a5c6b; font-size: 24px }
.message { min-width: 0; flex: 1; overflow-wrap: anywhere } .message > b { color: #f2f3f5 } time { color: #949ba4; font-size: 12px; margin-left: 8px } .tag { font-size: 10px; background: #5865f2; color: #fff; border-radius: 3px; padding: 1px 4px; margin-left: 5px; font-weight: 700 }
.embed { background: #2b2d31; border-left: 4px solid; border-radius: 4px; padding: 10px 14px; margin: 4px 0; max-width: 520px; font-size: 14px } .by { font-weight: 600; color: #f2f3f5; margin-bottom: 6px } .title { font-weight: 700; color: #00a8fc; margin-bottom: 6px } .foot { font-size: 12px; color: #b5bac1; margin-top: 8px }
q { quotes: none; display: block; border-left: 4px solid #4e5058; padding-left: 10px; margin: 2px 0 } .print { display: block; color: #949ba4; font-size: 12px } a { color: #00a8fc } code { background: #1e1f22; padding: 1px 4px; border-radius: 3px }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin: 6px 0 2px } .button { background: #4e5058; color: #fff; border-radius: 3px; padding: 6px 14px; font-size: 14px; white-space: nowrap } .primary { background: #5865f2 } .danger { background: #da373c } .success { background: #248046 }
.file { display: inline-block; border: 1px solid #1f2023; background: #2b2d31; border-radius: 6px; padding: 6px 10px; margin: 4px 0; font-size: 14px } footer { font-size: 12px; color: #949ba4; padding: 8px 16px 14px } @media (max-width: 500px) { .button { padding: 8px 10px } article { gap: 10px; padding: 8px 10px } }
`;
