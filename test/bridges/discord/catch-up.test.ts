/** What people did in threads while nothing was heard is done afterwards: words become notes, edits and deletions follow; what only cannot be seen stays as it is. */
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { Message } from '../../fakes/discord-server/world.js';
import { mailFrom } from '../../support/desk-under-test.js';
import { eventually, openDiscordDesk, type DiscordDesk } from './discord-desk.js';

/** Discord tells of so many messages at once. */
const PAGE = 100;

let world: DiscordDesk;
afterEach(async () => {
  const { violations } = world.server;
  await world.close();
  expect(violations).toEqual([]);
});

const cup = (): string => mailFrom('Anna Nowak <anna@customer.example>', 'Broken cup', 'The cup is broken.', { 'Message-ID': '<first@customer.example>' });
const plate = (): string => mailFrom('Bob <bob@customer.example>', 'Plate', 'Also broken');
/** Notes of a conversation; struck ones in brackets. */
const notes = async (number = 1): Promise<readonly string[]> => (await world.desk.store.notes.of((await world.desk.conversation(number)).id)).map(({ text, deletedAt }) => (deletedAt ? `(${text})` : text));
const noted = async (text: string): Promise<Message> => {
  const before = (await notes()).length;
  const said = world.marek.say(world.thread().id, text);
  await eventually(() => notes(), (list) => list.length === before + 1);
  return said;
};

it.each(['Goniec was down', 'the session was lost'])('notes that were edited or deleted while %s follow', async (how) => {
  world = await openDiscordDesk();
  await world.desk.receive(cup());
  const [kept, changed, gone] = [await noted('stays'), await noted('two cups'), await noted('nonsense')];
  const meanwhile = (): void => {
    world.marek.edit(changed, 'three cups');
    world.marek.delete(gone);
    world.marek.say(kept.channelId, 'and this is new');
  };
  if (how === 'Goniec was down') {
    await world.restart(meanwhile);
  } else {
    world.server.gateway.invalidate(false);
    meanwhile();
  }
  await eventually(() => notes(), (list) => list.length === 4);
  expect(await notes()).toEqual(['stays', 'three cups', '(nonsense)', 'and this is new']);
  // Once: the history tells of one change each.
  await world.restart();
  expect(await notes()).toEqual(['stays', 'three cups', '(nonsense)', 'and this is new']);
});

it('an answer that waits follows its words, too', async () => {
  world = await openDiscordDesk();
  await world.desk.receive(cup());
  const said = world.marek.say(world.thread().id, '!reply It leaves today.');
  await eventually(() => world.desk.messages(1), (list) => list.length === 2);
  await world.restart(() => world.marek.edit(said, '!reply It leaves on Monday.'));
  await eventually(() => world.desk.messages(1), (list) => list.at(-1)?.text === 'It leaves on Monday.');
  await world.restart(() => world.marek.delete(said));
  await eventually(() => world.desk.messages(1), (list) => list.at(-1)?.state === 'cancelled');
});

it('a note is found among more messages than Discord tells of at once', async () => {
  world = await openDiscordDesk();
  await world.desk.receive(cup());
  const [first, last] = [await noted('at the beginning'), await noted('to be changed')];
  for (let count = 0; count < PAGE + 20; count += 1) world.stranger.say(first.channelId, `chatter ${count}`);
  const late = await noted('at the end');
  await world.restart(() => {
    world.marek.edit(last, 'changed');
    world.marek.delete(late);
  });
  await eventually(() => notes(), (list) => list.includes('changed'));
  expect(await notes()).toEqual(['at the beginning', 'changed', '(at the end)']);
});

it('words in a thread that went back to sleep are read', async () => {
  world = await openDiscordDesk();
  await world.desk.receive(cup());
  await noted('before');
  await world.restart(() => {
    world.marek.say(world.thread().id, 'while you were away');
    Object.assign(world.thread().thread ?? {}, { archived: true });
  });
  expect(await notes()).toEqual(['before', 'while you were away']);
});

it('notes in a thread that is gone, or that may not be read, stay; those elsewhere follow', async () => {
  world = await openDiscordDesk();
  await world.desk.receive(cup());
  await noted('in a thread that goes');
  const gone = world.thread();
  await world.desk.receive(plate());
  const elsewhere = world.marek.say(world.thread().id, 'elsewhere');
  await eventually(() => notes(2), (list) => list.length === 1);
  await world.restart(() => {
    world.server.deleteChannel(gone.id);
    world.marek.delete(elsewhere);
  });
  expect(await notes(2)).toEqual(['(elsewhere)']);
  expect(await notes(1)).toEqual(['in a thread that goes']);
  const unseen = world.marek.say(world.thread().id, 'unseen');
  await eventually(() => notes(2), (list) => list.length === 2);
  await world.restart(() => {
    world.marek.delete(unseen);
    world.channel.botPermissions = '0';
  });
  expect(await notes(2)).toEqual(['(elsewhere)', 'unseen']);
});

describe('what was said is not lost', () => {
  /** Everything that Discord says is an error, but for the gateway. */
  const outOfOrder = (status: number): void => world.server.failNext({ status, times: 100_000 });
  const logged = (verb: string): number => world.desk.log.lines.filter((line) => line.verb === verb).length;
  const lostSession = async (said: () => void): Promise<void> => {
    const before = world.server.gateway.identifies.length;
    world.server.gateway.invalidate(false);
    said();
    await eventually(() => world.server.gateway.identifies.length > before);
  };

  it('when it is the first word of all, and Goniec was down', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    await world.restart(() => world.marek.say(world.thread().id, 'the first word'));
    await eventually(() => notes(), (list) => list.length === 1);
  });

  it.each([401, 503])('while the session was lost and Discord answers everything with %i', async (status) => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const [changed] = [await noted('two cups')];
    outOfOrder(status);
    await lostSession(() => {
      world.marek.edit(changed, 'three cups');
      world.marek.say(world.thread().id, 'and this');
    });
    await eventually(() => logged('discord-not-settled') > 0);
    world.server.clearFaults();
    await eventually(() => notes(), (list) => list.length === 2);
    expect(await notes()).toEqual(['three cups', 'and this']);
  });

  it('when a channel cannot be looked up after a restart', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    await noted('before');
    await world.restart(() => {
      world.marek.say(world.thread().id, 'while you were away');
      world.server.failNext({ route: 'GET /channels/:id', status: 503 });
    });
    await eventually(() => notes(), (list) => list.length === 2);
  });

  it('when another session is lost while the first one is read afterwards', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    await noted('before');
    const reads = (): number => world.server.requests('GET /guilds/:id/threads/active').length;
    const before = reads();
    world.server.latencyMs = 400;
    await lostSession(() => void world.marek.say(world.thread().id, 'one'));
    await eventually(() => reads() > before);
    await lostSession(() => void world.marek.say(world.thread().id, 'two'));
    world.server.latencyMs = 0;
    await eventually(() => notes(), (list) => list.length === 3);
    expect(await notes()).toEqual(['before', 'one', 'two']);
  });

  it('in a channel that Goniec may not see for a while, nor what was changed there', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const [changed, gone] = [await noted('two cups'), await noted('nonsense')];
    world.server.permit(world.channel, '0');
    await eventually(() => world.troubles().length === 1);
    world.marek.say(world.thread().id, 'nobody hears me');
    world.marek.edit(changed, 'three cups');
    world.marek.delete(gone);
    await world.restart();
    expect(await notes()).toEqual(['two cups', 'nonsense']);
    world.server.permit(world.channel, undefined);
    await eventually(() => notes(), (list) => list.length === 3);
    expect(await notes()).toEqual(['three cups', '(nonsense)', 'nobody hears me']);
  });

  it('when Goniec itself is out of order as it is heard', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    vi.spyOn(world.desk.door, 'words').mockRejectedValueOnce(new Error('the database is away'));
    world.marek.say(world.thread().id, 'heard twice, noted once');
    await eventually(() => notes(), (list) => list.length === 1);
  });

  it('nor is the answer to it, when Discord asks to wait before somebody can be told in person', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    world.server.failNext({ route: 'POST /users/@me/channels', status: 429, retryAfter: 1 });
    world.stranger.say(world.thread().id, '!claim');
    await eventually(() => world.server.messagesIn(world.server.world.directs.get(world.stranger.id)?.id ?? '').length === 1);
  });
});
