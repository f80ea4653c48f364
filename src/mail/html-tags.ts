/**
 * What the tags of an HTML mail mean for its text: their form, and the marks by which mail programs label quoted history and signatures.
 */

export interface HtmlTag {
  /** A paragraph of its own. */
  readonly block?: boolean;
  /** A line of its own. */
  readonly line?: boolean;
  /** Not meant to be read. */
  readonly hidden?: boolean;
  /** Its content is quoted. */
  readonly quote?: boolean;
  /** Quoted history starts with it. */
  readonly history?: boolean;
  readonly signature?: boolean;
  readonly form?:
    'break' | 'rule' | 'image' | 'strong' | 'emphasis' | 'strike' | 'heading' | 'link' | 'list' | 'item' | 'row' | 'cell' | 'preformatted' | 'code' | undefined;
  readonly text?: string;
  readonly level?: number;
  readonly ordered?: boolean;
  readonly header?: boolean;
}

type Attributes = ReadonlyMap<string, string>;

const PARAGRAPHS: ReadonlySet<string> = new Set([
  'p', 'table', 'tbody', 'thead', 'tfoot', 'form', 'fieldset', 'address', 'article', 'aside', 'section', 'header', 'footer', 'main', 'nav', 'figure', 'center', 'dl', 'caption', 'details', 'summary',
]);
const LINES: ReadonlySet<string> = new Set(['div', 'dt', 'dd', 'legend', 'figcaption', 'option', 'body', 'html']);
const UNREAD: ReadonlySet<string> = new Set(['style', 'script', 'title', 'template', 'object', 'noembed', 'svg', 'math', 'audio', 'video', 'iframe', 'select', 'textarea', 'xml']);

/** Around the whole quoted mail, and nothing else. Yahoo, Proton, Tuta, Zoho, Spark, Outlook for Mac. */
const QUOTE_CLASS = /(?:^|\s)(?:yahoo_quoted|\S*yahoo_quoted\S*|protonmail_quote|tutanota_quote|zmail_extra|zmail_extra_hr|ms-outlook-reference-message|mail_quote|freebirdcontainer)(?:\s|$)/i;
const QUOTE_ID = /^(?:x_)*(?:OLK_SRC_BODY_SECTION|mail-editor-reference-message-container|isForwardContent|yahoo_quoted.*)$/i;
/** Before the quoted mail: Outlook on the web, Outlook for Windows, Gmail, Thunderbird, Apple. */
const HISTORY_CLASS = /(?:^|\s)(?:gmail_attr|moz-cite-prefix|OutlookMessageHeader|gmail_quote|gmail_quote_container|AppleOriginalContents)(?:\s|$)/i;
const HISTORY_ID = /^(?:x_)*(?:divRplyFwdMsg|appendonsend|stopSpelling|reply-intro|replySplit|zwchr)$/i;
const SIGNATURE_CLASS = /(?:^|\s)(?:gmail_signature|moz-signature|protonmail_signature_block|tutanota_signature|mail_android_signature|zm_signature)(?:\s|$)/i;
const SIGNATURE_ID = /^(?:AppleMailSignature|ms-outlook-mobile-signature|Signature|divtagdefaultwrapper_signature)$/i;

/** What this tag asks for. */
export function tagMeaning(name: string, attributes: Attributes): HtmlTag {
  const form = formOf(name, attributes);
  if (attributes.size === 0) return form;
  if (isHidden(attributes)) return { hidden: true };
  const marks = marksOf(name, attributes);
  return marks === undefined ? form : { ...form, ...marks };
}

function isHidden(attributes: Attributes): boolean {
  const style = attributes.get('style');
  return style !== undefined && /(?:^|[;\s])display\s*:\s*none/i.test(style.slice(0, 2000));
}

function marksOf(name: string, attributes: Attributes): HtmlTag | undefined {
  const classes = attributes.get('class') ?? '';
  const id = attributes.get('id') ?? '';
  if (name !== 'blockquote' && (QUOTE_CLASS.test(classes) || QUOTE_ID.test(id) || attributes.get('name') === 'messageReplySection')) return { quote: true };
  if (name !== 'blockquote' && name !== 'body' && (HISTORY_CLASS.test(classes) || HISTORY_ID.test(id) || attributes.get('data-marker') === '__DIVIDER__')) return { history: true };
  if (SIGNATURE_CLASS.test(classes) || SIGNATURE_ID.test(id) || attributes.get('data-signatureblock') === 'true' || attributes.has('data-smartmail')) return { signature: true };
  return undefined;
}

function formOf(name: string, attributes: Attributes): HtmlTag {
  if (PARAGRAPHS.has(name)) return { block: true };
  if (LINES.has(name)) return { line: true };
  if (UNREAD.has(name)) return { hidden: true };
  switch (name) {
    case 'br':
      return { form: 'break' };
    case 'hr':
      return { form: 'rule' };
    case 'b':
    case 'strong':
      return { form: 'strong' };
    case 'i':
    case 'em':
      return { form: 'emphasis' };
    case 's':
    case 'del':
    case 'strike':
      return { form: 'strike' };
    case 'code':
    case 'tt':
      return { form: 'code' };
    case 'pre':
      return { block: true, form: 'preformatted' };
    case 'blockquote':
      return { quote: true };
    case 'a':
      return attributes.has('href') ? { form: 'link', text: attributes.get('href') ?? '' } : {};
    case 'img':
      return { form: 'image', text: (attributes.get('alt') ?? '').slice(0, MAX_ALT_CHARS) };
    case 'ul':
      return { form: 'list', ordered: false };
    case 'ol':
      return { form: 'list', ordered: true, level: Number.parseInt(attributes.get('start') ?? '1', 10) || 1 };
    case 'li':
      return { form: 'item' };
    case 'tr':
      return { form: 'row' };
    case 'td':
      return { form: 'cell' };
    case 'th':
      return { form: 'cell', header: true };
    default:
      return /^h[1-6]$/.test(name) ? { block: true, form: 'heading', level: Number(name[1]) } : {};
  }
}

/** Alternative texts are short; some programs put whole letters there. */
const MAX_ALT_CHARS = 300;
