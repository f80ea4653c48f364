/**
 * Whether an earlier try of a message arrived whose answer was lost. Discord makes no second one for some minutes (nonce); after that, or after a restart, the channel is read: what stands there from us, looks like it, and is
 * written down nowhere, is it.
 */
import { Routes } from 'discord.js';

import { BridgeError } from '../../core/errors.js';
import { mintedAt, type PostRef } from '../../core/ids.js';
import type { Api } from './api.js';
import { isJson, listIn, objectIn, textIn, type Json } from './json.js';
import { readPost, snowflakeAt } from './refs.js';
import type { Piece } from './render.js';

export interface EarlierTries {
  /** Id of the message of an earlier try; it may say what was so then. @param again there was one, by whomever @param standing what is accounted for */
  find(channelId: string, piece: Piece, key: string, again: boolean, standing: () => Promise<readonly PostRef[]>): Promise<string | undefined>;
  /** Makes a message and keeps in mind what became of it: its id, or that nobody knows. */
  making(key: string, make: () => Promise<string>): Promise<string>;
  /** What this process made for it. */
  madeBy(key: string): string | undefined;
  /** Why an earlier try may have arrived: our request had no answer, or somebody else made it, before our start or on another node. undefined: none did. */
  doubt(key: string, again: boolean): 'answer-lost' | 'not-ours' | undefined;
  /** The message looks like this piece and is no other delivery's. */
  isOf(message: Json, piece: Piece): boolean;
}

export interface TriesNeeds {
  readonly api: Api;
  readonly botId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** More than can be under way at once. */
const REMEMBERED = 10_000;
/** Clocks of ours and Discord's may differ by so much, in milliseconds. */
const CLOCK_SLACK_MS = 2 * 60_000;
const PAGE = 100;
const MAX_PAGES = 10;
/** What was read of a channel serves all that is looked for there in this time, in milliseconds. */
const FRESH_MS = 10_000;
/** A key that does not tell its time may be so old, in milliseconds. */
const UNKNOWN_AGE_MS = 3_600_000;

export function createEarlierTries({ api, botId, now }: TriesNeeds): EarlierTries {
  const made = new Map<string, string>();
  const makers = new Map<string, string>();
  /** When the first of them was begun. */
  const inDoubt = new Map<string, number>();
  /** Discord said no to our last try. */
  const refused = new Map<string, true>();
  const past = new Map<string, { readonly at: number; readonly since: number; readonly messages: readonly Json[] }>();

  const readSince = async (channelId: string, since: number): Promise<readonly Json[]> => {
    const messages: Json[] = [];
    let after = snowflakeAt(new Date(since - CLOCK_SLACK_MS));
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const page = (await api.request<readonly Json[]>('get', Routes.channelMessages(channelId), `look for an earlier try in ${channelId}`, { query: new URLSearchParams({ after, limit: String(PAGE) }) })).filter(isJson);
      const byAge = [...page].sort((left, right) => (BigInt(textIn(left, 'id') ?? '0') < BigInt(textIn(right, 'id') ?? '0') ? -1 : 1));
      messages.push(...byAge);
      if (page.length < PAGE) break;
      after = textIn(byAge.at(-1), 'id') ?? after;
    }
    return messages;
  };
  const pastOf = async (channelId: string, since: number): Promise<readonly Json[]> => {
    const known = past.get(channelId);
    if (known && known.since <= since && now() - known.at < FRESH_MS) return known.messages;
    const messages = await readSince(channelId, since);
    remember(past, channelId, { at: now(), since, messages });
    return messages;
  };
  const doubt: EarlierTries['doubt'] = (key, again) => (inDoubt.has(key) ? 'answer-lost' : again && !refused.has(key) ? 'not-ours' : undefined);
  const isOf = (message: Json, piece: Piece): boolean =>
    textIn(objectIn(message, 'author'), 'id') === botId() && message['message_reference'] === undefined && !makers.has(textIn(message, 'id') ?? '') && looksLike(message, piece);

  return {
    madeBy: (key) => made.get(key),
    doubt,
    isOf,

    async find(channelId, piece, key, again, standing) {
      const known = made.get(key);
      if (known !== undefined) return known;
      const why = doubt(key, again);
      if (why === undefined) return undefined;
      const minted = mintedAt(key) ?? now() - UNKNOWN_AGE_MS;
      const messages = why === 'not-ours' ? await pastOf(channelId, minted) : await readSince(channelId, Math.min(inDoubt.get(key) ?? minted, minted));
      const alike = messages.filter((message) => isOf(message, piece));
      if (alike.length === 0) return undefined;
      const accounted = new Set((await standing()).flatMap((ref) => readPost(ref)?.messageIds ?? []));
      const id = textIn(alike.find((message) => !accounted.has(textIn(message, 'id') ?? '')), 'id');
      if (id === undefined) return undefined;
      remember(made, key, id);
      remember(makers, id, key);
      return id;
    },

    async making(key, make) {
      const begun = now();
      try {
        const id = await make();
        inDoubt.delete(key);
        refused.delete(key);
        remember(made, key, id);
        remember(makers, id, key);
        return id;
      } catch (error) {
        if (error instanceof BridgeError && error.certain) remember(refused, key, true);
        else if (!inDoubt.has(key)) remember(inDoubt, key, begun);
        throw error;
      }
    },
  };
}

/** Whatever changed since (state, buttons): a card by its conversation, a mail by its heading and words, a note or event by its words, files by their names. */
function looksLike(message: Json, { body, files, trace }: Piece): boolean {
  if (trace) {
    const content = squeezed(textIn(message, 'content') ?? '');
    return content.startsWith(squeezed(trace.heading)) && content.includes(squeezed(trace.text));
  }
  const [embed] = listIn(body, 'embeds');
  const [shown] = listIn(message, 'embeds');
  if (embed) {
    const mark = conversationMark(body);
    return shown !== undefined && (mark === undefined ? squeezed(textIn(shown, 'description') ?? '') === squeezed(textIn(embed, 'description') ?? '') : conversationMark(message) === mark);
  }
  const names = listIn(message, 'attachments').map((file) => textIn(file, 'filename'));
  return files.length > 0 && names.length === files.length && (textIn(message, 'content') ?? '') === '';
}

/** The conversation that buttons speak of: the third part of what they say (custom-ids). */
export function conversationMark(message: Json): string | undefined {
  return listIn(message, 'components').flatMap((row) => listIn(row, 'components')).map((part) => textIn(part, 'custom_id')?.split(':')[2]).find(Boolean);
}

const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim();

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= REMEMBERED) break;
    map.delete(oldest);
  }
}
