/**
 * Filling prepared answers in: Markdown with variables such as {{customer.firstName}} or, with a word to fall back on, {{customer.firstName|there}}. A variable that
 * does not exist, or that is empty and has nothing to fall back on, stops the answer: it must never reach a customer.
 */

/** Every variable there is; the only list. What each stands for is in the message catalogue, under `variable.` and its name. */
export const TEMPLATE_VARIABLES = [
  'customer.name', 'customer.firstName', 'customer.email',
  'agent.name', 'agent.firstName',
  'conversation.number', 'conversation.subject', 'conversation.date',
  'mailbox.name', 'mailbox.address',
  'date', 'date.weekday', 'date.tomorrow', 'date.nextWorkday', 'date.inAWeek',
] as const;

export type TemplateVariable = (typeof TEMPLATE_VARIABLES)[number];

/** '' where there is no value. */
export type TemplateValues = Readonly<Record<TemplateVariable, string>>;

/** `unknown`: variables that do not exist, or are empty with nothing to fall back on; each once, in order of appearance. They still stand in the text. */
export interface Filled {
  readonly text: string;
  readonly unknown: readonly string[];
}

/** No brace inside, so that reading takes time in proportion to the text. */
const VARIABLE = /\{\{([^{}]*)\}\}/g;

/** A mistaken variable is named by its first characters. */
const MAX_SHOWN_CHARS = 60;

/** Fills in a template. Values are put in as they are, on one line; what looks like a variable in them stays as it is. */
export function fillTemplate(body: string, values: TemplateValues): Filled {
  const unknown = new Set<string>();
  const text = body.replace(VARIABLE, (whole, inside: string) => {
    const { name, fallback } = readVariable(inside);
    const value = isVariable(name) ? onOneLine(values[name]) : '';
    if (value !== '') return value;
    if (fallback !== undefined && isVariable(name)) return fallback;
    unknown.add(shown(name));
    return whole;
  });
  return { text, unknown: [...unknown] };
}

/** Variables in `body` that do not exist, each once: mistakes that can be told before anybody answers. */
export function unknownVariables(body: string): readonly string[] {
  const names = [...body.matchAll(VARIABLE)].map(([, inside = '']) => readVariable(inside).name);
  return [...new Set(names.filter((name) => !isVariable(name)).map(shown))];
}

function readVariable(inside: string): { readonly name: string; readonly fallback: string | undefined } {
  const bar = inside.indexOf('|');
  return bar < 0 ? { name: inside.trim(), fallback: undefined } : { name: inside.slice(0, bar).trim(), fallback: inside.slice(bar + 1).trim() };
}

function isVariable(name: string): name is TemplateVariable {
  return TEMPLATE_VARIABLES.some((known) => known === name);
}

/** A customer's name or subject must not bring lines of its own into our mail. */
function onOneLine(value: string): string {
  return value.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

function shown(name: string): string {
  return name.length > MAX_SHOWN_CHARS ? `${name.slice(0, MAX_SHOWN_CHARS)}…` : name;
}
