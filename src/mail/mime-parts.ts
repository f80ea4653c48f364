import { MailParser, type MailParserOptions } from 'mailparser';
import { parseParameters } from './header-values.js';

/**
 * Takes a raw mail apart into its leaf parts, bytes decoded from their transfer encoding. mailparser does the splitting; what the parts mean
 * is decided by its callers. Charsets are left alone here: mailparser decodes a part without a charset as UTF-8 and loses what is not.
 */

/** One header field as it travelled: `value` has one character per byte and is still folded. */
export interface RawField {
  readonly name: string;
  readonly value: string;
}

export interface MimePart {
  readonly contentType: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** 'inline', 'attachment' or ''. */
  readonly disposition: string;
  /** As the sender wrote it: not safe. */
  readonly fileName: string | undefined;
  readonly contentId: string | undefined;
  readonly content: Buffer;
  /** The number of the innermost multipart/alternative it stands in; undefined outside of one. */
  readonly alternative: number | undefined;
}

export interface MimeMail {
  readonly fields: readonly RawField[];
  /** Content-Type of the whole mail. */
  readonly contentType: string;
  readonly reportType: string | undefined;
  readonly parts: readonly MimePart[];
  /** A multipart that names no boundary: its content could not be found. */
  readonly broken: boolean;
}

export interface MimeLimits {
  readonly maxHeaderBytes: number;
  readonly maxParts: number;
  readonly maxNesting: number;
  readonly maxAttachmentBytes: number;
}

/** What mailparser's `createNode` gives back, as far as it is used here. */
interface ParserNode {
  readonly contentType: string | false;
  readonly isAttachment?: boolean;
  readonly parent?: ParserNode;
  readonly headerLines: readonly { readonly key: string; readonly line: string }[] | false;
}

/** The parts of mailparser's own class that its type definitions leave out. */
interface OpenMailParser extends MailParser {
  textTypes: string[];
  createNode(node: unknown): ParserNode;
}
const OpenMailParser = MailParser as unknown as new (options: SplitOptions) => OpenMailParser;

interface SplitOptions extends MailParserOptions {
  /** Keep attached mails as files instead of taking them apart. */
  readonly ignoreEmbedded: boolean;
  readonly maxHeadSize: number;
  readonly maxChildNodes: number;
}

/** A mail that breaks one of the limits. */
export class MimeLimitError extends Error {}

class PartReader extends OpenMailParser {
  root: ParserNode | undefined;
  readonly leaves: ParserNode[] = [];
  broken = false;

  constructor(
    options: SplitOptions,
    private readonly maxNesting: number,
  ) {
    super(options);
    // With no type treated as text, every leaf comes out as bytes.
    this.textTypes = [];
  }

  override createNode(node: unknown): ParserNode {
    const made = super.createNode(node);
    this.root ??= made;
    if (made.isAttachment === true) this.leaves.push(made);
    else if (parseParameters(fieldValue(fieldsOf(made), 'content-type') ?? '').parameters.get('boundary') === undefined) this.broken = true;
    let depth = 0;
    for (let at: ParserNode | undefined = made; at; at = at.parent) depth++;
    // Thrown here it would reach nobody: mailparser calls this from an event of its own.
    if (depth > this.maxNesting) this.emit('error', new MimeLimitError(`its parts are nested more than ${String(this.maxNesting)} deep`));
    return made;
  }
}

interface AttachmentData {
  readonly type: 'attachment';
  readonly content: NodeJS.ReadableStream;
  release(): void;
}

/** Splits a mail. Rejects with a MimeLimitError or with mailparser's own error. */
export function splitMail(raw: Buffer, limits: MimeLimits): Promise<MimeMail> {
  return new Promise((resolve, reject) => {
    const reader = new PartReader(
      {
        ignoreEmbedded: true,
        maxHeadSize: limits.maxHeaderBytes,
        maxChildNodes: limits.maxParts,
        skipHtmlToText: true,
        skipTextToHtml: true,
        skipTextLinks: true,
        skipImageLinks: true,
        keepDeliveryStatus: true,
      },
      limits.maxNesting,
    );
    const contents: Buffer[] = [];
    let total = 0;
    const fail = (error: unknown): void => {
      reject(error instanceof Error ? error : new Error(String(error)));
      reader.destroy();
    };
    reader.on('error', fail);
    reader.on('data', (data: AttachmentData | { readonly type: 'text' }) => {
      if (data.type !== 'attachment') return;
      const chunks: Buffer[] = [];
      data.content.on('error', fail);
      data.content.on('data', (chunk: Buffer) => {
        total += chunk.length;
        if (total > limits.maxAttachmentBytes) fail(new MimeLimitError(`its content is larger than ${String(limits.maxAttachmentBytes)} bytes`));
        else chunks.push(chunk);
      });
      data.content.on('end', () => {
        contents.push(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
        data.release();
      });
    });
    reader.on('end', () => {
      try {
        resolve(assemble(reader, contents));
      } catch (error) {
        fail(error);
      }
    });
    reader.end(raw);
  });
}

function assemble(reader: PartReader, contents: readonly Buffer[]): MimeMail {
  const fields = fieldsOf(reader.root);
  const top = parseParameters(fieldValue(fields, 'content-type') ?? '');
  const alternatives = new Map<ParserNode, number>();
  return {
    fields,
    broken: reader.broken,
    contentType: top.value,
    reportType: top.parameters.get('report-type')?.toLowerCase(),
    parts: reader.leaves.map((leaf, index) => toPart(leaf, contents[index] ?? Buffer.alloc(0), alternatives)),
  };
}

function toPart(leaf: ParserNode, content: Buffer, alternatives: Map<ParserNode, number>): MimePart {
  const fields = fieldsOf(leaf);
  const type = parseParameters(fieldValue(fields, 'content-type') ?? '');
  const disposition = parseParameters(fieldValue(fields, 'content-disposition') ?? '');
  const fileName = disposition.parameters.get('filename') ?? type.parameters.get('name');
  const contentId = fieldValue(fields, 'content-id')?.trim().replace(/^<|>$/g, '').trim();
  return {
    contentType: (leaf.contentType === false ? type.value : leaf.contentType) || 'text/plain',
    parameters: type.parameters,
    disposition: disposition.value,
    fileName: fileName === '' ? undefined : fileName,
    contentId: contentId === '' ? undefined : contentId,
    content,
    alternative: alternativeOf(leaf, alternatives),
  };
}

function alternativeOf(leaf: ParserNode, known: Map<ParserNode, number>): number | undefined {
  for (let at = leaf.parent; at; at = at.parent) {
    if (at.contentType !== 'multipart/alternative') continue;
    const number = known.get(at) ?? known.size;
    known.set(at, number);
    return number;
  }
  return undefined;
}

function fieldsOf(node: ParserNode | undefined): RawField[] {
  if (!node || node.headerLines === false) return [];
  return node.headerLines.map(({ key, line }) => ({ name: key, value: line.slice(line.indexOf(':') + 1) }));
}

function fieldValue(fields: readonly RawField[], name: string): string | undefined {
  return fields.find((field) => field.name === name)?.value;
}
