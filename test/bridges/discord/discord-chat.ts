/** Discord as members of a server meet it: with the real discord.js, every request checked. */
import { COMMANDS } from '../../../src/commands/index.js';
import { parseWords } from '../../../src/commands/words.js';
import type { Desk } from '../../../src/core/model.js';
import { createDiscordBridge } from '../../../src/bridges/discord/bridge.js';
import { PACE as USUAL_PACE, type Pace } from '../../../src/bridges/discord/pace.js';
import { STRANGER, type ChatUnderTest, type SeenAnswer, type SeenForm } from '../../contract/chat-contract.js';
import type { Reaction, Told } from '../../fakes/discord-server/interactions.js';
import { listIn, objectIn, textIn, type Json } from '../../fakes/discord-server/json.js';
import { buttonsOf, type Person } from '../../fakes/discord-server/people.js';
import { startDiscordServer, type DiscordServer } from '../../fakes/discord-server/server.js';
import type { Channel, Message } from '../../fakes/discord-server/world.js';
import { openDesk } from '../../support/desk-under-test.js';
import { aDesk } from '../../support/samples.js';
import { eventually } from './discord-desk.js';
import { textOf } from './shown.js';

/** What the bridge hands on without an answer needs a moment, in milliseconds. */
const SETTLING_MS = 150;
/** The desk's clock stands still between two steps: what waits for Discord's limits would never come. Those have tests of their own. */
const PACE: Pace = { ...USUAL_PACE, perSecond: 1_000 };

export async function openDiscordChat(kind: 'forum' | 'text', over?: Partial<Desk>): Promise<ChatUnderTest> {
  const server = await startDiscordServer();
  server.pacing.globalPerSecond = PACE.perSecond;
  const channels = (over?.channels ?? aDesk().channels).map((channel) => ({ ...channel, bridge: 'discord', target: (kind === 'forum' ? server.forum(channel.name, ['open', 'closed']) : server.textChannel(channel.name)).id }));
  const desk = await openDesk({ ...over, channels }, (needs) => createDiscordBridge(needs, { token: server.token, apiUrl: server.apiUrl, onClose: 'archive', staffRoles: undefined }, PACE));
  const people = new Map<string, Person>();
  for (const { id, name, locale } of desk.desk.agents) {
    const person = server.person(name, locale === 'pl' ? 'pl' : 'en-US');
    people.set(id, person);
    await desk.store.transaction((tx) => tx.people.link('discord', person.id, id));
  }
  people.set(STRANGER, server.person('Stranger'));
  const personOf = (agent: string): Person => {
    const person = people.get(agent);
    if (!person) throw new Error(`no member ${agent}`);
    return person;
  };
  const threadOf = async (number: number): Promise<Channel | undefined> => {
    const { threadRef, channelId } = await desk.conversation(number);
    const parent = desk.desk.channels.find(({ id }) => id === channelId);
    return parent && server.world.channels.get(threadRef ?? '');
  };

  const chat: ChatUnderTest = {
    desk,
    async settle() {
      await new Promise((done) => setTimeout(done, SETTLING_MS));
      await desk.settle();
    },

    async card(agent, number) {
      const found = await desk.store.conversations.byNumber(number);
      const thread = found && (await threadOf(number));
      const message = thread && server.world.messages.get(thread.id);
      if (!message) return undefined;
      // As it is now: pressing it later is pressing an old card.
      const seen = { ...message };
      const person = personOf(agent);
      return {
        text: [thread.name, textOf(seen)].join('\n'),
        press: async (verb, args = {}) => answer(server, person, await press(person, seen, verb, args), thread.id),
        open: async (verb) => formOf(server, person, await press(person, seen, verb), thread.id),
      };
    },

    async thread(_agent, number) {
      const thread = await threadOf(number);
      return thread ? server.messagesIn(thread.id).filter(({ id }) => id !== thread.id).map(textOf) : [];
    },

    async told(agent) {
      const direct = server.world.directs.get(personOf(agent).id);
      return direct ? server.messagesIn(direct.id).map(textOf) : [];
    },

    async write(agent, number, words) {
      const thread = await threadOf(number);
      if (!thread) throw new Error('no thread');
      const said = personOf(agent).say(thread.id, words);
      const isNote = !/^[!/]/.test(words);
      const directs = (): readonly Message[] => server.messagesIn(server.world.directs.get(personOf(agent).id)?.id ?? '');
      const before = directs().length;
      const direct = (): Message | undefined => directs()[before];
      const look = (): Message | undefined => server.messagesIn(thread.id).find(({ replyTo }) => replyTo === said.id);
      if (isNote) await new Promise((done) => setTimeout(done, SETTLING_MS));
      const told = isNote ? look() : await eventually(() => look() ?? direct(), Boolean);
      return { text: told ? textOf(told) : '', isPrivate: told !== undefined && told === direct(), anyway: undefined, kept: words };
    },

    async command(agent, words) {
      const said = parseWords(`/${words}`, COMMANDS);
      if (said.kind !== 'call') throw new Error(`no command: ${words}`);
      const channel = server.world.channels.get(desk.desk.channels[0]?.target ?? '');
      const place = channel?.id ?? '';
      return answer(server, personOf(agent), await personOf(agent).command(said.command.name, said.args, place), place);
    },

    async hold(agent, number, verb) {
      const thread = await threadOf(number);
      if (!thread) throw new Error('no thread');
      const person = personOf(agent);
      const hasForm = COMMANDS.some(({ name, form }) => name === verb && form);
      // As they are now: pressing one later is pressing an old one.
      const posts = [server.world.messages.get(thread.id), ...server.messagesIn(thread.id)].flatMap((message) => (message ? [{ ...message }] : []));
      const [card] = posts;
      const place = posts.find((post) => customIdFor(post, verb)) ?? (card && (await person.press(card, 'More')).told);
      if (!place) throw new Error('no card');
      const custom = customIdFor(place, verb);
      // What has no room as a button stands in a menu.
      const use = (): Promise<Reaction> => (custom ? person.press(place, custom) : person.pick(place, verb));
      if (!hasForm) return async () => answer(server, person, await use(), thread.id);
      const reaction = await use();
      if (!reaction.modal) throw new Error(`no form was opened for ${verb}`);
      return async (values) => answer(server, person, await person.submit(reaction, values, thread.id), thread.id);
    },

    async close() {
      await desk.close();
      await server.stop();
      if (server.violations.length > 0) throw new Error(server.violations.join('\n'));
    },
  };
  return chat;
}

/** The button of a verb; what is not on the card is under More. */
async function press(person: Person, message: Message, verb: string, args: Readonly<Record<string, string>> = {}): Promise<Reaction> {
  const custom = customIdFor(message, verb);
  if (custom) return person.press(message, custom);
  if (Object.keys(args).length > 0) return person.command(verb, args, message.id);
  const more = await person.press(message, 'More');
  const found = more.told && customIdFor(more.told, verb);
  return found && more.told ? person.press(more.told, found) : person.command(verb, {}, message.id);
}

const customIdFor = (message: Message | Told, verb: string): string | undefined => buttonsOf(message).map((button) => textIn(button, 'custom_id') ?? '').find((id) => id.split(':')[1] === verb);

async function formOf(server: DiscordServer, person: Person, reaction: Reaction, threadId: string): Promise<SeenForm> {
  if (!reaction.modal) throw new Error(`no form came back: ${reaction.told?.content ?? ''}`);
  return {
    text: JSON.stringify(reaction.modal),
    // A modal cannot change while it is open: it is sent, and what comes back opens it again, filled in.
    async choose(template) {
      const { told } = await person.submit(reaction, { template }, threadId);
      const again = told && buttonsOf(told).find((button) => textIn(button, 'label') === 'Edit');
      if (!told || !again) throw new Error(`no way to go on: ${told?.content ?? ''}`);
      return formOf(server, person, await person.press(told, textIn(again, 'custom_id') ?? ''), threadId);
    },
    submit: async (values) => answer(server, person, await person.submit(reaction, values, threadId), threadId),
  };
}

async function answer(server: DiscordServer, person: Person, reaction: Reaction, threadId: string): Promise<SeenAnswer> {
  const { told } = reaction;
  if (!told) return { text: JSON.stringify(reaction.modal ?? {}), isPrivate: true, anyway: undefined, kept: undefined };
  const again = buttonsOf(told).find((button) => ['Send anyway', 'Close anyway', 'Edit', 'Wyślij mimo to', 'Popraw'].includes(textIn(button, 'label') ?? ''));
  const id = textIn(again, 'custom_id');
  if (!id) return { text: textOf(told), isPrivate: told.ephemeral, anyway: undefined, kept: undefined };
  const isHeld = /anyway|mimo/i.test(textIn(again, 'label') ?? '');
  // Edit beside Undo takes the answer back: nothing is kept there, it is on its way.
  const isQueued = !isHeld && buttonsOf(told).length > 1;
  const form = id.startsWith('do:') || isQueued ? undefined : await person.press(told, id);
  return {
    text: textOf(told),
    isPrivate: told.ephemeral,
    kept: keptIn(form?.modal),
    anyway: isHeld ? async () => answer(server, person, form ? await person.submit(form, {}, threadId) : await person.press(told, id), threadId) : undefined,
  };
}

const keptIn = (modal: Json | undefined): string | undefined => listIn(modal, 'components').map((label) => textIn(objectIn(label, 'component'), 'value')).findLast((value) => value !== undefined);
