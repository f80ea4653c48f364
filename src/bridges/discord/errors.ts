/** Discord's errors as ours. 4xx: nothing happened. 5xx, a cut line or a timeout: it may have. */
import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';

import type { Said } from '../../core/calls.js';
import { BridgeError } from '../../core/errors.js';

/** Error codes of Discord's API (docs, "Opcodes and Status Codes: JSON"). */
export const CODE = {
  unknownChannel: 10_003,
  unknownGuild: 10_004,
  unknownMessage: 10_008,
  unknownUser: 10_013,
  unknownWebhook: 10_015,
  unknownInteraction: 10_062,
  tooLarge: 40_005,
  acknowledged: 40_060,
  missingAccess: 50_001,
  invalidWebhookToken: 50_027,
  cannotMessage: 50_007,
  missingPermissions: 50_013,
  threadArchived: 50_083,
  noCommonServer: 50_278,
  threadExists: 160_004,
  threadCap: 160_006,
} as const;

/** Close codes of the gateway after which somebody has to put something right (docs, "Gateway Close Event Codes"). */
export const CLOSE = { authenticationFailed: 4004, disallowedIntents: 4014 } as const;
const CLOSED_FOR_GOOD: Readonly<Record<number, string>> = {
  4004: 'Discord does not accept DISCORD_TOKEN. Make a new one in the developer portal (Bot, Reset Token) and write it into .env.',
  4010: 'Discord does not accept the shard.',
  4011: 'The bot is in too many servers for one connection.',
  4012: 'Discord does not know this version of its gateway any more. Update Goniec.',
  4013: 'Discord does not know the intents that Goniec asks for. Update Goniec.',
  4014: 'Discord does not allow the bot to read messages. Turn on "Message Content Intent" in the developer portal (Bot), or ask Discord for it if the bot is in 100 servers or more.',
};

class GatewayClosed extends Error {
  constructor(readonly code: number) {
    super(`closed with ${code}`);
  }
}

/** Discord shut the gateway's door. */
export const closedWith = (code: number): BridgeError => new BridgeError('forbidden', true, CLOSED_FOR_GOOD[code] ?? `Discord closed the connection (${code}).`, undefined, { cause: new GatewayClosed(code) });

const GONE: readonly number[] = [CODE.unknownChannel, CODE.unknownGuild, CODE.unknownMessage];
const TOO_LARGE = 413;
/** The cap only sinks as threads fall asleep, in milliseconds. */
const CAP_WAIT_MS = 5 * 60_000;

/** Discord's own code of what failed; undefined when it never answered. */
export function codeOf(error: unknown): number | undefined {
  const cause = error instanceof BridgeError ? error.cause : error;
  return cause instanceof DiscordAPIError ? Number(cause.code) : undefined;
}

/** A file that the server does not take: its limit hangs on boosts and changes. */
export const isTooLarge = (error: unknown): boolean => codeOf(error) === CODE.tooLarge || (error instanceof BridgeError && (error.cause instanceof HTTPError || error.cause instanceof DiscordAPIError) && error.cause.status === TOO_LARGE);

/** They take no messages of ours, or are gone: nothing that a later try would cure. */
export function takesNoMessages(error: unknown): boolean {
  const code = codeOf(error);
  return code === CODE.unknownUser || code === CODE.cannotMessage || code === CODE.noCommonServer;
}

/** @param doing what was tried, for the log: "post into thread 123" */
export function asBridgeError(error: unknown, doing: string): BridgeError {
  if (error instanceof BridgeError) return error;
  const options = { cause: error };
  if (error instanceof RateLimitError) return new BridgeError('rate-limited', true, `Discord asks to wait (${doing}).`, error.retryAfter || error.timeToReset, options);
  if (error instanceof DiscordAPIError) {
    const code = Number(error.code);
    if (GONE.includes(code)) return new BridgeError('gone', true, `It is not on Discord any more (${doing}).`, undefined, options);
    if (code === CODE.threadCap) return new BridgeError('unavailable', true, `The server has as many active threads as Discord allows (${doing}). Archive some, or wait until they fall asleep.`, CAP_WAIT_MS, options);
    if (error.status === 401) return new BridgeError('forbidden', true, `Discord does not accept DISCORD_TOKEN (${doing}). Make a new one in the developer portal.`, undefined, options);
    if (error.status === 403) return new BridgeError('forbidden', true, `Goniec may not do this on Discord (${doing}): ${error.message}. Invite it anew with "goniec discord invite", or allow it in the channel.`, undefined, options);
    if (error.status === 429) return new BridgeError('rate-limited', true, `Discord asks to wait (${doing}).`, undefined, options);
    if (error.status >= 500) return new BridgeError('unavailable', false, `Discord has trouble (${doing}, ${error.status}).`, undefined, options);
    return new BridgeError('invalid', true, `Discord refuses it (${doing}): ${error.message}`, undefined, options);
  }
  if (error instanceof HTTPError && error.status === TOO_LARGE) return new BridgeError('invalid', true, `Discord takes no files of this size (${doing}).`, undefined, options);
  if (error instanceof HTTPError) return new BridgeError('unavailable', false, `Discord has trouble (${doing}, ${error.status}).`, undefined, options);
  return new BridgeError('unavailable', false, `Discord cannot be reached (${doing}): ${error instanceof Error ? error.message : String(error)}`, undefined, options);
}

/** What keeps posts from going out, for the web desk; `all`: not only in this channel. undefined: it passes by itself. */
export function troubleOf(error: unknown): { readonly what: Said; readonly all: boolean } | undefined {
  const cause = error instanceof BridgeError ? error.cause : error;
  const says = (key: Said['key'], all = false): { readonly what: Said; readonly all: boolean } => ({ what: { key, params: {} }, all });
  if ((cause instanceof DiscordAPIError && cause.status === 401) || (cause instanceof GatewayClosed && cause.code === CLOSE.authenticationFailed)) return says('trouble.token', true);
  if (cause instanceof GatewayClosed) return says(cause.code === CLOSE.disallowedIntents ? 'trouble.intent' : 'trouble.unreachable', true);
  if (codeOf(error) === CODE.threadCap) return says('trouble.threads-full');
  if (!(error instanceof BridgeError)) return undefined;
  if (error.fault === 'gone') return says('trouble.no-channel');
  return error.fault === 'forbidden' ? says('trouble.not-allowed') : undefined;
}
