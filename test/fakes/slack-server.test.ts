import { App, LogLevel, SocketModeReceiver, type AppOptions, type Logger } from '@slack/bolt';
import { afterEach, describe, expect, it } from 'vitest';

import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { contractsArePresent, startSlackServer, type Message, type Person, type SlackOptions, type SlackServer } from './slack-server/index.js';

/** Refusals and cut sockets are what these tests are about; the SDK need not tell of them. */
const QUIET: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, setLevel: () => undefined, setName: () => undefined, getLevel: () => LogLevel.ERROR };
/** How soon Bolt comes back after a disconnect is a multiple of this. */
const CLIENT_PING_MS = 300;

const running: { stop(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

async function startSlack(options: SlackOptions = {}): Promise<SlackServer> {
  const slack = await startSlackServer(options);
  running.push(slack);
  return slack;
}

/** Bolt's own start-up, and its quirk: `stop` of a socket that TCP keeps open takes its time, which tests do not wait for. */
async function startBolt(slack: SlackServer, setUp: (app: App) => void, options: AppOptions = {}): Promise<App> {
  const clientOptions = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 2, minTimeout: 10, factor: 1 } };
  const receiver = new SocketModeReceiver({ appToken: slack.appToken, clientPingTimeout: CLIENT_PING_MS, logger: QUIET, installerOptions: { clientOptions } });
  const app = new App({ token: slack.botToken, receiver, logger: QUIET, clientOptions, ...options });
  app.error(() => Promise.resolve());
  setUp(app);
  await app.start();
  running.push(app);
  return app;
}

interface Scene {
  readonly slack: SlackServer;
  readonly app: App;
  readonly anna: Person;
}

async function scene(setUp: (app: App) => void = () => undefined, options: SlackOptions = {}): Promise<Scene> {
  const slack = await startSlack(options);
  const anna = slack.addUser({ name: 'anna', realName: 'Anna Nowak' });
  slack.addChannel('support');
  const app = await startBolt(slack, setUp);
  return { slack, app, anna };
}

const card = (label = 'Claim'): object[] => [
  { type: 'section', text: { type: 'mrkdwn', text: '*Where is my parcel?*' } },
  { type: 'actions', elements: [{ type: 'button', action_id: 'claim', value: '42', text: { type: 'plain_text', text: label } }] },
];

function only<T>(list: readonly T[]): T {
  expect(list).toHaveLength(1);
  return list[0]!;
}

function code(error: unknown): string {
  return (error as { data?: { error?: string } }).data?.error ?? String(error);
}

describe('the Slack of the tests, with the real Bolt on sockets', () => {
  it('keeps what is posted, changed and deleted, with threads and metadata', async () => {
    const { slack, app } = await scene();
    const support = slack.channel('support');
    const metadata = { event_type: 'card', event_payload: { delivery: 'd1' } };
    const first = await app.client.chat.postMessage({ channel: support.id, text: 'card', blocks: card() as never, metadata });
    await app.client.chat.postMessage({ channel: support.id, thread_ts: first.ts!, text: 'in the thread' });
    await app.client.chat.update({ channel: support.id, ts: first.ts!, text: 'changed', blocks: card('Reply') as never });
    const gone = await app.client.chat.postMessage({ channel: support.id, text: 'gone' });
    await app.client.chat.delete({ channel: support.id, ts: gone.ts! });

    const message = only(support.messages());
    expect(message).toMatchObject({ text: 'changed', edited: { user: slack.botUserId }, metadata });
    expect(support.thread(message.ts).map(({ text }) => text)).toEqual(['changed', 'in the thread']);
    const history = await app.client.conversations.history({ channel: support.id, include_all_metadata: true });
    expect(history.messages).toMatchObject([{ ts: first.ts, metadata, reply_count: 1 }]);
    const replies = await app.client.conversations.replies({ channel: support.id, ts: first.ts!, limit: 1 });
    expect(replies).toMatchObject({ has_more: true, messages: [{ ts: first.ts }] });
    expect(slack.violations).toEqual([]);
  });

  it('acknowledges a command with a private reply, and its response_url works five times', async () => {
    const { slack, anna } = await scene((app) => {
      app.command('/mail', async ({ ack, respond, command }) => {
        await ack({ text: `got ${command.text}` });
        for (let use = 0; use < 6; use += 1) await respond({ text: `later ${use}`, response_type: use === 1 ? 'in_channel' : 'ephemeral' });
      });
    });
    const outcome = await anna.command('/mail', 'list', 'support');
    expect(outcome).toMatchObject({ acked: true, reply: { text: 'got list', user: anna.id } });
    expect(outcome.ms).toBeLessThan(3_000);
    await eventually(() => {
      expect(slack.violations.map(({ rule }) => rule)).toEqual(['used_url']);
    });
    expect(anna.ephemerals.map(({ text }) => text)).toEqual(['got list', 'later 0', 'later 2', 'later 3', 'later 4']);
    expect(only(slack.channel('support').messages()).text).toBe('later 1');
  });

  it('takes a button to a modal, and the modal to a submission with errors first', async () => {
    const { slack, app, anna } = await scene((bot) => {
      bot.action('claim', async ({ ack, body, client }) => {
        await ack();
        const view = {
          type: 'modal' as const,
          callback_id: 'reply',
          private_metadata: '42',
          title: { type: 'plain_text' as const, text: 'Reply' },
          submit: { type: 'plain_text' as const, text: 'Send' },
          blocks: [{ type: 'input' as const, block_id: 'body', label: { type: 'plain_text' as const, text: 'Text' }, element: { type: 'plain_text_input' as const, action_id: 'text', initial_value: 'Hi', multiline: true } }],
        };
        if ('trigger_id' in body) await client.views.open({ trigger_id: body.trigger_id, view });
      });
      bot.view('reply', async ({ ack, view, client, body }) => {
        const text = view.state.values['body']?.['text']?.value ?? '';
        if (text === 'Hi') return ack({ response_action: 'errors', errors: { body: 'say more' } });
        await ack();
        await client.chat.postEphemeral({ channel: slack.channel('support').id, user: body.user.id, text: `${view.private_metadata}: ${text}` });
      });
    });
    const posted = await app.client.chat.postMessage({ channel: slack.channel('support').id, text: 'card', blocks: card() as never });
    const message = slack.channel('support').find(posted.ts!)!;
    expect(await anna.press(message, 'Claim')).toMatchObject({ acked: true });
    const view = await eventually(() => {
      expect(anna.view).toBeDefined();
      return anna.view!;
    });
    expect(await anna.submit(view)).toMatchObject({ acked: true, errors: { body: 'say more' }, view });
    expect(await anna.submit(view, { body: '' })).toMatchObject({ acked: false, failure: 'incomplete', errors: { body: /required/ } });
    expect(await anna.submit(view, { text: 'On its way' })).toMatchObject({ acked: true, errors: undefined, view: undefined });
    await eventually(() => {
      expect(only(anna.ephemerals).text).toBe('42: On its way');
    });
    expect(slack.violations).toEqual([]);
  });

  it('tells of messages, mentions, edits, deletions and reactions, and sends an event again', async () => {
    const seen: string[] = [];
    const { slack, app, anna } = await scene((bot) => {
      bot.event('message', ({ event, body }) => {
        seen.push(`${event.subtype ?? 'message'} ${'text' in event ? event.text : ''} ${body.event_id}`);
        return Promise.resolve();
      });
      bot.event('app_mention', ({ event }) => {
        seen.push(`mention ${event.text}`);
        return Promise.resolve();
      });
      bot.event('reaction_added', ({ event }) => {
        seen.push(`reaction ${event.reaction} ${event.item_user}`);
        return Promise.resolve();
      });
    });
    const support = slack.channel('support');
    const parent = await app.client.chat.postMessage({ channel: support.id, text: 'card' });
    const said = await anna.say('support', 'see https://x.test/?a=1&b=2, a < b', { thread_ts: parent.ts! });
    expect(said).toMatchObject({ acked: true, message: { text: 'see <https://x.test/?a=1&amp;b=2>, a &lt; b', threadTs: parent.ts } });
    expect((await anna.mention(support, 'reply hello', { thread_ts: parent.ts! })).outcomes).toHaveLength(2);
    await anna.edit(said.message, 'changed');
    await anna.react({ channel: support.id, ts: parent.ts! }, 'eyes');
    await anna.delete(said.message);
    expect(seen.map((line) => line.replace(/ Ev\d+$/, ''))).toEqual([
      'message see <https://x.test/?a=1&amp;b=2>, a &lt; b',
      `message <@${slack.botUserId}> reply hello`,
      `mention <@${slack.botUserId}> reply hello`,
      'message_changed ',
      `reaction eyes ${slack.botUserId}`,
      'message_deleted ',
    ]);
    const { eventId } = slack.events.find(({ payload }) => JSON.stringify(payload).includes('see <https'))!;
    expect(await slack.redeliver(eventId)).toMatchObject({ acked: true });
    expect(seen.filter((line) => line.endsWith(eventId))).toHaveLength(2);
    expect(slack.violations).toEqual([]);
  });

  it('sends an event again that was lost in a dead socket, once the app is back', async () => {
    const heard: unknown[] = [];
    const { slack, anna } = await scene(
      (bot) => {
        bot.event('message', ({ event, context }) => {
          heard.push(['text' in event ? event.text : '', context.retryNum, context.retryReason]);
          return Promise.resolve();
        });
      },
      { ackMs: 200, retryDelaysMs: [0, 4_000] },
    );
    slack.dropSockets({ leaveTcpOpen: true });
    expect(slack.sockets).toBe(1);
    expect(await anna.say('support', 'hello')).toMatchObject({ acked: true, outcomes: [{ tries: 3 }] });
    expect(heard).toEqual([['hello', 2, 'timeout']]);
    expect(slack.acks.map(({ failure }) => failure)).toEqual(['timeout', 'no_socket', undefined]);
  });

  it('gives up on a command that nobody acknowledges, without sending it again', async () => {
    const { slack, anna } = await scene(undefined, { ackMs: 100 });
    expect(await anna.command('/mail', '', 'support')).toMatchObject({ acked: false, failure: 'timeout', tries: 1 });
    slack.dropSockets();
    expect(await anna.command('/mail', '', 'support')).toMatchObject({ acked: false, failure: 'no_socket' });
  });

  it('comes back after a refresh and after sockets were cut', async () => {
    const { slack, anna } = await scene((bot) => {
      bot.event('message', () => Promise.resolve());
    });
    slack.requestDisconnect('refresh_requested');
    expect(slack.sockets).toBe(0);
    await eventually(() => {
      expect(slack.socketsOpened).toBe(2);
      expect(slack.sockets).toBe(1);
    });
    expect(await anna.say('support', 'after the refresh')).toMatchObject({ acked: true });
    slack.dropSockets();
    await eventually(() => {
      expect(slack.sockets).toBe(1);
    });
    expect(await anna.say('support', 'after the cut')).toMatchObject({ acked: true });
    await slack.goDown();
    await slack.comeBack();
    await eventually(() => {
      expect(slack.sockets).toBe(1);
    });
    expect(await anna.say('support', 'after the outage')).toMatchObject({ acked: true });
    expect(slack.violations).toEqual([]);
  });

  it('gives events to one socket each when there are several', async () => {
    const seen: string[] = [];
    const hear = (name: string) => (bot: App): void => {
      bot.event('message', () => {
        seen.push(name);
        return Promise.resolve();
      });
    };
    const { slack, anna } = await scene(hear('first'));
    await startBolt(slack, hear('second'));
    for (let n = 0; n < 4; n += 1) await anna.say('support', `message ${n}`);
    expect(seen.toSorted()).toEqual(['first', 'first', 'second', 'second']);
  });

  it('takes an upload byte for byte and gives it back to who has the token', async () => {
    const { slack, app, anna } = await scene();
    const support = slack.channel('support');
    const bytes = Buffer.from(Array.from({ length: 5_000 }, (_, index) => index % 256));
    const parent = await app.client.chat.postMessage({ channel: support.id, text: 'card' });
    await app.client.filesUploadV2({ channel_id: support.id, thread_ts: parent.ts!, file: bytes, filename: 'scan.pdf', initial_comment: 'attached' });
    const raw = await app.client.files.getUploadURLExternal({ filename: 'raw.bin', length: bytes.length });
    expect((await fetch(raw.upload_url!, { method: 'POST', body: bytes })).status).toBe(200);
    await app.client.files.completeUploadExternal({ files: [{ id: raw.file_id!, title: 'Raw' }], channel_id: support.id, thread_ts: parent.ts! });

    const [, scan, second] = support.thread(parent.ts!);
    expect(scan).toMatchObject({ text: 'attached', files: [{ name: 'scan.pdf', mimetype: 'application/pdf' }] });
    expect(scan!.files[0]!.bytes!.equals(bytes)).toBe(true);
    expect(second!.files[0]!.bytes!.equals(bytes)).toBe(true);
    const info = await app.client.files.info({ file: raw.file_id! });
    expect(info.file).toMatchObject({ title: 'Raw', shares: { public: { [support.id]: [{ ts: second!.ts, thread_ts: parent.ts }] } } });
    const url = info.file!.url_private_download!;
    const got = await fetch(url, { headers: { authorization: `Bearer ${slack.botToken}` } });
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);
    expect(await (await fetch(url)).text()).toContain('Login');
    await anna.say(support, 'mine', { files: [{ name: 'note.txt', bytes: Buffer.from('hi') }] });
    expect(slack.violations).toEqual([]);
  });

  it('shows a home tab and its buttons', async () => {
    const { slack, anna } = await scene((bot) => {
      bot.event('app_home_opened', async ({ event, client }) => {
        await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: card() as never } });
      });
      bot.action('claim', ({ ack }) => ack());
    });
    await anna.openHome();
    const home = await eventually(() => {
      expect(anna.home).toBeDefined();
      return anna.home!;
    });
    expect(await anna.press(home, 'claim')).toMatchObject({ acked: true });
    expect(slack.violations).toEqual([]);
  });

  it('offers message shortcuts, external menus and pushed modals', async () => {
    const title = { type: 'plain_text' as const, text: 'Pick' };
    const menu = { type: 'external_select' as const, action_id: 'template', min_query_length: 0 };
    const view = { type: 'modal' as const, callback_id: 'pick', title, submit: title, blocks: [{ type: 'input' as const, block_id: 't', label: title, element: menu }] };
    const { slack, anna } = await scene((bot) => {
      bot.shortcut('send', async ({ ack, shortcut, client }) => {
        await ack();
        await client.views.open({ trigger_id: shortcut.trigger_id, view });
      });
      bot.options('template', async ({ ack, payload }) => {
        await ack({ options: [{ text: { type: 'plain_text', text: `Hello ${payload.value}` }, value: 'hello' }] });
      });
      bot.view('pick', async ({ ack }) => {
        await ack({ response_action: 'push', view: { type: 'modal', callback_id: 'sure', title, blocks: [{ type: 'section', text: title }] } });
      });
    });
    const { message } = await anna.say('support', 'thanks', { wait: false });
    expect(await anna.shortcut('send', message)).toMatchObject({ acked: true });
    const open = await eventually(() => {
      expect(anna.view).toBeDefined();
      return anna.view!;
    });
    expect((await anna.suggest(open, 'template', 'you')).options).toMatchObject([{ text: { text: 'Hello you' }, value: 'hello' }]);
    const outcome = await anna.submit(open, { t: 'hello' });
    expect(outcome).toMatchObject({ acked: true, view: { previousId: open.id, content: { callback_id: 'sure' } } });
    expect(slack.violations).toEqual([]);
  });
});

describe('what the Slack of the tests refuses', () => {
  it.runIf(contractsArePresent())('blocks of the wrong shape', async () => {
    const { slack, app } = await scene();
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'x' }, colour: 'red' }] as never;
    await expect(app.client.chat.postMessage({ channel: slack.channel('support').id, text: 'x', blocks })).rejects.toThrow('invalid_blocks');
    expect(only(slack.violations)).toMatchObject({ method: 'chat.postMessage', rule: 'invalid_blocks', detail: expect.stringContaining('/blocks/0') as string });
  });

  it('what is too long, wherever it stands', async () => {
    const { slack, app } = await scene();
    const channel = slack.channel('support').id;
    const section = (text: string): object => ({ type: 'section', text: { type: 'mrkdwn', text } });
    const tries: readonly (readonly [string, object[]])[] = [
      ['invalid_blocks', [section('x'.repeat(3_001))]],
      ['invalid_blocks', [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }]],
      ['invalid_blocks', card('x'.repeat(76))],
      ['invalid_blocks', Array.from({ length: 51 }, () => section('x'))],
      ['msg_blocks_too_long', Array.from({ length: 5 }, () => section('x'.repeat(2_900)))],
    ];
    for (const [error, blocks] of tries) expect(code(await app.client.chat.postMessage({ channel, text: 'x', blocks: blocks as never }).catch((caught: unknown) => caught))).toBe(error);
    expect(slack.violations.map(({ rule }) => rule)).toEqual(tries.map(([error]) => error));
    expect(slack.violations[0]!.detail).toBe('must be less than 3001 characters [json-pointer:/blocks/0/text/text]');
    expect(slack.channel('support').messages()).toEqual([]);

    const long = await app.client.chat.postMessage({ channel, text: 'x'.repeat(40_001) });
    expect(slack.channel('support').find(long.ts!)!.text).toHaveLength(40_000);
    expect(slack.violations.at(-1)!.rule).toBe('text_truncated');
  });

  it('unknown methods, arguments, threads, tokens and scopes', async () => {
    const { slack, app, anna } = await scene(undefined, { workspace: { scopes: ['chat:write', 'channels:read', 'channels:history'] } });
    const channel = slack.channel('support').id;
    const attempt = async (call: Promise<unknown>): Promise<string> => call.then(() => 'ok', code);
    expect(await attempt(app.client.apiCall('chat.shout', {}))).toBe('unknown_method');
    expect(await attempt(app.client.apiCall('chat.postMessage', { channel, text: 'x', colour: 'red' }))).toBe('ok');
    expect(await attempt(app.client.apiCall('chat.postMessage', { text: 'x' }))).toBe('invalid_arguments');
    expect(await attempt(app.client.users.info({ user: anna.id }))).toBe('missing_scope');
    expect(await attempt(app.client.auth.test({ token: slack.appToken }))).toBe('not_allowed_token_type');
    expect(await attempt(app.client.views.open({ trigger_id: '1.2.x', view: { type: 'modal', title: { type: 'plain_text', text: 't' }, blocks: [] } }))).toBe('invalid_trigger_id');
    const parent = await app.client.chat.postMessage({ channel, text: 'card' });
    const reply = await app.client.chat.postMessage({ channel, text: 'reply', thread_ts: parent.ts! });
    expect(await attempt(app.client.chat.postMessage({ channel, text: 'x', thread_ts: reply.ts! }))).toBe('invalid_thread_ts');
    expect(slack.violations.map(({ rule }) => rule)).toEqual(['unknown_method', 'unknown_argument', 'invalid_arguments', 'missing_scope', 'not_allowed_token_type', 'invalid_trigger_id', 'invalid_thread_ts']);
    expect(await attempt(app.client.auth.test({ token: 'xoxb-wrong' }))).toBe('invalid_auth');
  });

  it('a trigger that is used or too old', async () => {
    const outcomes: string[] = [];
    const view = { type: 'modal' as const, title: { type: 'plain_text' as const, text: 't' }, blocks: [] };
    const { slack, anna } = await scene(
      (bot) => {
        bot.command('/mail', async ({ ack, client, command }) => {
          await ack();
          if (command.text === 'late') await new Promise((resolve) => setTimeout(resolve, 400));
          for (let n = 0; n < 2; n += 1) outcomes.push(await client.views.open({ trigger_id: command.trigger_id, view }).then(() => 'ok', code));
        });
      },
      { triggerMs: 300 },
    );
    await anna.command('/mail', '', 'support');
    await eventually(() => {
      expect(outcomes).toEqual(['ok', 'exchanged_trigger_id']);
    });
    await anna.command('/mail', 'late', 'support');
    await eventually(() => {
      expect(outcomes.slice(2)).toEqual(['expired_trigger_id', 'expired_trigger_id']);
    });
    expect(slack.violations).toHaveLength(3);
  });
});

describe('the Slack of the tests when things go wrong', () => {
  it('limits rates, and the SDK waits as long as it is told', async () => {
    const { slack, app } = await scene(undefined, { limits: 'slack' });
    const other = slack.addChannel('other');
    const start = Date.now();
    for (let n = 0; n < 4; n += 1) await app.client.chat.postMessage({ channel: slack.channel('support').id, text: `message ${n}` });
    expect(Date.now() - start).toBeGreaterThanOrEqual(900);
    expect(slack.calls('chat.postMessage').map(({ status }) => status)).toEqual([200, 200, 200, 429, 200]);
    await app.client.chat.postMessage({ channel: other.id, text: 'not limited' });
    expect(slack.calls('chat.postMessage').at(-1)!.status).toBe(200);
    expect(slack.channel('support').messages()).toHaveLength(4);
    expect(slack.violations).toEqual([]);
  });

  it('loses an answer after the work is done, which the SDK turns into a duplicate', async () => {
    const { slack, app } = await scene();
    slack.failNext({ method: 'chat.postMessage', dropConnection: 'after' });
    await app.client.chat.postMessage({ channel: slack.channel('support').id, text: 'twice' });
    expect(slack.channel('support').messages().map(({ text }) => text)).toEqual(['twice', 'twice']);
    expect(slack.calls('chat.postMessage').map(({ status }) => status)).toEqual([0, 200]);
  });

  it('answers with errors, statuses and delays as asked', async () => {
    const { slack, app } = await scene();
    const post = (): Promise<string> => app.client.chat.postMessage({ channel: slack.channel('support').id, text: 'x' }).then(() => 'ok', code);
    slack.failNext({ method: '*', error: 'internal_error' });
    expect(await post()).toBe('internal_error');
    slack.failNext({ method: 'chat.postMessage', dropConnection: 'before', times: 1 });
    slack.failNext({ method: 'chat.postMessage', delayMs: 120 });
    const start = Date.now();
    expect(await post()).toBe('ok');
    expect(Date.now() - start).toBeGreaterThanOrEqual(115);
    slack.failNext({ method: 'chat.postMessage', status: 503, times: Infinity });
    expect(await post()).not.toBe('ok');
    slack.clearFaults();
    expect(slack.channel('support').messages()).toHaveLength(1);
  });

  it('has channels archived and forbidden, tokens revoked and scopes lost, without blaming the app', async () => {
    const heard: string[] = [];
    const { slack, app } = await scene((bot) => {
      for (const type of ['channel_archive', 'channel_left', 'tokens_revoked'] as const) {
        bot.event(type, () => {
          heard.push(type);
          return Promise.resolve();
        });
      }
    }, { workspace: { scopes: ['chat:write', 'channels:read'] } });
    const support = slack.channel('support');
    const post = (): Promise<string> => app.client.chat.postMessage({ channel: support.id, text: 'x' }).then(() => 'ok', code);
    await slack.archive(support);
    expect(await post()).toBe('is_archived');
    await slack.unarchive(support);
    await slack.removeBot(support);
    expect(await post()).toBe('not_in_channel');
    await slack.inviteBot(support);
    slack.removeScope('chat:write');
    expect(await post()).toBe('missing_scope');
    slack.addScope('chat:write');
    await slack.revokeToken();
    expect(await post()).toBe('token_revoked');
    slack.restoreToken();
    expect(await post()).toBe('ok');
    expect(heard).toEqual(['channel_archive', 'channel_left', 'tokens_revoked']);
    expect(slack.violations).toEqual([]);
  });

  it('leaves a tombstone where a thread lost its parent', async () => {
    const { slack, anna } = await scene();
    const { message } = await anna.say('support', 'parent');
    const reply = await anna.say('support', 'reply', { thread_ts: message.ts });
    await anna.delete(message);
    expect(only(slack.channel('support').messages())).toMatchObject({ subtype: 'tombstone', user: 'USLACKBOT' });
    expect(slack.events.at(-1)!.payload).toMatchObject({ event: { subtype: 'message_changed', message: { subtype: 'tombstone' } } });
    await anna.delete(reply.message);
    expect(slack.channel('support').everything()).toEqual([]);
  });
});

describe('people and places', () => {
  it('tells who is a guest, from outside or in a group, and finds people by address', async () => {
    const { slack, app, anna } = await scene();
    const guest = slack.addUser({ name: 'gina', isRestricted: true });
    const stranger = slack.addUser({ name: 'sam', teamId: 'T9999999999' });
    const group = slack.addGroup('agents', [anna]);
    const who = async (person: Person): Promise<unknown> => (await app.client.users.info({ user: person.id })).user;
    expect(await who(anna)).toMatchObject({ real_name: 'Anna Nowak', profile: { email: 'anna@desk.test' }, is_restricted: false, team_id: slack.teamId });
    expect(await who(guest)).toMatchObject({ is_restricted: true });
    expect(await who(stranger)).toMatchObject({ is_stranger: true, team_id: 'T9999999999' });
    expect((await app.client.users.lookupByEmail({ email: 'Anna@desk.test' })).user?.id).toBe(anna.id);
    expect((await app.client.usergroups.users.list({ usergroup: group.id })).users).toEqual([anna.id]);
    expect((await app.client.usergroups.list({ include_users: true })).usergroups).toMatchObject([{ handle: 'agents', users: [anna.id] }]);
    slack.removeScope('users:read.email');
    expect(((await who(anna)) as { profile: object }).profile).not.toHaveProperty('email');
    const secret = slack.addChannel('secret', { private: true, bot: false });
    await expect(app.client.conversations.info({ channel: secret.id })).rejects.toThrow('channel_not_found');
    expect((await app.client.conversations.list({ types: 'public_channel,private_channel' })).channels).toMatchObject([{ name: 'support', is_member: true }]);
    expect(slack.violations).toEqual([]);
  });

  it('knows what in a post would ping people', async () => {
    const { slack, app } = await scene();
    const channel = slack.channel('support').id;
    await app.client.chat.postMessage({ channel, text: '&lt;!channel&gt; is harmless', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '<!here> is not' } }] });
    expect(slack.pings().map(({ what, where }) => `${what} ${where}`)).toEqual(['<!here> blocks']);
  });

  it('has the app in several workspaces, each with its token', async () => {
    const slack = await startSlack();
    const second = slack.addWorkspace({ domain: 'shop' });
    second.addUser({ name: 'bob' });
    const place = second.addChannel('sales');
    const teams: string[] = [];
    await startBolt(slack, (bot) => {
      bot.event('message', ({ context }) => {
        teams.push(context.teamId ?? '');
        return Promise.resolve();
      });
    }, { token: undefined, authorize: ({ teamId }) => Promise.resolve({ botToken: [slack, second].find((one) => one.teamId === teamId)!.botToken }) });
    expect(await second.user('bob').say(place, 'hello')).toMatchObject({ acked: true });
    expect(teams).toEqual([second.teamId]);
  });
});

describe('the Slack of the tests, by HTTP', () => {
  interface HttpScene extends Scene {
    readonly url: string;
  }

  async function httpScene(setUp: (app: App) => void, options: SlackOptions = {}): Promise<HttpScene> {
    const slack = await startSlack(options);
    const anna = slack.addUser({ name: 'anna' });
    slack.addChannel('support');
    const app = new App({ token: slack.botToken, signingSecret: slack.signingSecret, logger: QUIET, clientOptions: { slackApiUrl: slack.apiUrl } });
    app.error(() => Promise.resolve());
    setUp(app);
    const port = await freePort();
    await app.start(port);
    running.push(app);
    return { slack, app, anna, url: `http://127.0.0.1:${port}/slack/events` };
  }

  it('signs events, commands and interactions, and verifies the address', async () => {
    const texts: string[] = [];
    const { slack, app, anna, url } = await httpScene((bot) => {
      bot.event('message', ({ event }) => {
        texts.push('text' in event ? (event.text ?? '') : '');
        return Promise.resolve();
      });
      bot.command('/mail', ({ ack }) => ack('text only'));
      bot.action('claim', ({ ack }) => ack());
    });
    const http = slack.useHttp(url);
    expect(await http.verifyUrl()).toBe(true);
    expect(await anna.say('support', 'zażółć')).toMatchObject({ acked: true });
    expect(texts).toEqual(['zażółć']);
    expect(await anna.command('/mail', 'x', 'support')).toMatchObject({ acked: true, reply: { text: 'text only' } });
    const posted = await app.client.chat.postMessage({ channel: slack.channel('support').id, text: 'card', blocks: card() as never });
    const message: Message = slack.channel('support').find(posted.ts!)!;
    expect(await anna.press(message, { block_id: String(message.blocks[1]!['block_id'] as string) })).toMatchObject({ acked: true });
    expect(slack.violations).toEqual([]);
  });

  it('forges signatures and old timestamps, and repeats what it sent', async () => {
    const { slack, anna, url } = await httpScene((bot) => {
      bot.event('message', () => Promise.resolve());
    });
    const http = slack.useHttp(url);
    await anna.say('support', 'hello');
    const { body } = http.sent.at(-1)!;
    expect(await http.replay(http.sent.at(-1)!)).toBe(200);
    expect(await http.forge({ url, body })).toBe(200);
    expect(await http.forge({ url, body, secret: 'wrong' })).toBe(401);
    expect(await http.forge({ url, body, signature: null })).toBe(401);
    expect(await http.forge({ url, body, timestamp: Math.floor(Date.now() / 1_000) - 600 })).toBe(401);
  });

  it('sends events again with X-Slack-Retry-Num and -Reason', async () => {
    const { slack, anna, url } = await httpScene(
      (bot) => {
        bot.event('message', () => Promise.resolve());
      },
      { retryDelaysMs: [0, 0] },
    );
    const http = slack.useHttp(url.replace('/slack/events', '/nowhere'));
    expect(await anna.say('support', 'hello')).toMatchObject({ acked: false, outcomes: [{ tries: 3, failure: 'http_error' }] });
    expect(http.sent.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']])).toEqual([[undefined, undefined], ['1', 'http_error'], ['2', 'http_error']]);
  });
});
