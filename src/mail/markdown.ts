/**
 * Answers are written in Markdown; customers get them as HTML beside the Markdown source as plain text.
 */
import MarkdownIt from 'markdown-it';

/** Schemes that make sense in a mail. Everything else stays visible as the text that was typed. */
const SAFE_LINK = /^(?:https?:\/\/|mailto:|tel:)/i;
/** Pictures may also be parts of the mail itself (RFC 2392). */
const SAFE_IMAGE = /^(?:https?:\/\/|cid:)/i;
const SAFE_TARGET = new RegExp(`${SAFE_LINK.source}|${SAFE_IMAGE.source}`, 'i');

/** Mail programs ignore style sheets, so what needs a look carries it itself. */
const INLINE_STYLES: Readonly<Record<string, string>> = {
  blockquote_open: 'margin:0 0 0 .8ex;border-left:2px solid #ccc;padding-left:1ex;color:#555',
  code_inline: 'font-family:monospace;background:#f4f4f4;padding:0 .2em',
  code_block: 'font-family:monospace;background:#f4f4f4;padding:.6em',
  fence: 'font-family:monospace;background:#f4f4f4;padding:.6em',
  table_open: 'border-collapse:collapse',
  th_open: 'border:1px solid #ccc;padding:.2em .6em;text-align:left',
  td_open: 'border:1px solid #ccc;padding:.2em .6em',
  image: 'max-width:100%;height:auto',
};

// `breaks`: a line typed in a chat or a form is meant to be a line. `html: false`: what looks like a tag is shown as typed.
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false });
// Without a scheme only addresses that begin like one become links: "plik.py" or "spotkanie.pl" in running text are not.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: true });
markdown.validateLink = (url) => SAFE_TARGET.test(url.trim());

markdown.core.ruler.push('inline_styles', (state) => {
  for (const token of state.tokens) {
    for (const each of [token, ...(token.children ?? [])]) {
      const style = INLINE_STYLES[each.type];
      if (style !== undefined) each.attrJoin('style', style);
      if (each.type === 'link_open' && !SAFE_LINK.test(each.attrGet('href') ?? '')) each.attrSet('href', '');
      if (each.type === 'image' && !SAFE_IMAGE.test(each.attrGet('src') ?? '')) each.attrSet('src', '');
    }
  }
});

/** @returns an HTML fragment: no scripts, no raw HTML, only safe link targets, styles inline. */
export function toHtml(source: string): string {
  return markdown.render(source);
}
