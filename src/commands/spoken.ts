/** Texts name verbs with a slash ("/close 42"). Where people say them in another way ("!close" in a thread of Slack, "/mail close" elsewhere there), they read them as they say them. */
import { COMMANDS } from './index.js';

const NAMES = COMMANDS.flatMap(({ name, aliases }) => [name, ...aliases]).filter((name) => /^\p{L}/u.test(name));

/**
 * @param prefix what stands before a verb: '/', '!', '/mail '
 * @param said something that was taken for a verb
 */
export function spoken(text: string, prefix: string, said?: string): string {
  if (prefix === '/') return text;
  const names = [...NAMES, ...(said !== undefined && /^[\p{L}\p{N}-]+$/u.test(said) ? [said] : [])];
  return text.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}/._-])/(${names.join('|')})(?![\\p{L}\\p{N}/_-])`, 'gu'), (_, name: string) => prefix + name);
}
