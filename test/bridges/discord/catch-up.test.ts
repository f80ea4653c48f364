/** What people did in threads while nothing was heard is done afterwards: words become notes, edits and deletions follow; what only cannot be seen stays as it is. */
import { afterEach, expect, it } from 'vitest';

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
