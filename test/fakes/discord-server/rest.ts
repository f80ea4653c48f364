/** The REST side (v10): what Goniec uses of it, with Discord's errors. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { checkRequest } from './contract.js';
import type { Faults } from './faults.js';
import type { Gateway } from './gateway.js';
import type { Interactions, Told } from './interactions.js';
import { isJson, listIn, numberIn, objectIn, textIn, yesIn, type Json } from './json.js';
import type { Pacing } from './pacing.js';
import { snowflake } from './snowflakes.js';
import { ALL_PERMISSIONS, channelJson, DIRECT, FORUM, guildJson, memberJson, messageJson, PUBLIC_THREAD, userJson, type Attachment, type Channel, type Message, type World } from './world.js';

/** Messages of one answer, if nothing is asked for; the most there are (Discord docs, "Get Channel Messages"). */
const PAGE = 50;
const MAX_PAGE = 100;
const RENAMES = 2;
const DEFAULT_ARCHIVE_MINUTES = 4_320;
/** Without boosts; the guild's tier raises it. */
const FILE_LIMITS = [10, 10, 50, 100].map((megabytes) => megabytes * 1024 * 1024);
const REQUEST_LIMIT = 25 * 1024 * 1024;

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly route: string;
  readonly body: unknown;
  readonly at: number;
  readonly status: number;
}

export interface RestNeeds {
  readonly world: World;
  readonly token: string;
  readonly base: () => string;
  readonly gateway: () => Gateway;
  readonly interactions: Interactions;
  readonly faults: Faults;
  readonly pacing: Pacing;
  readonly violations: string[];
  readonly seen: Seen[];
  /** Milliseconds from here to the answer. */
  readonly latencyMs: () => number;
}

interface Result {
  readonly status: number;
  readonly body?: unknown;
}

type Handler = (context: { readonly ids: readonly string[]; readonly body: Json; readonly list: readonly Json[]; readonly files: readonly Attachment[]; readonly query: URLSearchParams }) => Result | Promise<Result>;

const fail = (status: number, code: number, message: string): Result => ({ status, body: { code, message } });
const UNKNOWN_CHANNEL = fail(404, 10_003, 'Unknown Channel');
const UNKNOWN_USER = fail(400, 10_013, 'Unknown User');
const CANNOT_MESSAGE = fail(403, 50_007, 'Cannot send messages to this user');
const UNKNOWN_MESSAGE = fail(404, 10_008, 'Unknown Message');
const MISSING_PERMISSIONS = fail(403, 50_013, 'Missing Permissions');
const ARCHIVED = fail(400, 50_083, 'Thread is archived');

export function createRest(needs: RestNeeds): (request: IncomingMessage, response: ServerResponse) => void {
  const { world, interactions, faults, pacing } = needs;
  const byNonce = new Map<string, { readonly message: Message; readonly at: number }>();
  const dispatch = (t: string, data: Json): void => needs.gateway().dispatch(t, () => data);
  const showMessage = (message: Message): Json => messageJson(world, message, needs.base());
  const told = ({ id, content, embeds, components }: Told, channelId: string): Json => ({ ...showMessage({ ...blankMessage(channelId), id }), content, embeds, components });
  const blankMessage = (channelId: string): Message => ({ id: snowflake(), channelId, author: world.bot, content: '', embeds: [], components: [], attachments: [], flags: 0, allowedMentions: undefined, edits: 0, editedAt: null, createdAt: new Date().toISOString(), nonce: undefined, replyTo: undefined });

  const mayNot = ({ id }: Channel): boolean => world.isHidden(id);
  const fileLimit = (): number => world.maxFileBytes ?? FILE_LIMITS[world.guild.premiumTier] ?? REQUEST_LIMIT;

  const addMessage = (channelId: string, body: Json, files: readonly Attachment[]): Result & { readonly message?: Message } => {
    if (files.some(({ size }) => size > fileLimit()) || files.reduce((sum, { size }) => sum + size, 0) > Math.max(REQUEST_LIMIT, fileLimit())) return fail(413, 40_005, 'Request entity too large');
    const nonce = textIn(body, 'nonce');
    const key = `${channelId} ${nonce ?? ''}`;
    const known = nonce !== undefined && yesIn(body, 'enforce_nonce') ? byNonce.get(key) : undefined;
    if (known && Date.now() - known.at < world.nonceMs && world.messages.has(known.message.id)) return { status: 200, body: showMessage(known.message), message: known.message };
    const message: Message = {
      ...blankMessage(channelId), content: textIn(body, 'content') ?? '', embeds: listIn(body, 'embeds'), components: listIn(body, 'components'), attachments: files, flags: numberIn(body, 'flags') ?? 0,
      allowedMentions: body['allowed_mentions'], nonce, replyTo: textIn(objectIn(body, 'message_reference'), 'message_id'),
    };
    world.messages.set(message.id, message);
    if (nonce !== undefined) byNonce.set(key, { message, at: Date.now() });
    if (world.direct(channelId)) dispatch('MESSAGE_CREATE', showMessage(message));
    else dispatch('MESSAGE_CREATE', { ...showMessage(message), guild_id: world.guild.id, member: memberJson({ user: world.bot, roles: [], locale: 'en-US' }) });
    return { status: 200, body: showMessage(message), message };
  };

  const openThread = (name: string, parent: Channel, id: string | undefined, body: Json): Channel => {
    const channel = world.addChannel(name, PUBLIC_THREAD, {
      ...(id && { id }), parentId: parent.id, ownerId: world.bot.id,
      thread: { archived: false, locked: false, autoArchiveMinutes: numberIn(body, 'auto_archive_duration') ?? DEFAULT_ARCHIVE_MINUTES },
      appliedTags: Array.isArray(body['applied_tags']) ? body['applied_tags'].map(String) : [],
    });
    dispatch('THREAD_CREATE', { ...channelJson(world, channel), newly_created: true });
    return channel;
  };

  const wake = (channel: Channel): void => {
    if (!channel.thread?.archived) return;
    channel.thread.archived = false;
    dispatch('THREAD_UPDATE', channelJson(world, channel));
  };

  const routes: readonly (readonly [string, Handler])[] = [
    ['GET /gateway/bot', () => ({ status: 200, body: { url: needs.base().replace('http', 'ws'), shards: 1, session_start_limit: { total: 1000, remaining: 999, reset_after: 1, max_concurrency: 1 } } })],
    ['GET /applications/@me', () => ({ status: 200, body: { id: world.application.id, name: 'Goniec', icon: null, description: '', bot_public: false, bot_require_code_grant: false, verify_key: world.application.verifyKey, flags: world.application.flags, bot: userJson(world.bot) } })],
    ['GET /users/@me', () => ({ status: 200, body: userJson(world.bot) })],
    ['POST /users/@me/channels', ({ body }) => {
      const userId = textIn(body, 'recipient_id') ?? '';
      const member = world.members.get(userId);
      if (!member) return UNKNOWN_USER;
      return { status: 200, body: { id: world.directWith(userId).id, type: DIRECT, last_message_id: null, flags: 0, recipients: [userJson(member.user)] } };
    }],
    ['GET /users/@me/guilds', () => ({ status: 200, body: [{ id: world.guild.id, name: world.guild.name, icon: null, owner: false, permissions: ALL_PERMISSIONS, features: [] }] })],
    ['GET /guilds/:id', ({ ids }) => (ids[0] === world.guild.id ? { status: 200, body: { id: world.guild.id, name: world.guild.name, premium_tier: world.guild.premiumTier, owner_id: world.guild.ownerId, roles: guildJson(world)['roles'] } } : fail(404, 10_004, 'Unknown Guild'))],
    ['GET /guilds/:id/channels', () => ({ status: 200, body: [...world.channels.values()].filter(({ thread }) => !thread).map((channel) => channelJson(world, channel)) })],
    ['GET /guilds/:id/threads/active', () => ({ status: 200, body: { threads: world.activeThreads().filter(({ id }) => !world.isHidden(id)).map((channel) => channelJson(world, channel)), members: [] } })],
    ['GET /guilds/:id/members/:id', ({ ids }) => {
      if (ids[1] === world.bot.id) return { status: 200, body: memberJson({ user: world.bot, roles: [], locale: 'en-US' }) };
      const member = world.members.get(ids[1] ?? '');
      return member ? { status: 200, body: memberJson(member) } : fail(404, 10_007, 'Unknown Member');
    }],
    ['GET /applications/:id/guilds/:id/commands', () => ({ status: 200, body: world.commands })],
    ['PUT /applications/:id/guilds/:id/commands', ({ ids, list }) => {
      world.commands = list.map((command) => ({ id: snowflake(), application_id: ids[0], guild_id: ids[1], version: snowflake(), default_member_permissions: null, nsfw: false, name_localizations: null, description_localizations: null, type: 1, ...command }));
      return { status: 200, body: world.commands };
    }],
    ['GET /channels/:id', ({ ids }) => {
      const channel = world.channels.get(ids[0] ?? '');
      if (channel && mayNot(channel)) return fail(403, 50_001, 'Missing Access');
      return channel ? { status: 200, body: channelJson(world, channel) } : UNKNOWN_CHANNEL;
    }],
    ['PATCH /channels/:id', ({ ids, body }) => {
      const channel = world.channels.get(ids[0] ?? '');
      if (!channel) return UNKNOWN_CHANNEL;
      if (mayNot(channel)) return MISSING_PERMISSIONS;
      if (channel.thread?.archived && body['archived'] !== false) return ARCHIVED;
      const name = textIn(body, 'name');
      if (name !== undefined && name !== channel.name) {
        const recent = channel.renamed.filter((at) => Date.now() - at < world.renameWindowMs);
        if (recent.length >= RENAMES) return { status: 429, body: { message: 'You are being rate limited.', retry_after: world.renameWindowMs / 1_000, global: false } };
        channel.renamed.push(Date.now());
        channel.name = name;
      }
      if (channel.thread) {
        if (typeof body['archived'] === 'boolean') channel.thread.archived = body['archived'];
        if (typeof body['locked'] === 'boolean') channel.thread.locked = body['locked'];
      }
      if (Array.isArray(body['applied_tags'])) channel.appliedTags = body['applied_tags'].map(String);
      dispatch(channel.thread ? 'THREAD_UPDATE' : 'CHANNEL_UPDATE', channelJson(world, channel));
      return { status: 200, body: channelJson(world, channel) };
    }],
    ['GET /channels/:id/threads/archived/public', ({ ids, query }) => {
      const channel = world.channels.get(ids[0] ?? '');
      if (!channel) return UNKNOWN_CHANNEL;
      if (mayNot(channel)) return fail(403, 50_001, 'Missing Access');
      const asleep = world.threads(channel.id).filter(({ thread }) => thread?.archived);
      return { status: 200, body: { threads: asleep.slice(0, Number(query.get('limit') ?? PAGE)).map((thread) => channelJson(world, thread)), members: [], has_more: false } };
    }],
    ['GET /channels/:id/messages', ({ ids, query }) => {
      const channel = world.channels.get(ids[0] ?? '');
      if (!channel) return UNKNOWN_CHANNEL;
      if (mayNot(channel)) return fail(403, 50_001, 'Missing Access');
      const limit = Number(query.get('limit') ?? PAGE);
      if (!(limit >= 1 && limit <= MAX_PAGE)) return fail(400, 50_035, 'Invalid Form Body: limit');
      const [after, before] = [query.get('after'), query.get('before')];
      const found = world.messagesIn(channel.id).filter(({ id }) => (after === null || BigInt(id) > BigInt(after)) && (before === null || BigInt(id) < BigInt(before)));
      // Those next to the id that was named; newest first.
      const page = after === null ? found.slice(-limit) : found.slice(0, limit);
      return { status: 200, body: page.toReversed().map(showMessage) };
    }],
    ['GET /channels/:id/messages/:id', ({ ids }) => {
      const message = world.messages.get(ids[1] ?? '');
      return message && message.channelId === ids[0] ? { status: 200, body: showMessage(message) } : UNKNOWN_MESSAGE;
    }],
    ['POST /channels/:id/messages', ({ ids, body, files }) => {
      const direct = world.direct(ids[0] ?? '');
      if (direct) return [...world.directs].some(([userId, { id }]) => id === direct.id && world.closed.has(userId)) ? CANNOT_MESSAGE : addMessage(direct.id, body, files);
      const channel = world.channels.get(ids[0] ?? '');
      if (!channel) return UNKNOWN_CHANNEL;
      if (mayNot(channel)) return MISSING_PERMISSIONS;
      if (channel.type === FORUM) return fail(400, 50_008, 'Cannot send messages in a non-text channel');
      if (channel.thread?.archived && channel.thread.locked) return ARCHIVED;
      wake(channel);
      return addMessage(channel.id, body, files);
    }],
    ['PATCH /channels/:id/messages/:id', ({ ids, body, files }) => {
      const message = world.messages.get(ids[1] ?? '');
      const channel = world.channels.get(ids[0] ?? '');
      if (!channel) return UNKNOWN_CHANNEL;
      if (!message || message.channelId !== ids[0]) return UNKNOWN_MESSAGE;
      if (message.author.id !== world.bot.id) return fail(403, 50_005, 'Cannot edit a message authored by another user');
      if (channel.thread?.archived) return ARCHIVED;
      if (typeof body['content'] === 'string') message.content = body['content'];
      if (Array.isArray(body['embeds'])) message.embeds = listIn(body, 'embeds');
      if (Array.isArray(body['components'])) message.components = listIn(body, 'components');
      message.edits += 1;
      message.editedAt = new Date().toISOString();
      if (files.length > 0) Object.assign(message, { attachments: [...message.attachments, ...files] });
      return { status: 200, body: showMessage(message) };
    }],
    ['DELETE /channels/:id/messages/:id', ({ ids }) => {
      if (!world.messages.delete(ids[1] ?? '')) return UNKNOWN_MESSAGE;
      dispatch('MESSAGE_DELETE', { id: ids[1], channel_id: ids[0], guild_id: world.guild.id });
      return { status: 204 };
    }],
    ['POST /channels/:id/messages/:id/threads', ({ ids, body }) => {
      const parent = world.channels.get(ids[0] ?? '');
      const message = world.messages.get(ids[1] ?? '');
      if (!parent) return UNKNOWN_CHANNEL;
      if (!message) return UNKNOWN_MESSAGE;
      if (world.channels.has(message.id)) return fail(400, 160_004, 'A thread has already been created for this message');
      if (world.activeThreads().length >= world.maxActiveThreads) return fail(400, 160_006, 'Maximum number of active threads reached');
      return { status: 201, body: channelJson(world, openThread(textIn(body, 'name') ?? '', parent, message.id, body)) };
    }],
    ['POST /channels/:id/threads', ({ ids, body, files }) => {
      const parent = world.channels.get(ids[0] ?? '');
      if (!parent) return UNKNOWN_CHANNEL;
      if (mayNot(parent)) return MISSING_PERMISSIONS;
      if (world.activeThreads().length >= world.maxActiveThreads) return fail(400, 160_006, 'Maximum number of active threads reached');
      if (parent.type !== FORUM) return { status: 201, body: channelJson(world, openThread(textIn(body, 'name') ?? '', parent, undefined, body)) };
      const unknown = (Array.isArray(body['applied_tags']) ? body['applied_tags'] : []).some((id) => !parent.availableTags.some((tag) => tag.id === id));
      if (unknown) return fail(400, 50_035, 'Invalid Form Body: applied_tags');
      const thread = openThread(textIn(body, 'name') ?? '', parent, undefined, body);
      // The first message of a forum post has the id of its thread.
      const message: Message = { ...blankMessage(thread.id), id: thread.id, content: textIn(objectIn(body, 'message'), 'content') ?? '', embeds: listIn(body['message'], 'embeds'), components: listIn(body['message'], 'components'), attachments: files, allowedMentions: objectIn(body, 'message')['allowed_mentions'] };
      world.messages.set(message.id, message);
      return { status: 201, body: { ...channelJson(world, thread), message: showMessage(message) } };
    }],
    ['POST /interactions/:id/:token/callback', ({ ids, body }) => interactions.callback(ids[1] ?? '', body) ?? { status: 204 }],
    ['PATCH /webhooks/:id/:token/messages/@original', ({ ids, body }) => {
      const edited = interactions.editOriginal(ids[1] ?? '', body);
      return edited ? { status: 200, body: told(edited, interactions.find(ids[1] ?? '')?.channelId ?? '') } : fail(401, 50_027, 'Invalid Webhook Token');
    }],
    ['POST /webhooks/:id/:token', ({ ids, body }) => {
      const made = interactions.followUp(ids[1] ?? '', body);
      return made ? { status: 200, body: told(made, interactions.find(ids[1] ?? '')?.channelId ?? '') } : fail(401, 50_027, 'Invalid Webhook Token');
    }],
  ];
  const compiled = routes.map(([route, handler]) => {
    const [method = '', path = ''] = route.split(' ');
    return { route, method, pattern: new RegExp(`^${path.replace(/:id/g, '(\\d+)').replace(/:token/g, '([^/]+)')}$`), handler };
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const raw: Buffer[] = [];
    for await (const chunk of request) raw.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://discord');
    const method = request.method ?? 'GET';
    const send = ({ status, body }: Result, headers: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(status, body === undefined ? headers : { 'content-type': 'application/json', ...headers });
      response.end(body === undefined ? '' : JSON.stringify(body));
    };
    const file = /^\/attachments\/\d+\/(\d+)\//.exec(url.pathname)?.[1];
    if (file) {
      const found = [...world.messages.values()].flatMap(({ attachments }) => attachments).find(({ id }) => id === file);
      response.writeHead(found ? 200 : 404);
      response.end(found ? Buffer.from(found.bytes) : '');
      return;
    }
    const path = decodeURIComponent(url.pathname).replace(/^\/api\/v10/, '');
    const { body, files } = await readBody(request, Buffer.concat(raw));
    const match = compiled.map((candidate) => ({ candidate, ids: candidate.method === method ? candidate.pattern.exec(path) : null })).find(({ ids }) => ids);
    const route = match?.candidate.route ?? `${method} ${path}`;
    const finish = (result: Result, headers?: Readonly<Record<string, string>>): void => {
      needs.seen.push({ method, path, route, body, at: performance.now(), status: result.status });
      if (needs.latencyMs() === 0) send(result, headers);
      else setTimeout(() => send(result, headers), needs.latencyMs());
    };

    const wrong = checkRequest(method, path, body);
    if (wrong) needs.violations.push(wrong);
    const isOpen = route.includes('/interactions/') || route.includes('/webhooks/');
    if (isOpen && request.headers.authorization) needs.violations.push(`${route} with Authorization`);
    if (!isOpen && request.headers.authorization !== `Bot ${needs.token}`) return finish({ status: 401, body: { message: '401: Unauthorized', code: 0 } });

    const verdict = pacing.take(route, match?.ids?.[1] ?? '', Date.now());
    if (verdict.retryAfter !== undefined) return finish({ status: 429, body: { message: 'You are being rate limited.', retry_after: verdict.retryAfter, global: verdict.global } }, verdict.headers);

    const fault = faults.take(route);
    if (fault?.delayMs) await new Promise((done) => setTimeout(done, fault.delayMs));
    const faulty = (): void => {
      if (fault?.status === 0) return void response.destroy();
      const { retryAfter = 1, global = false } = fault ?? {};
      if (fault?.status !== 429) return finish({ status: fault?.status ?? 500, body: { message: fault?.status === 401 ? '401: Unauthorized' : 'told to fail', code: fault?.code ?? 0 } }, verdict.headers);
      const headers = { ...verdict.headers, 'retry-after': String(retryAfter), 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': String(retryAfter), 'x-ratelimit-scope': global ? 'global' : 'user', ...(global && { 'x-ratelimit-global': 'true' }) };
      finish({ status: 429, body: { message: 'You are being rate limited.', retry_after: retryAfter, global } }, headers);
    };
    if (fault && fault.status !== 200 && fault.when !== 'after') return faulty();
    if (wrong) return finish({ status: 400, body: { message: `Invalid Form Body: ${wrong}`, code: 50_035 } }, verdict.headers);
    if (!match?.ids) return finish({ status: 404, body: { message: '404: Not Found', code: 0 } });
    const result = await match.candidate.handler({ ids: match.ids.slice(1), body: isJson(body) ? body : {}, list: Array.isArray(body) ? body.filter(isJson) : [], files, query: url.searchParams });
    if (fault?.when === 'after' && fault.status !== 200) return faulty();
    finish({ status: result.status, ...('body' in result && { body: result.body }) }, verdict.headers);
  };

  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      needs.violations.push(`the fake failed: ${String(error)}`);
      response.destroy();
    });
  };
}

async function readBody(request: IncomingMessage, raw: Buffer): Promise<{ readonly body: Json | readonly unknown[] | undefined; readonly files: readonly Attachment[] }> {
  const type = request.headers['content-type'] ?? '';
  if (type.includes('application/json')) return { body: JSON.parse(raw.toString()) as Json, files: [] };
  if (!type.includes('multipart/form-data')) return { body: undefined, files: [] };
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': type } }).formData();
  const payload = form.get('payload_json');
  const files: Attachment[] = [];
  for (const [name, value] of form.entries()) {
    if (typeof value === 'string' || !name.startsWith('files[')) continue;
    const bytes = new Uint8Array(await value.arrayBuffer());
    files.push({ id: snowflake(), filename: value.name, size: bytes.byteLength, contentType: value.type, bytes });
  }
  return { body: typeof payload === 'string' ? (JSON.parse(payload) as Json) : {}, files };
}
