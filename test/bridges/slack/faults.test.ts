/** What goes wrong between us and Slack: nothing is lost, nothing is there twice, and it is said what to do. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { createSlackBridge } from '../../../src/bridges/slack/bridge.js';
import type { Channel } from '../../../src/core/model.js';
import type { ChannelId, PostRef } from '../../../src/core/ids.js';
import type { Post } from '../../../src/core/post.js';
import { eventually } from '../../support/eventually.js';
import { freePort } from '../../support/free-port.js';
import { nobody } from '../../support/nobody.js';
import { quietLog } from '../../support/quiet-log.js';
import type { Message, Person } from '../../fakes/slack-server/index.js';
import { openSlackDesk, shownIn, type SlackDesk, type SlackDeskOptions } from './slack-desk.js';

const HOUR_MS = 3_600_000;

describe('Slack and faults', () => {
  let chat: SlackDesk;
  const open = async (options?: SlackDeskOptions): Promise<void> => {
    chat = await openSlackDesk(options);
  };
  afterEach(async () => {
    await chat.close();
    expect(chat.slack.violations).toEqual([]);
  });

  const notes = async () => chat.desk.store.notes.of((await chat.desk.conversation(1)).id);
  const cards = (place = chat.orders): readonly Message[] => place.messages().filter(({ botId }) => botId !== undefined);
  const later = async (ms = HOUR_MS): Promise<void> => {
    chat.desk.pass(ms);
    await chat.settle();
  };
  const logged = (verb: string) => chat.desk.log.lines.filter((line) => line.verb === verb);

  for (const [what, fault] of [
    ['a 500 after the work was done', { status: 500, done: true }],
    ['a connection that broke after the work was done', { dropConnection: 'after' }],
    ['a 500 before anything was done', { status: 500 }],
    ['internal_error although it was done', { error: 'internal_error', done: true }],
  ] as const) {
    it(`${what} makes neither a second card nor none`, async () => {
      await open();
      chat.slack.failNext({ method: 'chat.postMessage', ...fault });
      await chat.mail();
      await later();
      chat.slack.failNext({ method: 'chat.postMessage', ...fault });
      await chat.desk.say('marek', 'note', 1, { text: 'From the web desk' });
      await later();
      await later();
      expect(cards()).toHaveLength(1);
      expect(chat.thread().filter((message) => shownIn(message.blocks).includes('It came broken.'))).toHaveLength(1);
      expect(chat.thread().filter((message) => shownIn(message.blocks).includes('From the web desk'))).toHaveLength(1);
    });
  }

  it('a try that was cut off by a crash is found by the bridge that comes after', async () => {
    await open();
    chat.slack.failNext({ method: 'chat.postMessage', status: 500, done: true });
    await chat.mail();
    await chat.restart();
    chat.desk.restartDeliveries();
    await later();
    expect(cards()).toHaveLength(1);
    expect(chat.thread()).toHaveLength(1);
  });

  it('a post that is found again is brought up to date', async () => {
    await open();
    await chat.mail();
    chat.slack.failNext({ method: 'chat.postMessage', status: 500, done: true });
    await chat.told(chat.person('marek'), () => chat.person('marek').say('orders', '!reply On its way', { thread_ts: chat.card().ts }));
    await chat.settle();
    expect(shownIn(chat.thread().at(-1)!.blocks)).toMatch(/Queued[^]*On its way/);
    await later();
    await later();
    expect(chat.desk.sink.mails).toHaveLength(1);
    expect(chat.thread().filter(({ botId, blocks }) => botId !== undefined && shownIn(blocks).includes('On its way')).map(({ blocks }) => shownIn(blocks))).toEqual([expect.stringContaining('Sent')]);
  });

  it('a post that another node may have made is looked for before it is made again', async () => {
    await open();
    const target = { channel: chat.desk.desk.channels[0]!, thread: undefined };
    const other = createSlackBridge({ log: quietLog(), desk: () => chat.desk.desk }, chat.settings);
    await other.start(nobody);
    chat.slack.failNext({ method: 'chat.postMessage', status: 500, done: true });
    await expect(chat.bridge.post(target, aPost('once'), 'key-1')).rejects.toMatchObject({ certain: false });
    const { post } = await other.post(target, aPost('once'), 'key-1', true);
    expect(cards().map(({ ts }) => `${chat.orders.id}:${ts}`)).toEqual([post]);
    await other.stop();
  });

  it('words and reactions that come while Slack does not answer us are handled all the same, once', async () => {
    await open();
    await chat.mail();
    const marek = chat.person('marek');
    chat.slack.failNext({ method: 'users.info', status: 500, times: 2 });
    await marek.say('orders', 'said in bad times', { thread_ts: chat.card().ts });
    await eventually(async () => expect((await notes()).map(({ text }) => text)).toEqual(['said in bad times']), { timeoutMs: 15_000 });
    chat.slack.failNext({ method: 'conversations.replies', status: 503, times: 1 });
    await marek.react(chat.thread()[0]!, 'eyes');
    await eventually(async () => expect((await chat.desk.conversation(1)).assigneeId).toBe('marek'), { timeoutMs: 15_000 });
  });

  it('who pressed a button in vain is told to look and try again', async () => {
    await open();
    await chat.mail();
    const marek = chat.person('marek');
    chat.slack.failNext({ method: 'users.info', status: 500 });
    expect((await chat.told(marek, () => marek.press(chat.card(), 'Claim'))).text).toContain('try again');
    expect((await chat.told(marek, () => marek.press(chat.card(), 'Claim'))).text).toContain('Claimed #1');
  });

  it('what was written while the app was not in the channel is fetched when it is back', async () => {
    await open();
    await chat.mail();
    const marek = chat.person('marek');
    await chat.slack.removeBot(chat.orders);
    await marek.say('orders', 'you cannot hear this yet', { thread_ts: chat.card().ts });
    await chat.slack.inviteBot(chat.orders);
    await eventually(async () => expect((await notes()).map(({ text }) => text)).toEqual(['you cannot hear this yet']));
  });

  it('files are shared once although the last step failed', async () => {
    await open();
    await chat.mail('With a picture', {});
    chat.slack.failNext({ method: 'files.completeUploadExternal', status: 500, done: true });
    const mail = ['From: Eve Novak <eve@customer.example>', 'To: shop@desk.example', 'Subject: Two', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=x', '', '--x', 'Content-Type: text/plain', '', 'See.', '--x', 'Content-Type: image/png; name=cup.png', 'Content-Disposition: attachment; filename=cup.png', 'Content-Transfer-Encoding: base64', '', Buffer.from('picture').toString('base64'), '--x--', ''].join('\r\n');
    await chat.desk.receive(mail);
    await later();
    expect(chat.thread(2).flatMap(({ files }) => files).map(({ name }) => name)).toEqual(['cup.png']);
    expect(chat.thread(2).filter((message) => shownIn(message.blocks).includes('See.'))).toHaveLength(1);
  });

  it('a 429 is waited for as long as Slack says', async () => {
    await open();
    chat.slack.failNext({ method: 'chat.postMessage', retryAfter: 30 });
    await chat.mail();
    expect(cards()).toHaveLength(0);
    const [delivery] = await chat.desk.store.deliveries.openLanes();
    const head = await chat.desk.store.deliveries.head(delivery!);
    expect(head!.dueAt.getTime() - chat.desk.now().getTime()).toBeGreaterThanOrEqual(28_000);
    await chat.restart();
    await later();
    expect(cards()).toHaveLength(1);
  });

  it('an archived channel pauses, says what to do, and catches up', async () => {
    await open();
    await chat.slack.archive(chat.orders);
    await chat.mail();
    await chat.mail('Another one', {}, 'Second');
    await later();
    expect(cards()).toHaveLength(0);
    expect(logged('channel-lost')).toMatchObject([{ facts: { what: expect.stringContaining('archived') as string } }]);
    expect(chat.bridge.troubles!()).toMatchObject([{ bridge: 'slack', channel: { id: 'orders' }, what: { key: 'trouble.archived' } }]);
    // The pause spares Slack what would fail anyway.
    expect(chat.slack.calls('chat.postMessage').length).toBeLessThan(4);
    await chat.slack.unarchive(chat.orders);
    await chat.slack.inviteBot(chat.orders);
    await later();
    expect(cards().map(({ text }) => text)).toEqual(['#1 Eve Novak: Broken cup', '#2 Eve Novak: Second']);
    expect(chat.bridge.troubles!()).toEqual([]);
  });

  it('a removed app, a lost right and a revoked token are said in plain words, and catch up', async () => {
    await open();
    await chat.slack.removeBot(chat.orders);
    await chat.mail();
    expect(logged('channel-lost').at(-1)).toMatchObject({ facts: { what: expect.stringContaining('/invite') as string } });
    expect(chat.bridge.troubles!()).toMatchObject([{ channel: { id: 'orders' }, what: { key: 'trouble.not-inside' } }]);
    await chat.slack.inviteBot(chat.orders);
    chat.slack.removeScope('chat:write');
    await later();
    expect(cards()).toHaveLength(0);
    expect(logged('channel-paused').at(-1)).toMatchObject({ facts: { what: expect.stringContaining('goniec slack manifest') as string } });
    expect(chat.bridge.troubles!()).toMatchObject([{ channel: undefined, what: { key: 'trouble.right', params: { right: 'chat:write' } } }]);
    chat.slack.addScope('chat:write');
    await chat.slack.inviteBot(chat.orders);
    await chat.slack.revokeToken();
    await later();
    expect(cards()).toHaveLength(0);
    expect(logged('channel-paused').at(-1)).toMatchObject({ facts: { what: expect.stringContaining('revoked') as string } });
    expect(chat.bridge.troubles!()).toMatchObject([{ channel: undefined, what: { key: 'trouble.token' } }]);
    chat.slack.restoreToken();
    await chat.slack.inviteBot(chat.orders);
    await later();
    expect(cards()).toHaveLength(1);
  });

  it('a card that somebody deleted comes anew', async () => {
    await open();
    await chat.mail();
    const gone = chat.card();
    const { user } = gone;
    expect(user).toBe(chat.slack.botUserId);
    await chat.person('marek').delete(gone);
    await chat.desk.say('marek', 'claim', 1);
    await later();
    expect(chat.card().ts).not.toBe(gone.ts);
    expect(shownIn(chat.card().blocks)).toContain('Release');
    await chat.told(chat.person('marek'), () => chat.person('marek').press(chat.card(), 'Release'));
  });

  /** Marek has said "before" in a thread, and then Goniec was stopped. */
  const stoppedAfterANote = async (): Promise<Person> => {
    await open();
    await chat.mail();
    const marek = chat.person('marek');
    await marek.say('orders', 'before', { thread_ts: chat.card().ts });
    await eventually(async () => expect(await notes()).toHaveLength(1));
    await chat.bridge.stop();
    return marek;
  };

  it('what was written while Goniec was not running is fetched', async () => {
    const marek = await stoppedAfterANote();
    await marek.say('orders', 'meanwhile', { thread_ts: chat.card().ts, wait: false });
    await marek.say('orders', '!claim', { thread_ts: chat.card().ts, wait: false });
    chat.slack.failNext({ method: 'conversations.history', retryAfter: 1 });
    await chat.restart();
    await eventually(async () => expect((await notes()).map(({ text }) => text)).toEqual(['before', 'meanwhile']));
    await eventually(async () => expect((await chat.desk.conversation(1)).assigneeId).toBe('marek'));
    await chat.restart();
    await chat.settle();
    await eventually(() => expect(Number(chat.memory.get('slack:heard-until'))).toBeGreaterThan(Date.now() / 1_000 - 60));
    expect(await notes()).toHaveLength(2);
  });

  it('what is written while Goniec itself is out of order counts once it is not', async () => {
    await open();
    await chat.mail();
    vi.spyOn(chat.desk.door, 'conversationOf').mockRejectedValueOnce(new Error('the database is away'));
    vi.spyOn(chat.desk.door, 'words').mockRejectedValueOnce(new Error('the database is away'));
    await chat.person('marek').say('orders', 'heard in the end', { thread_ts: chat.card().ts, wait: false });
    await eventually(async () => expect((await notes()).map(({ text }) => text)).toEqual(['heard in the end']));
  });

  it.each([['conversations.history', { status: 503 }], ['conversations.replies', { dropConnection: 'before' }], ['conversations.history', { error: 'token_revoked' }]] as const)('what was written meanwhile is fetched later, when %s fails at first with %o', async (method, fault) => {
    const marek = await stoppedAfterANote();
    await marek.say('orders', 'meanwhile', { thread_ts: chat.card().ts, wait: false });
    chat.slack.failNext({ method, ...fault, times: 2 });
    await chat.restart();
    await eventually(() => expect(logged('catch-up-failed')).not.toHaveLength(0));
    // Nobody may believe meanwhile that all was heard.
    await chat.restart();
    await eventually(async () => expect((await notes()).map(({ text }) => text)).toEqual(['before', 'meanwhile']), { timeoutMs: 10_000 });
    await eventually(() => expect(Number(chat.memory.get('slack:heard-until'))).toBeGreaterThan(Date.now() / 1_000 - 60), { timeoutMs: 10_000 });
  });

  it('what was written meanwhile is fetched by itself once Slack is in order', async () => {
    await open();
    await chat.mail();
    await chat.bridge.stop();
    await chat.person('marek').say('orders', 'meanwhile', { thread_ts: chat.card().ts, wait: false });
    chat.slack.failNext({ method: 'conversations.history', status: 503 });
    await chat.restart();
    await eventually(() => expect(logged('caught-up-at-last')).toHaveLength(1), { timeoutMs: 10_000 });
    expect((await notes()).map(({ text }) => text)).toEqual(['meanwhile']);
  });

  it('notes that were edited or deleted while Goniec was not running follow', async () => {
    await open();
    await chat.mail();
    const marek = chat.person('marek');
    const { ts } = chat.card();
    const said = await Promise.all(['stays', 'frist', 'never'].map((text) => marek.say('orders', text, { thread_ts: ts })));
    await eventually(async () => expect(await notes()).toHaveLength(3));
    await chat.bridge.stop();
    await marek.edit(said[1]!.message, 'first');
    await marek.delete(said[2]!.message);
    await chat.restart();
    await eventually(async () => expect((await notes()).map(({ text, deletedAt }) => (deletedAt ? 'deleted' : text)).sort()).toEqual(['deleted', 'first', 'stays']));
    await chat.restart();
    await chat.settle();
    expect((await notes()).filter(({ deletedAt }) => deletedAt)).toHaveLength(1);
  });

  it.each(['moved to another channel', 'opened anew for a deleted card'])('notes in the thread of a conversation that was %s stay when Goniec comes back', async (how) => {
    await open();
    await chat.mail();
    await chat.person('marek').say('orders', 'written before', { thread_ts: chat.card().ts });
    await eventually(async () => expect(await notes()).toHaveLength(1));
    const { threadRef } = await chat.desk.conversation(1);
    if (how === 'moved to another channel') await chat.desk.say('marek', 'move', 1, { place: 'returns' });
    else await chat.person('marek').delete(chat.card());
    await chat.desk.say('marek', 'claim', 1);
    await chat.settle();
    await later();
    expect((await chat.desk.conversation(1)).threadRef).not.toBe(threadRef);
    const before = logged('caught-up').length;
    await chat.restart();
    await eventually(() => expect(logged('caught-up')).toHaveLength(before + 1));
    expect((await notes()).map(({ text, deletedAt }) => [text, deletedAt])).toEqual([['written before', undefined]]);
  });

  it('Slack that is down at the start is waited for, and found again when it is back', async () => {
    await open({ slack: { retryDelaysMs: [] } });
    await chat.bridge.stop();
    await chat.slack.goDown();
    await chat.restart();
    await chat.mail();
    expect(cards()).toHaveLength(0);
    expect(chat.bridge.troubles!()).toMatchObject([{ channel: undefined, what: { key: 'trouble.unreachable' } }]);
    await chat.slack.comeBack();
    await eventually(() => expect(chat.slack.sockets).toBe(2), { timeoutMs: 15_000 });
    await later();
    expect(cards()).toHaveLength(1);
  });

  it('a refresh of both sockets at once leaves no gap: every event is acknowledged', async () => {
    await open({ slack: { retryDelaysMs: [], ackMs: 1_000 } });
    await chat.mail();
    await eventually(() => expect(chat.slack.sockets).toBe(2));
    const marek = chat.person('marek');
    const { ts } = chat.card();
    const said: Promise<unknown>[] = [];
    for (let count = 0; count < 40; count += 1) {
      if (count === 5) chat.slack.requestDisconnect();
      said.push(marek.say('orders', `note ${count}`, { thread_ts: ts }));
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    await Promise.all(said);
    await eventually(() => expect(chat.slack.socketsOpened).toBe(4));
    const missed = chat.slack.acks.filter(({ acked, name }) => !acked && name === 'message');
    // Slack itself has no socket to send to while the new ones are being opened: that is the gap.
    const gaps = missed.map(({ at }) => at.getTime());
    expect(gaps.length === 0 ? 0 : Math.max(...gaps) - Math.min(...gaps)).toBeLessThan(1_000);
    expect(missed.length).toBeLessThan(40);
  }, 30_000);

  it('one socket that breaks without a word leaves the other hearing', async () => {
    await open();
    await chat.mail();
    await eventually(() => expect(chat.slack.sockets).toBe(2));
    chat.slack.dropSockets({ count: 1 });
    const marek = chat.person('marek');
    for (let count = 0; count < 5; count += 1) expect((await marek.say('orders', `note ${count}`, { thread_ts: chat.card().ts })).acked).toBe(true);
    await eventually(async () => expect(await notes()).toHaveLength(5));
    await eventually(() => expect(chat.slack.sockets).toBe(2), { timeoutMs: 10_000 });
  });

  it('Slack by HTTP: signed requests only, none twice, none old', async () => {
    const port = await freePort();
    let secret = '';
    await open({
      prepare: (slack) => void (secret = slack.signingSecret),
      settings: { appToken: undefined, get signingSecret() { return secret; }, http: { host: '127.0.0.1', port } },
    });
    const http = chat.slack.useHttp(`http://127.0.0.1:${port}/slack/events`);
    expect(await http.verifyUrl()).toBe(true);
    await chat.mail();
    const marek = chat.person('marek');
    await chat.told(marek, () => marek.press(chat.card(), 'Claim'));
    expect((await chat.desk.conversation(1)).assigneeId).toBe('marek');
    const { view } = await chat.told(marek, () => marek.press(chat.card(), 'Answer'));
    expect((await marek.submit(view!)).errors).toBeDefined();
    expect((await chat.told(marek, () => marek.command('/mail', 'help', 'orders'))).text).toContain('/mail reply');
    const { url, body } = http.sent.at(-1)!;
    expect(await http.replay(http.sent.at(-1)!)).toBe(401);
    expect(await http.forge({ url, body, secret: 'wrong' })).toBe(401);
    expect(await http.forge({ url, body, signature: null })).toBe(401);
    expect(await http.forge({ url, body, timestamp: Math.floor(Date.now() / 1_000) - 600 })).toBe(401);
  });

  it('a burst of cards keeps to Slack’s pace, and what a person does goes before it', async () => {
    await open({ slack: { limits: 'slack' }, pacing: 'real' });
    await chat.mail('first');
    const before = chat.slack.calls('chat.postMessage').length;
    const target = { channel: chat.desk.desk.channels[0]!, thread: undefined };
    const burst = Array.from({ length: 12 }, (_, index) => chat.bridge.post(target, aPost(`card ${index}`), `burst-${index}`).then(() => 'posted', (error: { fault: string; certain: boolean; retryAfterMs: number }) => error));
    const start = performance.now();
    await chat.bridge.post({ channel: target.channel, thread: (await chat.desk.conversation(1)).threadRef }, { ...aPost('answer'), kind: 'mail-out' }, 'urgent-1');
    expect(performance.now() - start).toBeLessThan(3_000);
    const results = await Promise.all(burst);
    const waiting = results.filter((result) => result !== 'posted');
    expect(waiting.length).toBeGreaterThan(5);
    for (const [index, error] of waiting.entries()) expect(error).toMatchObject({ fault: 'rate-limited', certain: true, retryAfterMs: expect.any(Number) as number, ...(index < 0 && {}) });
    expect(chat.slack.calls('chat.postMessage').length - before).toBeLessThan(8);
    expect(chat.slack.calls('chat.postMessage').every(({ error }) => error === undefined)).toBe(true);
  });

  it('several workspaces are several bridges', async () => {
    await open();
    const other = chat.slack.addWorkspace({ domain: 'other' });
    const place = other.addChannel('returns');
    const log = quietLog();
    const second = createSlackBridge({ log, desk: () => chat.desk.desk }, { ...chat.settings, name: 'slack-2', botToken: other.botToken });
    await second.start(nobody);
    const channel: Channel = { id: 'returns' as ChannelId, name: 'returns', bridge: 'slack-2', target: 'returns' };
    await second.post({ channel, thread: undefined }, aPost('there'), 'key-2');
    expect(place.messages().map(({ text }) => text)).toEqual(['there']);
    await second.stop();
    await expect(second.post({ channel, thread: undefined }, aPost('there'), 'key-3')).rejects.toMatchObject({ fault: 'unavailable', certain: true });
  });
});

describe('two workspaces by HTTP', () => {
  it('each takes requests at a port of its own, and answers its own people', async () => {
    let secret = '';
    const [port, second] = [await freePort(), await freePort()];
    const by = (at: number) => ({ appToken: undefined, get signingSecret() { return secret; }, http: { host: '127.0.0.1', port: at } });
    const chat = await openSlackDesk({ prepare: (slack) => void (secret = slack.signingSecret), settings: by(port) });
    const other = chat.slack.addWorkspace({ domain: 'other' });
    const place = other.addChannel('returns');
    const bridge = createSlackBridge({ log: quietLog(), desk: () => chat.desk.desk }, { ...chat.settings, ...by(second), name: 'slack-2', botToken: other.botToken });
    await bridge.start(chat.desk.door);
    const marek = other.addUser({ name: 'marek', email: 'marek@desk.example' });
    place.members.add(marek.id);
    chat.slack.useHttp(`http://127.0.0.1:${second}/slack/events`);
    expect((await marek.command('/mail', 'help', place)).acked).toBe(true);
    await eventually(() => expect(marek.ephemerals.map(({ blocks }) => shownIn(blocks)).join()).toContain('/mail reply'));
    chat.slack.useHttp(`http://127.0.0.1:${port}/slack/events`);
    await chat.mail();
    const ours = chat.person('marek');
    expect((await chat.told(ours, () => ours.press(chat.card(), 'Claim'))).text).toContain('Claimed #1');
    await bridge.stop();
    await chat.close();
    expect(chat.slack.violations).toEqual([]);
  });
});

describe('what the doctor sees of Slack', () => {
  let chat: SlackDesk;
  beforeEach(async () => {
    chat = await openSlackDesk();
  });
  afterEach(() => chat.close());

  it('all is well; then tokens, rights and channels that are not', async () => {
    const look = async () => (await createSlackBridge({ log: quietLog(), desk: () => chat.desk.desk }, chat.settings).inspect!(chat.desk.desk.channels)).map(({ level, text }) => `${level} ${text}`);
    expect(await look()).toEqual(['ok Slack: connected to Desk as @goniec', 'ok Slack: Socket Mode works', 'ok #orders: the app is in the channel', 'ok #returns: the app is in the channel']);
    chat.slack.removeScope('files:write');
    await chat.slack.archive(chat.orders);
    await chat.slack.removeBot(chat.slack.channel('returns'));
    const bad = (await look()).filter((text) => text.startsWith('bad'));
    expect(bad).toEqual([expect.stringContaining('files:write'), expect.stringContaining('#orders'), expect.stringContaining('/invite')]);
    await chat.slack.revokeToken();
    expect(await look()).toEqual([expect.stringMatching(/^bad .*revoked.*Install the app again/)]);
    const target = { channel: chat.desk.desk.channels[0]!, thread: undefined };
    await expect(chat.bridge.edit!(target, 'web-post-1' as PostRef, aPost('x'))).rejects.toMatchObject({ fault: 'gone', certain: true });
  });
});

function aPost(summary: string): Post {
  return { kind: 'card', tone: 'open', summary, heading: summary, url: undefined, facts: [], text: '', quote: undefined, hidden: undefined, alert: undefined, files: [], actions: [] };
}
