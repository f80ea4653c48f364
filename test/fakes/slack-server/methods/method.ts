import { z } from 'zod';

import type { Conversation } from '../conversation.js';
import type { JsonObject } from '../json.js';
import type { Tier } from '../rate-limits.js';
import type { Slack } from '../slack.js';
import { refusal, SlackError } from '../violations.js';
import type { Workspace } from '../workspace.js';

export interface Call<A> {
  readonly slack: Slack;
  readonly workspace: Workspace;
  readonly args: A;
}

/** One method of the Web API. */
export interface Method {
  readonly name: string;
  readonly token: 'bot' | 'app';
  /** One of them is enough; none for methods that need no scope. */
  readonly scopes: readonly string[];
  readonly tier: Tier;
  readonly args: z.ZodObject;
  /** @throws SlackError */
  run(call: Call<Record<string, unknown>>): JsonObject;
}

interface MethodSpec<S extends z.ZodRawShape> {
  readonly name: string;
  readonly token?: 'bot' | 'app';
  readonly scopes?: readonly string[];
  readonly tier: Tier;
  readonly args: S;
  readonly run: (call: Call<z.output<z.ZodObject<S>>>) => JsonObject;
}

export function method<S extends z.ZodRawShape>(spec: MethodSpec<S>): Method {
  return {
    name: spec.name,
    token: spec.token ?? 'bot',
    scopes: spec.scopes ?? [],
    tier: spec.tier,
    args: z.object(spec.args),
    // The dispatcher has parsed the arguments with this very shape.
    run: (call) => spec.run(call as Call<z.output<z.ZodObject<S>>>),
  };
}

/** Arguments come as text in forms and as what they are in JSON. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1')]).optional();
export const count = z.union([z.number().int(), z.string().regex(/^\d+$/, 'must be a number').transform(Number)]);
export const id = z.string().min(1);
export const text = z.string();
/** JSON in a form field, or JSON; read further by who needs it. */
export const json = z.unknown();

/** @throws SlackError missing_scope */
export function needScope(call: Call<unknown>, ...anyOf: readonly string[]): void {
  const { scopes, lostScopes } = call.workspace;
  if (anyOf.length === 0 || anyOf.some((scope) => scopes.has(scope))) return;
  const extra = { needed: anyOf.join(','), provided: [...scopes].join(',') };
  throw anyOf.some((scope) => lostScopes.has(scope)) ? new SlackError('missing_scope', extra) : refusal('missing_scope', `needs ${anyOf.join(' or ')}`, extra);
}

/** "channels:history" and its kin, by the kind of conversation. */
export function scopeFor(place: Conversation, verb: 'read' | 'history'): string {
  return `${{ channel: 'channels', group: 'groups', im: 'im' }[place.kind]}:${verb}`;
}

/**
 * The conversation of that id, if the bot can see it: private ones only from inside.
 *
 * @throws SlackError channel_not_found
 */
export function seen(call: Call<unknown>, channel: string): Conversation {
  const { workspace } = call;
  const place = workspace.findConversation(channel);
  if (!place || (place.isPrivate && !place.members.has(workspace.botUser.id))) throw new SlackError('channel_not_found');
  return place;
}

/**
 * A place to post in: a channel by id or name, or a person.
 *
 * @throws SlackError when there is none, or the bot may not
 */
export function postable(call: Call<unknown>, channel: string): Conversation {
  const { workspace } = call;
  const place = /^[UW]/.test(channel) && workspace.users.has(channel) ? workspace.directWith(channel) : seen(call, channel);
  if (place.archived) throw new SlackError('is_archived');
  const inside = place.members.has(workspace.botUser.id);
  if (!inside && !workspace.scopes.has('chat:write.public')) throw new SlackError('not_in_channel');
  return place;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** `response_metadata` with the cursor to the next page, empty on the last. */
  readonly metadata: JsonObject;
}

/** Cuts a page out of a list. @throws SlackError invalid_cursor */
export function page<T>(all: readonly T[], limit: number, cursor: string | undefined): Page<T> {
  const start = cursor === undefined || cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64').toString('utf8').replace('next:', ''));
  if (!Number.isInteger(start)) throw refusal('invalid_cursor', cursor ?? '');
  const end = start + limit;
  return { items: all.slice(start, end), metadata: { next_cursor: end < all.length ? Buffer.from(`next:${end}`).toString('base64') : '' } };
}
