/** The verbs as Discord's own commands, published only when they changed. */
import { ApplicationCommandOptionType, ApplicationCommandType, InteractionContextType, Routes } from 'discord.js';

import { LOCALES, type Locale } from '../../core/model.js';
import type { VerbDescription } from '../../core/ports/chat.js';
import { say } from '../../core/language/say.js';
import type { Api } from './api.js';
import { isJson, type Json } from './json.js';
import { MAX_DESCRIPTION_OF_COMMAND_CHARS } from './limits.js';
import { oneLine } from './plain-text.js';

/** Locales as Discord names them. English is what stands without one. */
const DISCORD_LOCALES: Readonly<Record<Exclude<Locale, 'en'>, readonly string[]>> = { pl: ['pl'] };
/** Which conversation, for verbs that speak of one; inside its thread it is implied. */
export const CONVERSATION = 'conversation';
/** The entry of the menu on a message. */
const SEND_TO_CUSTOMER = 'chat.send-to-customer';

const described = (texts: Readonly<Record<Locale, string>>): Json => ({
  description: oneLine(texts.en, MAX_DESCRIPTION_OF_COMMAND_CHARS) || '…',
  description_localizations: Object.fromEntries(Object.entries(DISCORD_LOCALES).flatMap(([locale, names]) => names.map((name) => [name, oneLine(texts[locale as 'pl'], MAX_DESCRIPTION_OF_COMMAND_CHARS) || '…']))),
});

/** What Discord is told, as a PUT takes it. */
function commandsOf(verbs: readonly VerbDescription[]): readonly Json[] {
  const inAll = (key: Parameters<typeof say>[1]): Readonly<Record<Locale, string>> => Object.fromEntries(LOCALES.map((locale) => [locale, say(locale, key)])) as Record<Locale, string>;
  const typed = verbs.map(({ name, summary, options, onConversation, form }): Json => {
    const own = options.map((option) => ({
      type: option.kind === 'flag' ? ApplicationCommandOptionType.Boolean : ApplicationCommandOptionType.String,
      name: option.name,
      ...described(option.label),
      // What a form asks for can be left out: then it asks.
      required: option.required && !form,
      ...(option.kind !== 'flag' && option.kind !== 'text' && { autocomplete: true }),
    }));
    const number = { type: ApplicationCommandOptionType.String, name: CONVERSATION, ...described(inAll('option.number')), required: false, autocomplete: true };
    const all = [...own, ...(onConversation && !own.some((option) => option.name === CONVERSATION) ? [number] : [])];
    return {
      type: ApplicationCommandType.ChatInput, name, ...described(summary), contexts: [InteractionContextType.Guild],
      options: [...all.filter(({ required }) => required), ...all.filter(({ required }) => !required)],
    };
  });
  const menu: Json = {
    type: ApplicationCommandType.Message, name: say('en', SEND_TO_CUSTOMER), name_localizations: Object.fromEntries(Object.entries(DISCORD_LOCALES).flatMap(([locale, names]) => names.map((name) => [name, say(locale as 'pl', SEND_TO_CUSTOMER)]))),
    contexts: [InteractionContextType.Guild],
  };
  return [...typed, menu];
}

/** @returns false when what is there is what is wanted already */
export async function publishCommands(api: Api, applicationId: string, guildId: string, verbs: readonly VerbDescription[]): Promise<boolean> {
  const wanted = commandsOf(verbs);
  const route = Routes.applicationGuildCommands(applicationId, guildId);
  const there = await api.request<readonly Json[]>('get', route, 'read the commands', { query: new URLSearchParams({ with_localizations: 'true' }) });
  if (signature(there) === signature(wanted)) return false;
  await api.request('put', route, 'publish the commands', { body: wanted });
  return true;
}

/** Only what we say; Discord adds ids, versions and defaults of its own. */
function signature(commands: readonly unknown[]): string {
  const one = (command: unknown): unknown => {
    if (!isJson(command)) return null;
    const options = Array.isArray(command['options']) ? command['options'].map(one) : [];
    const sorted = (value: unknown): unknown => (isJson(value) ? Object.entries(value).sort(([left], [right]) => left.localeCompare(right)) : []);
    return [command['type'] ?? 1, command['name'], command['description'] ?? '', sorted(command['name_localizations']), sorted(command['description_localizations']), command['required'] ?? false, command['autocomplete'] ?? false, options];
  };
  return JSON.stringify(commands.map(one).map((command) => JSON.stringify(command)).sort());
}
