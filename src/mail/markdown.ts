/**
 * Markdown to HTML, for two readers: customers, who get answers as HTML beside their source, and staff, whose screens show what customers wrote. Neither
 * ever gets raw HTML or a link target that does something else than open a page, a mail or a phone.
 */
import MarkdownIt from 'markdown-it';

/** Schemes that make sense in a mail. Everything else stays visible as the text that was typed. */
const SAFE_LINK = /^(?:https?:\/\/|mailto:|tel:)/i;
/** Pictures may also be parts of the mail itself (RFC 2392). */
const SAFE_IMAGE = /^(?:https?:\/\/|cid:)/i;
const SAFE_TARGET = new RegExp(`${SAFE_LINK.source}|${SAFE_IMAGE.source}`, 'i');

/** Mail programs ignore style sheets, so what needs a look carries it itself. */
const MAIL_STYLES: Readonly<Record<string, string>> = {
  blockquote_open: 'margin:0 0 0 .8ex;border-left:2px solid #ccc;padding-left:1ex;color:#555',
  code_inline: 'font-family:monospace;background:#f4f4f4;padding:0 .2em',
  code_block: 'font-family:monospace;background:#f4f4f4;padding:.6em',
  fence: 'font-family:monospace;background:#f4f4f4;padding:.6em',
  table_open: 'border-collapse:collapse',
  th_open: 'border:1px solid #ccc;padding:.2em .6em;text-align:left',
  td_open: 'border:1px solid #ccc;padding:.2em .6em',
  image: 'max-width:100%;height:auto',
};

type Token = ReturnType<MarkdownIt['parse']>[number];

const forMail = renderer((token) => {
  const style = MAIL_STYLES[token.type];
  if (style !== undefined) token.attrJoin('style', style);
});

const forScreen = renderer((token) => {
  if (token.type === 'link_open') {
    token.attrSet('target', '_blank');
    token.attrSet('rel', 'noopener noreferrer nofollow');
  }
});
// Loading a picture would tell its sender that the mail was read, by whom and when: it is named instead.
forScreen.renderer.rules['image'] = (tokens, index) => `[${forScreen.utils.escapeHtml(tokens[index]?.content ?? '')}]`;

/** For screens of staff: HTML fragment without styles, pictures or referrers. */
export function toHtml(markdown: string): string {
  return forScreen.render(markdown);
}

/** For mails: HTML fragment with its styles inline. */
export function toMailHtml(markdown: string): string {
  return forMail.render(markdown);
}

function renderer(dress: (token: Token) => void): MarkdownIt {
  // `breaks`: a line typed in a chat or a form is meant to be a line. `html: false`: what looks like a tag is shown as typed.
  const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false });
  // Without a scheme only mail addresses become links: "plik.py" or "spotkanie.pl" in running text are not.
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: true });
  markdown.validateLink = (url) => SAFE_TARGET.test(url.trim());
  markdown.core.ruler.push('safe_and_dressed', (state) => {
    for (const token of state.tokens.flatMap((each) => [each, ...(each.children ?? [])])) {
      // markdown-it asks about links and pictures alike; each has schemes of its own.
      if (token.type === 'link_open' && !SAFE_LINK.test(token.attrGet('href') ?? '')) token.attrSet('href', '');
      if (token.type === 'image' && !SAFE_IMAGE.test(token.attrGet('src') ?? '')) token.attrSet('src', '');
      dress(token);
    }
  });
  return markdown;
}
