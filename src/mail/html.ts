import { Tokenizer } from 'htmlparser2';
import { trimQuotes, type TrimHints, type TrimmedText } from '../core/quotes.js';
import { MarkdownLines } from './markdown-lines.js';
import { tagMeaning, type HtmlTag } from './html-tags.js';

/**
 * HTML mail to Markdown, in one pass over the tokens: no tree is built, so that neither deep nesting nor size makes it slow. (turndown, tried
 * first, takes 33 s for 50,000 line breaks and minutes for 100,000 nested elements; a mail may contain both.)
 */

/** Deeper elements keep their text but no longer their form. Ordinary newsletters stay below 60. */
const MAX_DEPTH = 400;
/** More HTML than this is not written by people; the rest is dropped from the text but stays in the HTML part. */
const MAX_HTML_CHARS = 8_000_000;

/** The Markdown, and what the markup says of it: where mail programs marked quoted history and signatures. */
export interface HtmlText {
  readonly markdown: string;
  readonly hints: TrimHints;
}

/** Converts an HTML mail to Markdown: paragraphs, emphasis, links, lists, tables and quotations survive; styles, scripts and hidden text do not. */
export function htmlToMarkdown(html: string): string {
  return readHtml(html).markdown;
}

/** Converts an HTML mail and splits what the sender wrote now from history and signature, helped by the markup. */
export function trimHtml(html: string): TrimmedText & { readonly markdown: string } {
  const { markdown, hints } = readHtml(html);
  return { markdown, ...trimQuotes(markdown, hints) };
}

/** Converts and keeps the hints, for callers that know more (that the mail is a forward). */
export function readHtml(html: string): HtmlText {
  const reader = new HtmlReader(html.length > MAX_HTML_CHARS ? html.slice(0, MAX_HTML_CHARS) : html);
  return reader.read();
}

interface OpenElement {
  readonly name: string;
  readonly close: (() => void) | undefined;
}

/** An opening one of these ends an open one of the same name: their closing tags may be left out. */
const SELF_ENDING: ReadonlySet<string> = new Set(['p', 'li', 'td', 'th', 'tr', 'dt', 'dd', 'option']);
const VOID: ReadonlySet<string> = new Set(['br', 'img', 'hr', 'meta', 'input', 'link', 'area', 'base', 'col', 'embed', 'wbr', 'source', 'param', 'track', 'frame', 'basefont', 'bgsound']);

class HtmlReader {
  private readonly out = new MarkdownLines();
  private readonly open: OpenElement[] = [];
  private readonly history = new Set<number>();
  private readonly signatures = new Map<number, number>();
  private name = '';
  private attributes = new Map<string, string>();
  private attribute = '';
  private value = '';
  /** Elements with this depth or more inside are not shown. */
  private hiddenFrom: number | undefined;

  constructor(private readonly html: string) {}

  read(): HtmlText {
    const tokenizer = new Tokenizer(
      { decodeEntities: true },
      {
        ontext: (start, end) => this.text(this.html.slice(start, end)),
        ontextentity: (code) => this.text(String.fromCodePoint(code)),
        onopentagname: (start, end) => {
          this.name = this.html.slice(start, end).toLowerCase();
          this.attributes = new Map();
        },
        onattribname: (start, end) => {
          this.attribute = this.html.slice(start, end).toLowerCase();
          this.value = '';
        },
        onattribdata: (start, end) => {
          this.value += this.html.slice(start, end);
        },
        onattribentity: (code) => {
          this.value += String.fromCodePoint(code);
        },
        onattribend: () => {
          if (!this.attributes.has(this.attribute)) this.attributes.set(this.attribute, this.value);
        },
        onopentagend: () => this.opened(),
        onselfclosingtag: () => this.opened(),
        onclosetag: (start, end) => this.closed(this.html.slice(start, end).toLowerCase().trim()),
        oncdata: (start, end) => this.text(this.html.slice(start, end)),
        oncomment: () => undefined,
        ondeclaration: () => undefined,
        onprocessinginstruction: () => undefined,
        onend: () => undefined,
      },
    );
    tokenizer.write(this.html);
    tokenizer.end();
    while (this.open.length > 0) this.pop();
    return { markdown: this.out.finish(), hints: { historyAt: this.history, signatures: this.signatures } };
  }

  private text(text: string): void {
    if (this.hiddenFrom === undefined) this.out.text(text);
  }

  private opened(): void {
    const { name } = this;
    if (SELF_ENDING.has(name) && this.open.at(-1)?.name === name) this.pop();
    if (name === 'body') this.hiddenFrom = undefined;
    const tag = tagMeaning(name, this.attributes);
    if (VOID.has(name)) {
      if (this.hiddenFrom === undefined) this.apply(tag);
      return;
    }
    if (this.open.length >= MAX_DEPTH) {
      if (tag.block) this.out.newParagraph();
      return;
    }
    if (this.hiddenFrom !== undefined) {
      this.open.push({ name, close: undefined });
      return;
    }
    if (tag.hidden) {
      this.hiddenFrom = this.open.length;
      this.open.push({ name, close: undefined });
      return;
    }
    this.open.push({ name, close: this.apply(tag) });
  }

  /** Does what the tag asks for and returns what its end asks for. */
  private apply(tag: HtmlTag): (() => void) | undefined {
    const { out } = this;
    const ends: (() => void)[] = [];
    if (tag.block) {
      out.newParagraph();
      ends.push(() => out.newParagraph());
    }
    if (tag.line) {
      out.newLine();
      ends.push(() => out.newLine());
    }
    if (tag.history) out.atNextLine((line) => this.history.add(line));
    if (tag.signature) {
      let first: number | undefined;
      out.atNextLine((line) => (first = line));
      ends.unshift(() => {
        if (first !== undefined) this.signatures.set(first, out.lineCount());
      });
    }
    if (tag.quote) {
      out.newParagraph();
      out.indent('> ');
      ends.unshift(() => {
        out.newParagraph();
        out.outdent();
      });
    }
    const form = this.applyForm(tag);
    if (form) ends.unshift(form);
    return ends.length === 0 ? undefined : () => ends.forEach((end) => end());
  }

  private applyForm(tag: HtmlTag): (() => void) | undefined {
    const { out } = this;
    switch (tag.form) {
      case 'break':
        out.lineBreak();
        return undefined;
      case 'rule':
        out.newParagraph();
        out.literal('* * *');
        out.newParagraph();
        return undefined;
      case 'image':
        out.text(tag.text ?? '');
        return undefined;
      case 'strong':
      case 'emphasis':
      case 'strike':
        out.openMark(tag.form);
        return () => out.closeMark(tag.form as 'strong' | 'emphasis' | 'strike');
      case 'heading':
        out.prefixNextLine(`${'#'.repeat(tag.level ?? 2)} `);
        return undefined;
      case 'link': {
        const link = out.openLink();
        return () => out.closeLink(link, tag.text ?? '');
      }
      case 'list':
        out.openList(tag.ordered === true, tag.level ?? 1);
        return () => out.closeList();
      case 'item':
        out.openItem();
        return () => out.closeItem();
      case 'row':
        out.openRow();
        return () => out.closeRow();
      case 'cell':
        out.openCell(tag.header === true);
        return undefined;
      case 'preformatted':
        out.openPreformatted();
        return () => out.closePreformatted();
      case 'code':
        out.openMark('code');
        return () => out.closeMark('code');
      case undefined:
        return undefined;
    }
  }

  private closed(name: string): void {
    if (name === 'p' && this.open.at(-1)?.name !== 'p') {
      // A closing </p> on its own is a paragraph to browsers, too.
      if (this.hiddenFrom === undefined) this.out.newParagraph();
    }
    let at = this.open.length - 1;
    while (at >= 0 && this.open[at]?.name !== name) at--;
    if (at < 0) return;
    while (this.open.length > at) this.pop();
  }

  private pop(): void {
    const element = this.open.pop();
    if (this.hiddenFrom !== undefined && this.open.length <= this.hiddenFrom) this.hiddenFrom = undefined;
    element?.close?.();
  }
}
