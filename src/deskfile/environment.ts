import type { Complaint } from './problems.js';
import { reading, wrongType, type Read } from './reading.js';

/** Variables that desk.yaml may name. */
export type Variables = Readonly<Record<string, string | undefined>>;

const PLACEHOLDER = /\$\{([^{}]*)\}/g;
/** A password that only looks like a placeholder ("a${b}") is not taken for one. */
const NAME = /^[A-Z_][A-Z0-9_]*$/;

export const placeholder = (name: string): string => `\${${name}}`;

/** The names in `text`, each once. */
function placeholdersIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name).filter((name) => NAME.test(name)))];
}

/** Puts values in for `${NAME}`. Values are not looked through again. */
function resolvePlaceholders(text: string, variables: Variables): Read<string> {
  const missing = placeholdersIn(text).find((name) => !valueOf(variables, name));
  if (missing !== undefined) return { complaint: { key: 'deskfile.not-set', params: { name: missing } } };
  return { value: text.replace(PLACEHOLDER, (whole, name: string) => (NAME.test(name) ? (valueOf(variables, name) ?? whole) : whole)) };
}

/** Complains about `${NAME}` where it would be taken literally. */
export function noPlaceholders(text: string): Complaint | undefined {
  const [name] = placeholdersIn(text);
  return name === undefined ? undefined : { key: 'deskfile.no-secret-here', params: { found: placeholder(name) } };
}

/** Text in which `${NAME}` stands for a variable, then read further. */
export function withPlaceholders<Value>(variables: Variables, read: (resolved: string) => Read<Value>) {
  return reading<Value>((input) => {
    if (typeof input !== 'string') return { complaint: wrongType(input, 'deskfile.type.text') };
    const resolved = resolvePlaceholders(input, variables);
    return 'complaint' in resolved ? resolved : read(resolved.value);
  });
}

function valueOf(variables: Variables, name: string): string | undefined {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}
