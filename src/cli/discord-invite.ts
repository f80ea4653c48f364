import { fetchInvite } from '../bridges/discord/invite.js';
import { loadEnvironment, readDiscordConfig } from '../config.js';
import { CommandLineError, print } from './setting.js';

/** `goniec discord invite`: the link by which somebody who manages a server lets the bot in, with just the rights that it uses. Nothing but the token has to be configured for it. */
export async function printInvite(): Promise<void> {
  const discord = readDiscordConfig(loadEnvironment());
  if (!discord) throw new CommandLineError('DISCORD_TOKEN is not set. docs/discord.md says how to make one.');
  try {
    print(await fetchInvite(discord));
  } catch (error) {
    throw new CommandLineError(error instanceof Error ? error.message : String(error));
  }
}
