import { COMMANDS } from '../commands/index.js';
import { LOCALES } from '../core/model.js';
import { say } from '../core/language/say.js';
import { print, printJson } from './setting.js';

/** `goniec commands`: the catalogue, for people and for tools. */
export function printCommands(options: { json?: boolean }): void {
  const catalogue = COMMANDS.map(({ name, aliases, permission, onConversation, options: wanted, summary }) => ({
    name,
    aliases,
    permission,
    onConversation,
    options: wanted.map(({ name: option, kind, required, hidden }) => ({ name: option, kind, required, typed: !hidden })),
    summary: Object.fromEntries(LOCALES.map((locale) => [locale, say(locale, summary)])),
  }));
  if (options.json) return printJson(catalogue);
  for (const { name, summary } of catalogue) print(`/${name.padEnd(12)} ${summary['en'] ?? ''}`);
}
