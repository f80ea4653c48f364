/**
 * Makes the HTML of a customer's mail safe to show in a sandboxed frame: what is left can be read and looked at, and does nothing, loads nothing (unless asked
 * to) and tells nobody that it was read. The frame's sandbox and content security policy are the second wall, not the first.
 */
import sanitizeHtml from 'sanitize-html';

export interface SanitizeOptions {
  /** Pictures from elsewhere tell their sender that the mail was read: 'allowed' only when a person asks. Parts of the mail itself are always shown. */
  readonly images: 'blocked' | 'allowed';
  /** Address of an inline picture by its Content-ID (without angle brackets); undefined when the mail has none such. */
  readonly cidUrl: (contentId: string) => string | undefined;
}

/** Deeper nesting is an attack on the reader's browser, not a mail. */
const MAX_NESTING = 256;

const TAGS = [
  'a', 'abbr', 'address', 'article', 'aside', 'b', 'bdi', 'bdo', 'big', 'blockquote', 'br', 'caption', 'center', 'cite', 'code', 'col', 'colgroup', 'dd', 'del', 'details', 'dfn',
  'div', 'dl', 'dt', 'em', 'figcaption', 'figure', 'font', 'footer', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hr', 'i', 'img', 'ins', 'kbd', 'li', 'main', 'mark', 'nav', 'ol',
  'p', 'pre', 'q', 's', 'samp', 'section', 'small', 'span', 'strike', 'strong', 'sub', 'summary', 'sup', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'time', 'tr', 'tt', 'u', 'ul',
  'var', 'wbr',
];
/** Elements whose content is not text for people, or that browsers read by rules of their own. */
const DROPPED_WITH_CONTENT = ['script', 'style', 'title', 'head', 'template', 'noscript', 'noembed', 'noframes', 'iframe', 'object', 'svg', 'math', 'xmp', 'plaintext', 'textarea', 'select', 'option'];
const ATTRIBUTES = {
  '*': ['align', 'bgcolor', 'border', 'cellpadding', 'cellspacing', 'color', 'colspan', 'dir', 'height', 'lang', 'rowspan', 'start', 'style', 'title', 'valign', 'width'],
  a: ['href', 'target', 'rel'],
  font: ['face', 'size'],
  img: ['src', 'alt', 'referrerpolicy', 'loading'],
};
/** No escapes, and no functions but colours: whatever loads something in CSS is written `name(`. Bounded, so that a long value costs nothing. */
const HARMLESS_VALUE = /^(?:(?:rgb|hsl)a?\([\d\s,.%/]{1,60}\)|[\w\s#%.,'"!+/-]){0,300}$/i;
const SIDES = ['', '-top', '-right', '-bottom', '-left'];
/** What makes up the look of text and tables. Nothing that could lay one thing over another, and no backgrounds but colours. */
const STYLE_PROPERTIES = [
  'color', 'background-color', 'font', 'font-family', 'font-size', 'font-style', 'font-variant', 'font-weight', 'line-height', 'letter-spacing', 'text-align', 'text-decoration',
  'text-indent', 'text-transform', 'vertical-align', 'white-space', 'word-break', 'word-wrap', 'overflow-wrap', 'direction', 'width', 'height', 'max-width', 'min-width', 'max-height',
  'list-style-type', 'border-collapse', 'border-spacing', 'border-radius', 'border-color', 'border-style', 'border-width', 'table-layout',
  ...SIDES.flatMap((side) => [`padding${side}`, `margin${side}`, `border${side}`]),
];
const STYLES = {
  '*': {
    ...Object.fromEntries(STYLE_PROPERTIES.map((property) => [property, [HARMLESS_VALUE]])),
    // `none` hides the preview line that newsletters begin with.
    display: [/^(?:none|block|inline|inline-block|table|table-row|table-cell|list-item)$/i],
  },
};
const LINK = /^(?:https?:|mailto:|tel:)/i;
/** No SVG: it is a document that can load others. */
const DATA_IMAGE = /^data:image\/(?:png|gif|jpe?g|webp|bmp);base64,/i;

/** @returns a fragment, and how many pictures from elsewhere were left out. */
export function sanitizeMailHtml(html: string, { images, cidUrl }: SanitizeOptions): { readonly html: string; readonly blockedImages: number } {
  let blockedImages = 0;
  /** undefined: nothing is shown. */
  const pictureOf = (source: string): string | undefined => {
    if (/^cid:/i.test(source)) return cidUrl(unescapeId(source.slice('cid:'.length)));
    if (DATA_IMAGE.test(source)) return source;
    const url = source.startsWith('//') ? `https:${source}` : source;
    if (!/^https?:\/\//i.test(url)) return undefined;
    if (images === 'allowed') return url;
    blockedImages += 1;
    return undefined;
  };
  const safe = sanitizeHtml(html, {
    allowedTags: TAGS,
    nonTextTags: DROPPED_WITH_CONTENT,
    allowedAttributes: ATTRIBUTES,
    allowedStyles: STYLES,
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['http', 'https', 'data'] },
    allowProtocolRelative: false,
    nestingLimit: MAX_NESTING,
    transformTags: {
      a: (tagName, { href, ...others }) => {
        const target = (href ?? '').trim();
        return { tagName, attribs: { ...others, ...(LINK.test(target) ? { href: target } : {}), target: '_blank', rel: 'noopener noreferrer nofollow' } };
      },
      img: (tagName, { src, ...others }) => {
        const picture = pictureOf((src ?? '').trim());
        return { tagName, attribs: { ...others, ...(picture === undefined ? {} : { src: picture, loading: 'lazy', referrerpolicy: 'no-referrer' }) } };
      },
    },
  });
  return { html: safe, blockedImages };
}

/** Content-IDs are percent-encoded in `cid:` URLs. Source: RFC 2392. */
function unescapeId(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
