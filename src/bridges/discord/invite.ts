import { REST, Routes } from 'discord.js';

import { createApi, REST_OPTIONS } from './api.js';
import { textIn, type Json } from './json.js';
import { inviteLink } from './permissions.js';
import type { DiscordSettings } from './settings.js';

/** The page that lets the bot of this token into a server, with just the rights that are used. @throws BridgeError */
export async function fetchInvite({ token, apiUrl }: Pick<DiscordSettings, 'token' | 'apiUrl'>): Promise<string> {
  const rest = new REST({ ...REST_OPTIONS, api: apiUrl }).setToken(token);
  try {
    return inviteLink(textIn(await createApi({ rest, token }).request<Json>('get', Routes.currentApplication(), 'say who we are'), 'id') ?? '');
  } finally {
    rest.clearHashSweeper();
    rest.clearHandlerSweeper();
  }
}
