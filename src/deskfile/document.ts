import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair } from 'yaml';
import { pathText, type Complaint, type DeskPath, type DeskProblem } from './problems.js';

/** A desk describes some hundred things; references that multiply into more are an attack or a mistake. */
const MAX_ALIASES = 100;

/** desk.yaml as YAML sees it: its plain value, and where each part of it stands. */
export interface DeskDocument {
  /** undefined when the text is not YAML. */
  readonly value: unknown;
  readonly problems: readonly DeskProblem[];
  /** @param at the key or the value of the last step; what is missing is placed at what should hold it */
  problemAt(path: DeskPath, complaint: Complaint, at?: 'key' | 'value'): DeskProblem;
}

export function openDocument(text: string): DeskDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const place = (offset: number): { readonly line: number; readonly column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problemAt: DeskDocument['problemAt'] = (path, complaint, at = 'value') => ({ ...complaint, ...place(offsetOf(document, path, at)), path: pathText(path) });
  const broken = document.errors.map((error): DeskProblem => ({ key: 'deskfile.yaml', params: { reason: firstLine(error.message) }, ...place(error.pos[0]), path: '' }));
  if (broken.length > 0) return { value: undefined, problems: broken, problemAt };
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown, problems: [], problemAt };
  } catch (error) {
    // Unresolved and multiplying aliases are found only here.
    return { value: undefined, problems: [problemAt([], { key: 'deskfile.yaml', params: { reason: firstLine(error instanceof Error ? error.message : String(error)) } })], problemAt };
  }
}

/** Follows the path as far as the document goes. */
function offsetOf(document: Document, path: DeskPath, at: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  path.forEach((step, index) => {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
      if (!pair) return;
      const keyStart = startOf(pair.key) ?? offset;
      offset = at === 'key' && index === path.length - 1 ? keyStart : (startOf(pair.value) ?? keyStart);
      // A mapping's place is that of its key: an error about it as a whole is sought there.
      if (isMap(pair.value) || isSeq(pair.value)) offset = keyStart;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      offset = startOf(node) ?? offset;
    }
  });
  return offset;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
