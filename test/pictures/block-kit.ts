/** Draws Block Kit as a page: enough of it for what we post, so that the README shows the real blocks without a Slack. */
import type { JsonObject } from '../fakes/slack-server/index.js';

/** One message as a reader sees it. */
export interface DrawnMessage {
  readonly author: string;
  readonly isApp: boolean;
  readonly time: string;
  /** Blocks, or mrkdwn of a person. */
  readonly body: readonly JsonObject[] | string;
  readonly reactions: readonly string[];
  readonly files: readonly string[];
}

export interface DrawnPage {
  readonly channel: string;
  readonly card: DrawnMessage;
  readonly thread: readonly DrawnMessage[];
}

export function drawPage({ channel, card, thread }: DrawnPage): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Rendering</title><style>${STYLE}</style>
<body><main><section class="pane"><h1># ${escape(channel)}</h1>${draw(card)}<p class="replies">${thread.length} replies</p></section><section class="pane"><h1>Thread</h1>${thread.map(draw).join('')}</section></main>
<footer>A rendering of the real Block Kit messages that Goniec posts; not a picture of Slack. Sample data.</footer></body></html>`;
}

function draw({ author, isApp, time, body, reactions, files }: DrawnMessage): string {
  const inside = typeof body === 'string' ? `<p>${mrkdwn(body)}</p>` : body.map(block).join('');
  const marks = reactions.map((name) => `<span class="reaction">&#58;${escape(name)}&#58; 1</span>`).join('');
  return `<article><span class="avatar${isApp ? ' app' : ''}">${escape(isApp ? '♝' : author.slice(0, 1))}</span><div class="message"><b>${escape(author)}</b>${isApp ? '<span class="tag">APP</span>' : ''}<time>${time}</time>${inside}${files.map((name) => `<p class="file">${escape(name)}</p>`).join('')}${marks}</div></article>`;
}

function block(given: JsonObject): string {
  const elements = (Array.isArray(given['elements']) ? given['elements'] : []) as readonly JsonObject[];
  switch (given['type']) {
    case 'section':
      return `<div class="section"><div>${text(given['text'])}</div>${given['accessory'] ? element(given['accessory'] as JsonObject) : ''}</div>`;
    case 'context':
      return `<p class="context">${elements.map(text).join(' ')}</p>`;
    case 'actions':
      return `<div class="actions">${elements.map(element).join('')}</div>`;
    case 'header':
      return `<h2>${text(given['text'])}</h2>`;
    case 'divider':
      return '<hr>';
    default:
      throw new Error(`nobody has drawn this yet: ${JSON.stringify(given)}`);
  }
}

const element = (given: JsonObject): string => `<span class="button ${typeof given['style'] === 'string' ? given['style'] : ''}">${text(given['text'])}</span>`;

function text(given: unknown): string {
  const { type, text: words } = given as { readonly type?: string; readonly text?: string };
  return type === 'mrkdwn' ? mrkdwn(words ?? '') : escape(words ?? '');
}

/** https://docs.slack.dev/messaging/formatting-message-text: text comes escaped, links in angle brackets. */
function mrkdwn(source: string): string {
  const lines = source.split('\n').map((line) => (/^(>|&gt;) ?/.test(line) ? `<q>${spans(line.replace(/^(>|&gt;) ?/, ''))}</q>` : `${spans(line)}<br>`));
  return lines.join('').replace(/<br>$/, '');
}

const spans = (line: string): string =>
  line
    .replaceAll(/<(https?:[^|>]+|mailto:[^|>]+)\|([^>]*)>/g, '<a>$2</a>')
    .replaceAll(/<(https?:[^|>]+|mailto:[^|>]+)>/g, '<a>$1</a>')
    .replaceAll(/(^|[\s>(])\*([^*]+)\*/g, '$1<b>$2</b>')
    .replaceAll(/(^|[\s>(])_([^_]+)_(?=$|[\s<.,)])/g, '$1<i>$2</i>')
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>');

const escape = (words: string): string => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const STYLE = `
* { box-sizing: border-box; margin: 0 } body { font: 15px/1.46 Lato, "Helvetica Neue", Arial, sans-serif; color: #1d1c1d; background: #fff }
main { display: grid; grid-template-columns: 1fr 1fr; border-bottom: 1px solid #ddd } .pane + .pane { border-left: 1px solid #ddd } .pane { padding: 0 0 12px }
h1 { font-size: 17px; padding: 12px 16px; border-bottom: 1px solid #ddd; margin-bottom: 8px } article { display: flex; gap: 10px; padding: 6px 16px }
.avatar { flex: none; width: 36px; height: 36px; border-radius: 8px; background: #6b5b95; color: #fff; display: grid; place-items: center; font-weight: 700 } .avatar.app { background: #0f4c5c; font-size: 22px }
.message { min-width: 0; flex: 1 } time { color: #616061; font-size: 12px; margin-left: 6px } .tag { font-size: 10px; background: #ddd; color: #454545; border-radius: 2px; padding: 1px 3px; margin-left: 5px; font-weight: 700 }
.section { display: flex; justify-content: space-between; gap: 12px; margin: 3px 0; overflow-wrap: anywhere } .context { font-size: 13px; color: #616061; margin: 3px 0 } a { color: #1264a3 }
q { quotes: none; display: block; border-left: 4px solid #ddd; padding-left: 10px; color: #454545 } .actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 4px }
.button { border: 1px solid #bbb; border-radius: 4px; padding: 4px 12px; font-weight: 700; font-size: 14px; white-space: nowrap } .primary { background: #007a5a; border-color: #007a5a; color: #fff } .danger { color: #e01e5a; border-color: #e01e5a }
.reaction { display: inline-block; border: 1px solid #ddd; background: #f4f4f4; border-radius: 12px; padding: 0 8px; font-size: 13px; margin-top: 4px } .replies { color: #1264a3; font-weight: 700; font-size: 13px; padding: 4px 62px } .file { font-size: 14px; border: 1px solid #ddd; border-radius: 6px; padding: 6px 10px; margin: 4px 0; display: inline-block }
footer { font-size: 12px; color: #616061; padding: 8px 16px } @media (max-width: 700px) { main { grid-template-columns: 1fr } .pane + .pane { border-left: 0; border-top: 1px solid #ddd } .button { padding: 8px 12px } }
`;
