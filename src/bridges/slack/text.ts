/**
 * Text for Slack. Whatever it says, it cannot ping anybody, look like a button, or hide: `&`, `<` and `>` are escaped, so that no mention or link of its own is left; every text
 * object is sent as `verbatim`, so that Slack makes none out of "@channel" or a bare address; characters that cannot be seen but change what is seen are taken out.
 */

/** Line feeds stay; everything else that steers a terminal or a printer goes. */
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;
/** They turn the direction of what follows, so that "exe.fdp" reads as "pdf.exe": shown as what they are, a foreign body. */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Without width. Joiners (U+200C, U+200D) stay: emoji and several scripts need them. */
const INVISIBLE = /[\u00ad\u200b\u2060-\u2064\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;
const LONE_SURROGATES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** What is left is what can be seen. */
export function visible(text: string): string {
  return text
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll('\t', ' ')
    .replaceAll(CONTROLS, '')
    .replaceAll(INVISIBLE, '')
    .replaceAll(TURNING, '\ufffd')
    .replaceAll(LONE_SURROGATES, '\ufffd');
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** One line of plain words, as mrkdwn. */
export function line(text: string, most: number): string {
  return shortened(visible(text).replaceAll(/\s+/g, ' ').trim(), most, escape);
}

/** Several lines of plain words, as mrkdwn. */
export function lines(text: string, most: number): string {
  return shortened(visible(text).trim(), most, escape);
}

/** Plain text objects are not escaped. One line, never empty. */
export function plain(text: string, most: number): string {
  return shortened(visible(text).replaceAll(/\s+/g, ' ').trim(), most, (same) => same) || '·';
}

/** A link of ours. The label cannot end the link. */
export function link(url: string, label: string): string {
  return isWebAddress(url) ? `<${escape(url).replaceAll('|', '%7C')}|${label.replaceAll('|', '¦')}>` : label;
}

export const isWebAddress = (url: string): boolean => /^(https?:\/\/|mailto:)[^\s<>]+$/i.test(url);

/** Converts what is kept of `text`, so that the result has at most `most` characters; an ellipsis says that something is missing. */
function shortened(text: string, most: number, convert: (text: string) => string): string {
  const whole = convert(text);
  if (whole.length <= most) return whole;
  let room = most - 1;
  for (;;) {
    const kept = convert(withoutHalf(text.slice(0, room)).trimEnd());
    if (kept.length < most) return `${kept}…`;
    room -= Math.max(1, kept.length - most + 1);
  }
}

/** A pair of surrogates is never cut in two. */
export function withoutHalf(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}
