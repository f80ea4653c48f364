/** What Discord limits: renames, files, what is hidden in names; everything is shown all the same. */
import { afterEach, expect, it } from 'vitest';

import { mailFrom } from '../../support/desk-under-test.js';
import { eventually, openDiscordDesk, type DiscordDesk } from './discord-desk.js';

const RENAME = 'PATCH /channels/:id';
const MINUTE_MS = 60_000;

let world: DiscordDesk;
afterEach(async () => {
  const { violations } = world.server;
  await world.close();
  expect(violations).toEqual([]);
});

const cup = (): string => mailFrom('Anna Nowak <anna@customer.example>', 'Broken cup', 'The cup is broken.');
/** A mail with files of these sizes. */
const withFiles = (...sizes: readonly number[]): string => mailFrom('Anna Nowak <anna@customer.example>', 'Pictures', [
  '--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nSee below.',
  ...sizes.map((bytes, index) => `--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="picture-${index}.png"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.alloc(bytes, index + 1).toString('base64').replace(/.{76}/g, '$&\r\n')}`),
  '--b--',
].join('\r\n'), { 'Content-Type': 'multipart/mixed; boundary=b' });
const shownFiles = (): readonly string[] => world.posts().flatMap(({ attachments }) => attachments.map(({ filename }) => filename));
const renamed = async (...subjects: readonly string[]): Promise<void> => {
  for (const subject of subjects) {
    await world.desk.store.transaction(async (tx) => {
      const conversation = await tx.conversations.byNumber(1);
      if (conversation) await tx.conversations.save({ ...conversation, subject, excerpt: subject });
    });
    await world.desk.say('marek', (await world.desk.conversation(1)).assigneeId ? 'release' : 'claim', 1);
    await world.desk.settle();
  }
};
const refused = (): number => world.server.requests(RENAME).filter(({ status }) => status === 429).length;

it('a thread is renamed twice in ten minutes at most; the card is up to date all the same, and the last name counts when there is room', async () => {
  const window = 1_500;
  world = await openDiscordDesk('forum', {}, (server) => (server.world.renameWindowMs = window), {}, { renames: window });
  await world.desk.receive(cup());
  await renamed('One', 'Two', 'Three', 'Four');
  expect(world.thread().name).toBe('#1 Two');
  expect(world.card().embeds[0]?.['description']).toContain('Four');
  await eventually(() => world.thread().name, (name) => name === '#1 Four');
  expect(world.thread().renamed).toHaveLength(3);
  expect(refused()).toBe(0);
});

it('nothing else waits for a rename that Discord refuses', async () => {
  world = await openDiscordDesk();
  await world.desk.receive(cup());
  await renamed('One', 'Two');
  // It does not know any more how often it did.
  await world.restart();
  await renamed('Three');
  expect(refused()).toBe(1);
  expect(world.card().embeds[0]?.['description']).toContain('Three');
  await world.desk.say('marek', 'close', 1);
  await world.desk.settle();
  expect(world.thread().thread?.archived).toBe(true);
  expect(await world.desk.store.deliveries.openLanes()).toEqual([]);
});

it('a thread that fell asleep while nobody was told is woken for what has to be done', async () => {
  world = await openDiscordDesk();
  await world.desk.receive(cup());
  Object.assign(world.thread().thread ?? {}, { archived: true, locked: true });
  await world.desk.say('marek', 'wait', 1);
  await world.desk.settle();
  expect(world.thread().appliedTags).toEqual(world.channel.availableTags.filter(({ name }) => name === 'Waiting for customer').map(({ id }) => id));
  expect(world.thread().thread).toMatchObject({ archived: false, locked: false });
  expect(await world.desk.store.deliveries.openLanes()).toEqual([]);
});

it('files up to the limit of the server are shown, larger ones linked to the web desk', async () => {
  world = await openDiscordDesk();
  const mebibyte = 1024 * 1024;
  await world.desk.receive(withFiles(1_000, 11 * mebibyte));
  expect(shownFiles()).toEqual(['picture-0.png']);
  expect(world.posts().at(-1)?.content).toMatch(/picture-1\.png \(1[12](\.\d)? MB\): <https:\/\/desk\.example\/c\/1>/);
});

it('files that the server does not take, whatever its boosts promise, are linked as well', async () => {
  world = await openDiscordDesk('text', {}, (server) => (server.world.maxFileBytes = 5_000));
  await world.desk.receive(withFiles(1_000, 9_000, 7_000));
  expect(shownFiles()).toEqual(['picture-0.png']);
  expect(world.posts()).toHaveLength(1);
  expect(world.posts()[0]?.content).toMatch(/picture-1\.png[^]*picture-2\.png/);
  // Once is enough to know it.
  const tries = world.server.requests('POST /channels/:id/messages').length;
  await world.desk.receive(withFiles(9_000));
  expect(world.server.requests('POST /channels/:id/messages').length).toBe(tries + 2);
});

it('characters that cannot be seen hide nothing in names, subjects and cards', async () => {
  world = await openDiscordDesk('text');
  const encoded = (text: string): string => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
  await world.desk.receive(mailFrom(`${encoded('Ma\u200bnager\u202e @everyone\u2800')} <m@customer.example>`, encoded('Pay\u2066 **now**\u00ad\u3164 <@1>\ufe0f\u{e0041}'), 'See\u200b.'));
  expect(world.thread().name).toBe('#1 Pay **now** <@1>');
  const [embed] = world.card().embeds;
  expect(embed?.['author']).toMatchObject({ name: 'Manager @everyone · m@customer.example' });
  expect(embed?.['title']).toBe('#1 Pay \\*\\*now\\*\\* \\<@1\\>');
  expect(JSON.stringify([world.thread().name, world.card().embeds, world.posts().map(({ content }) => content.replaceAll('@\u200b', '@'))])).not.toMatch(/[\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\u00ad\ufe0f]|\udb40/);
});

it('a note from the web desk whose file is too large says where it is, and follows when it is deleted', async () => {
  world = await openDiscordDesk();
  await world.desk.receive(cup());
  const files = JSON.stringify([{ blob: await world.desk.blobs.put(Buffer.alloc(11 * 1024 * 1024)), fileName: 'film.mp4', contentType: 'video/mp4', bytes: 11 * 1024 * 1024 }]);
  await world.desk.say('marek', 'note', 1, { text: 'Look at this', files });
  await world.desk.settle();
  const note = world.posts().at(-1);
  expect(note?.content).toMatch(/Look at this[^]*film\.mp4[^]*https:\/\/desk\.example\/c\/1/);
});

it('presses are answered within three seconds while a burst of mail waits for its turn', async () => {
  world = await openDiscordDesk('forum', {}, (server) => {
    server.pacing.limit('POST /channels/:id/threads', { limit: 5, windowMs: 1_000 });
    server.latencyMs = 30;
  });
  await world.desk.receive(cup());
  const card = world.card();
  for (let count = 0; count < 40; count += 1) await world.desk.keep(mailFrom(`c${count}@customer.example`, `Mail ${count}`, 'Hello'));
  const burst = world.desk.settle();
  for (const label of ['More', 'Answer', 'Claim', 'More', 'Template', 'More']) {
    const reaction = await world.marek.press(card, label);
    expect(reaction.ms).toBeLessThan(3_000);
    expect(reaction.kind).not.toBe('update');
  }
  await burst;
  world.desk.pass(MINUTE_MS);
  await world.desk.settle();
  await eventually(async () => {
    world.desk.pass(MINUTE_MS);
    await world.desk.settle();
    return world.server.world.threads().length === 41;
  });
});
