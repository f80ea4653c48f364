import type { z } from 'zod';
import type { DeskDocument } from './document.js';
import type { Complaint, DeskPath, DeskProblem } from './problems.js';
import { KEY_SEPARATOR, suggested, wrongType } from './reading.js';

/** Where mistakes are gathered while the parts of a desk are read; reading goes on after each. */
export class Checks {
  readonly problems: DeskProblem[] = [];
  constructor(private readonly document: DeskDocument) {}

  /** Adds a mistake, unless one was found in the same place or inside it: then this one follows from it. */
  complain(path: DeskPath, complaint: Complaint, at: 'key' | 'value' = 'value'): void {
    const problem = this.document.problemAt(path, complaint, at);
    const inside = (other: DeskProblem): boolean => other.path === problem.path || other.path.startsWith(`${problem.path}.`) || other.path.startsWith(`${problem.path}[`);
    if (!this.problems.some(inside)) this.problems.push(problem);
  }

  /**
   * The value as the schema reads it. What has mistakes is left out of it, and said in `problems`, so that the rest can be looked at as well; undefined when
   * what is left is not enough.
   */
  read<Schema extends z.ZodType>(schema: Schema, input: unknown, path: DeskPath): z.output<Schema> | undefined {
    const result = schema.safeParse(input, { reportInput: true });
    if (result.success) return result.data;
    const places = result.error.issues.flatMap((issue) => {
      const place = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
      this.complainAbout(issue, [...path, ...place]);
      return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...place, key]) : [place];
    });
    const rest = schema.safeParse(without(input, places));
    return rest.success ? rest.data : undefined;
  }

  /** The values of a mapping whose keys are free; [] when it is left out or is none. */
  entriesOf(input: unknown, path: DeskPath): readonly (readonly [key: string, value: unknown])[] {
    if (input === undefined || input === null) return [];
    if (typeof input === 'object' && !Array.isArray(input)) return Object.entries(input);
    this.complain(path, wrongType(input, 'deskfile.type.mapping'));
    return [];
  }

  /** Complains when `found` is not one of the known ids. */
  refer(kind: 'agent' | 'channel' | 'folder' | 'label' | 'mailbox' | 'team' | 'team-or-agent' | 'template', found: string, known: ReadonlySet<string>, path: DeskPath): void {
    if (known.has(found)) return;
    const suggestion = suggested(found, known);
    const hint = known.size > 0 && suggestion.suggestion === undefined ? { hint: { key: 'deskfile.there-are' as const, params: { expected: [...known].join(', ') } } } : {};
    this.complain(path, { key: 'deskfile.unknown-reference', params: { found }, words: { kind: `plan.kind.${kind}` }, ...suggestion, ...hint });
  }

  private complainAbout(issue: z.core.$ZodIssue, path: DeskPath): void {
    if (issue.code === 'unrecognized_keys') {
      const allowed = issue.message.split(KEY_SEPARATOR);
      for (const key of issue.keys) {
        const suggestion = suggested(key, allowed);
        const hint = suggestion.suggestion === undefined ? { hint: { key: 'deskfile.unknown-keys' as const, params: { expected: allowed.join(', ') } } } : {};
        this.complain([...path, key], { key: 'deskfile.unknown-key', params: { found: key }, ...suggestion, ...hint }, 'key');
      }
      return;
    }
    const complaint = complaintOf(issue);
    this.complain(path, complaint.key === 'deskfile.missing' ? { ...complaint, params: { name: String(path.at(-1) ?? '') } } : complaint);
  }
}

/** A copy without the values in these places; those in lists stay, since the others would move. */
function without(input: unknown, places: readonly DeskPath[]): unknown {
  const copy: unknown = structuredClone(input);
  for (const place of places) {
    let holder: unknown = copy;
    for (const step of place.slice(0, -1)) holder = (holder as Readonly<Record<string, unknown>> | undefined)?.[step];
    const last = place.at(-1);
    if (typeof last === 'string' && typeof holder === 'object' && holder !== null) Reflect.deleteProperty(holder, last);
  }
  return copy;
}

function complaintOf(issue: z.core.$ZodIssue): Complaint {
  if (issue.code === 'custom') return (issue.params as { readonly complaint: Complaint }).complaint;
  if (issue.input === undefined) return { key: 'deskfile.missing' };
  return wrongType(issue.input, issue.code === 'invalid_type' && issue.expected === 'array' ? 'deskfile.type.list' : 'deskfile.type.mapping');
}
