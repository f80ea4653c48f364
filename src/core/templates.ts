/**
 * Prepared answers: Markdown with variables such as {{customer.firstName}} or, with a word to fall back on, {{customer.firstName|there}}. A variable that
 * does not exist, or that is empty and has nothing to fall back on, stops the answer: it must never reach a customer.
 */

/** Every variable there is, with what it stands for; the only list. */
export const TEMPLATE_VARIABLES = {
  'customer.name': "The customer's name as they write it",
  'customer.firstName': "The first word of the customer's name",
  'customer.email': "The customer's address",
  'agent.name': 'Who answers',
  'agent.firstName': 'The first name of who answers',
  'conversation.number': 'The number of the conversation, without #',
  'conversation.subject': 'The subject',
  'mailbox.name': 'The name customers see as sender',
  'mailbox.address': 'The address they wrote to',
  date: "Today's date in the customer's language",
} as const satisfies Readonly<Record<string, string>>;

export type TemplateVariable = keyof typeof TEMPLATE_VARIABLES;

/** '' where there is no value. */
export type TemplateValues = Readonly<Record<TemplateVariable, string>>;

/** The filled-in text, or the variables that stopped it, each once, in order of appearance. */
export type Rendered = { readonly text: string } | { readonly unknown: readonly string[] };

/** No brace inside, so that reading takes time in proportion to the text. */
const VARIABLE = /\{\{([^{}]*)\}\}/g;

/** A mistaken variable is named by its first characters. */
const MAX_SHOWN_CHARS = 60;

/** Fills in a template. Values are put in as they are, on one line; what looks like a variable in them stays as it is. */
export function renderTemplate(body: string, values: TemplateValues): Rendered {
  const unknown = new Set<string>();
  const text = body.replace(VARIABLE, (_whole, inside: string) => {
    const { name, fallback } = readVariable(inside);
    const value = isVariable(name) ? onOneLine(values[name]) : '';
    if (value !== '') return value;
    if (fallback !== undefined && isVariable(name)) return fallback;
    unknown.add(shown(name));
    return '';
  });
  return unknown.size > 0 ? { unknown: [...unknown] } : { text };
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
  return Object.hasOwn(TEMPLATE_VARIABLES, name);
}

/** A customer's name or subject must not bring lines of its own into our mail. */
function onOneLine(value: string): string {
  return value.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

function shown(name: string): string {
  return name.length > MAX_SHOWN_CHARS ? `${name.slice(0, MAX_SHOWN_CHARS)}…` : name;
}
