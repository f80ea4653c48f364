/**
 * Collects Markdown line by line: knows about paragraphs, quotation marks, lists, emphasis, links and tables, and keeps blank lines single.
 */

export type Mark = 'strong' | 'emphasis' | 'strike' | 'code';

const SIGNS: Readonly<Record<Mark, string>> = { strong: '**', emphasis: '_', strike: '~~', code: '`' };

/** Twice what browsers put up with; a longer address is dropped and its text kept. */
const MAX_HREF_CHARS = 4000;
/** Deeper lists are shown at this depth. */
const MAX_LIST_DEPTH = 12;
/** A quotation deeper than this is shown at this depth. */
const MAX_QUOTE_DEPTH = 20;

interface OpenMark {
  readonly mark: Mark;
  count: number;
  /** Its sign has been written on the current line. */
  written: boolean;
}

interface List {
  readonly ordered: boolean;
  next: number;
}

export interface OpenLink {
  /** Lines finished and pieces written when the link began. */
  readonly line: number;
  readonly piece: number;
}

export class MarkdownLines {
  private readonly lines: string[] = [];
  private pieces: string[] = [];
  private hasText = false;
  private spaceDue = false;
  private blankDue = false;
  private readonly indents: string[] = [];
  private prefix = '';
  private marker = '';
  private readonly lists: List[] = [];
  private readonly marks: OpenMark[] = [];
  private preformatted = 0;
  private cells = 0;
  private headerCells = 0;
  private cellDue = false;
  private rowLine = 0;
  private readonly waiting: ((line: number) => void)[] = [];

  /** The number of lines finished so far, the current one included once it has text. */
  lineCount(): number {
    return this.lines.length + (this.hasText ? 1 : 0);
  }

  /** Calls back with the number of the next line that gets text. */
  atNextLine(callback: (line: number) => void): void {
    this.waiting.push(callback);
  }

  text(raw: string): void {
    if (this.preformatted > 0) {
      raw.split(/\r\n|\n|\r/).forEach((line, index) => {
        if (index > 0) this.endLine(true);
        if (line !== '') this.write(line);
      });
      return;
    }
    const text = raw.replace(/[\s\u00a0]+/g, ' ').replace(INVISIBLE, '');
    if (text === '') return;
    if (text === ' ') {
      this.spaceDue = this.hasText;
      return;
    }
    if (text.startsWith(' ')) this.spaceDue = this.hasText;
    this.write(text.trim());
    this.spaceDue = text.endsWith(' ');
  }

  /** Text that is not looked at. */
  literal(text: string): void {
    this.write(text);
  }

  private write(text: string): void {
    if (!this.hasText) this.startLine();
    if (this.cellDue) {
      if (this.pieces.length > 0 && this.lines.length === this.rowLine) this.pieces.push(' | ');
      this.cellDue = false;
      this.spaceDue = false;
    }
    if (this.spaceDue) this.pieces.push(' ');
    this.spaceDue = false;
    const first = !this.hasText;
    this.hasText = true;
    for (const open of this.marks) {
      if (open.written) continue;
      open.written = true;
      this.pieces.push(SIGNS[open.mark]);
    }
    this.pieces.push(first && text.startsWith('>') && this.preformatted === 0 ? `\\${text}` : text);
  }

  private startLine(): void {
    if (this.blankDue && this.lines.length > 0) this.lines.push(this.prefix.trimEnd());
    this.blankDue = false;
    this.spaceDue = false;
    for (const callback of this.waiting.splice(0)) callback(this.lines.length);
  }

  /** Ends the current line if it has text; `keepEmpty` keeps an empty one. */
  private endLine(keepEmpty = false): void {
    if (!this.hasText) {
      if (keepEmpty && this.lines.length > 0) this.blankDue = true;
      return;
    }
    for (const open of [...this.marks].reverse()) {
      if (open.written) this.pieces.push(SIGNS[open.mark]);
      open.written = false;
    }
    this.lines.push(this.prefix + this.marker + this.pieces.join(''));
    if (this.marker !== '') {
      this.marker = '';
      this.setPrefix();
    }
    this.pieces = [];
    this.hasText = false;
    this.spaceDue = false;
  }

  newLine(): void {
    this.endLine();
  }

  newParagraph(): void {
    this.endLine();
    // Inside a table the rows follow each other closely; inside a list the items do.
    if (this.cells === 0 && this.lists.length === 0) this.blankDue = true;
  }

  lineBreak(): void {
    if (this.hasText) this.endLine();
    else this.blankDue = true;
  }

  prefixNextLine(sign: string): void {
    this.marker = sign;
  }

  indent(sign: string): void {
    this.endLine();
    if (this.blankDue && this.lines.length > 0) {
      this.lines.push(this.prefix.trimEnd());
      this.blankDue = false;
    }
    this.indents.push(sign);
    this.setPrefix();
  }

  outdent(): void {
    this.endLine();
    this.blankDue = false;
    this.indents.pop();
    this.setPrefix();
    this.blankDue = true;
  }

  private setPrefix(): void {
    const quotes = this.indents.filter((sign) => sign === '> ').length;
    const rest = this.indents.filter((sign) => sign !== '> ').slice(0, MAX_LIST_DEPTH).join('');
    this.prefix = '> '.repeat(Math.min(quotes, MAX_QUOTE_DEPTH)) + rest;
  }

  openList(ordered: boolean, start: number): void {
    this.endLine();
    if (this.lists.length === 0) this.blankDue = this.lines.length > 0;
    this.lists.push({ ordered, next: start });
  }

  closeList(): void {
    this.endLine();
    this.lists.pop();
    if (this.lists.length === 0) this.blankDue = true;
  }

  openItem(): void {
    this.endLine();
    const list = this.lists.at(-1);
    const sign = list?.ordered === true ? `${String(list.next++)}. ` : '- ';
    this.marker = sign;
    this.indents.push(' '.repeat(sign.length));
    // The first line carries the sign in place of the indentation.
    const deeper = this.indents.pop();
    this.setPrefix();
    if (deeper !== undefined) this.indents.push(deeper);
  }

  closeItem(): void {
    this.endLine();
    this.marker = '';
    this.indents.pop();
    this.setPrefix();
  }

  openRow(): void {
    this.endLine();
    this.cells = 0;
    this.headerCells = 0;
    this.cellDue = false;
    this.rowLine = this.lines.length;
  }

  openCell(header: boolean): void {
    if (this.cells > 0 && this.hasText) this.cellDue = true;
    if (this.cells === 0) this.rowLine = this.lines.length + (this.blankDue && this.lines.length > 0 ? 1 : 0);
    this.cells++;
    if (header) this.headerCells++;
  }

  closeRow(): void {
    const single = this.lines.length === this.rowLine && this.hasText;
    this.endLine();
    // A row of nothing but headings makes this a table in Markdown.
    if (single && this.headerCells > 1 && this.headerCells === this.cells) this.lines.push(this.prefix + Array.from({ length: this.cells }, () => '---').join(' | '));
    this.cells = 0;
    this.headerCells = 0;
    this.cellDue = false;
  }

  openPreformatted(): void {
    this.preformatted++;
  }

  closePreformatted(): void {
    this.endLine();
    this.preformatted--;
  }

  openMark(mark: Mark): void {
    const open = this.marks.find((one) => one.mark === mark);
    if (open) open.count++;
    else this.marks.push({ mark, count: 1, written: false });
  }

  closeMark(mark: Mark): void {
    const at = this.marks.findIndex((one) => one.mark === mark);
    const open = this.marks[at];
    if (!open || --open.count > 0) return;
    if (open.written) this.pieces.push(SIGNS[mark]);
    this.marks.splice(at, 1);
  }

  openLink(): OpenLink {
    return { line: this.lines.length, piece: this.pieces.length };
  }

  closeLink(link: OpenLink, href: string): void {
    const address = cleanHref(href);
    if (address === undefined) return;
    if (this.lines.length !== link.line && !(this.lines.length === link.line + 1 && link.piece === 0)) {
      // The link ran over several lines: its address follows them.
      if (this.hasText || this.lines.length > link.line) this.write(` <${address}>`);
      return;
    }
    const written = this.pieces.splice(link.piece);
    const text = written.join('');
    const label = text.trim();
    if (label === '') {
      this.pieces.push(...written);
      return;
    }
    const lead = text.slice(0, text.length - text.trimStart().length);
    const bare = address.replace(/^(?:mailto:|tel:)/i, '');
    const same = label === bare || label === address || label === bare.replace(/^https?:\/\//i, '').replace(/\/$/, '') || `${label}/` === bare;
    if (same) this.pieces.push(lead, label === address || address.startsWith('http') ? address : label);
    else this.pieces.push(`${lead}[${label.replace(/^(\s*)\[(.*)\]$/, '$1$2')}](${address})`);
  }

  finish(): string {
    this.endLine();
    return this.lines
      .map((line) => line.trimEnd())
      .join('\n')
      .replace(/\n{3,}/g, '\n\n');
  }
}

/** Soft hyphens, zero-width characters and byte-order marks, as newsletters use them to fill preview lines. */
const INVISIBLE = /[\u00ad\u034f\u200b\u2060\ufeff]/g;

/** Only what a reader may follow; anything else (javascript:, data:, cid:) leaves the text alone. */
function cleanHref(href: string): string | undefined {
  const address = href.trim().replace(/[\r\n\t]/g, '');
  if (address.length > MAX_HREF_CHARS || !/^(?:https?:\/\/|mailto:|tel:)/i.test(address)) return undefined;
  return address.replace(/ /g, '%20').replace(/\(/g, '%28').replace(/\)/g, '%29').replace(/</g, '%3C').replace(/>/g, '%3E');
}
