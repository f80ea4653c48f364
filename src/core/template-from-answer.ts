/** Makes a template of an answer that was sent: what belongs to that one customer becomes a variable. */
import type { TemplateValues, TemplateVariable } from './templates.js';

/** The longer ones first: a full name before the first name in it. */
const TURNED_BACK: readonly TemplateVariable[] = ['customer.name', 'customer.email', 'agent.name', 'customer.firstName', 'agent.firstName'];
/** A shorter value ("Al", "Jo") is a part of too many words. */
const MIN_CHARS = 3;

/**
 * The answer's text with variables for the customer's and the agent's name, the customer's address and the number of the conversation. A person reads it before it is kept: a name in another
 * form ("Anno") is not recognised.
 * @param otherwise what a greeting says where the customer has no name, such as "there"; '' for nothing
 */
export function templateFromAnswer(text: string, values: TemplateValues, otherwise: string): string {
  let result = text;
  for (const variable of TURNED_BACK) {
    const value = values[variable].trim();
    if (value.length < MIN_CHARS) continue;
    const fallback = variable === 'customer.firstName' && otherwise !== '' ? `|${otherwise}` : '';
    result = result.replace(new RegExp(`(?<![\\p{L}\\p{N}{.])${literal(value)}(?![\\p{L}\\p{N}}])`, 'gu'), `{{${variable}${fallback}}}`);
  }
  return result.replace(new RegExp(`#${literal(values['conversation.number'])}(?!\\d)`, 'g'), '#{{conversation.number}}');
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
