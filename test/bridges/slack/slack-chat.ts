/** Slack as people of a workspace meet it: with the real SDK, every request checked. */
import { COMMANDS } from '../../../src/commands/index.js';
import { COMMAND } from '../../../src/bridges/slack/words.js';
import type { Desk } from '../../../src/core/model.js';
import { eventually } from '../../support/eventually.js';
import { expect } from 'vitest';
import type { Ephemeral, Message, Person, View } from '../../fakes/slack-server/index.js';
import { STRANGER, type ChatUnderTest, type SeenAnswer, type SeenCard, type SeenForm } from '../../contract/chat-contract.js';
import { openSlackDesk, shownIn, type Seen, type SlackDesk } from './slack-desk.js';

const USUAL_CHANNELS = ['orders', 'returns'];

export async function openSlackChat(over?: Partial<Desk>): Promise<ChatUnderTest> {
  const { channels, ...rest } = over ?? {};
  const further = (channels ?? []).filter(({ name }) => !USUAL_CHANNELS.includes(name));
  let stranger: Person | undefined;
  const chat = await openSlackDesk({
    desk: { ...rest, ...(further.length > 0 && { channels: (channels ?? []).map((channel) => ({ ...channel, bridge: 'slack', target: `#${channel.name}` })) }) },
    prepare(slack) {
      stranger = slack.addUser({ name: STRANGER, email: 'somebody@elsewhere.example' });
      for (const { name } of further) slack.addChannel(name);
    },
  });
  const personOf = (agent: string): Person => (agent === STRANGER && stranger ? stranger : chat.person(agent));
  const command = async (agent: string, words: string): Promise<SeenAnswer> => {
    const person = personOf(agent);
    return answerOf(chat, person, await chat.told(person, () => person.command(COMMAND, words, chat.orders)));
  };
  return {
    desk: chat.desk,
    settle: () => chat.settle(),
    async card(agent, number) {
      const person = personOf(agent);
      let card: Message;
      try {
        card = chat.card(number);
      } catch {
        return undefined;
      }
      const seen = frozen(card);
      return {
        text: shownIn(card.blocks),
        press: async (verb, args) => answerOf(chat, person, await chat.told(person, () => person.press(seen, buttonOf(seen, verb, args)))),
        open: async (verb) => formOf(chat, person, (await chat.told(person, () => person.press(seen, buttonOf(seen, verb)))).view),
      } satisfies SeenCard;
    },
    thread: async (_agent, number) => chat.thread(number).map((message) => [shownIn(message.blocks), message.text].join('\n')),
    told: async (agent) => chat.person(agent).direct.messages().map((message) => [shownIn(message.blocks), message.text].join('\n')),
    async write(agent, number, words) {
      const person = personOf(agent);
      const card = chat.card(number);
      const isNote = !/^[!/]/.test(words);
      if (!isNote) return answerOf(chat, person, await chat.told(person, () => person.say(card.channel, words, { thread_ts: card.ts })));
      const { message } = await person.say(card.channel, words, { thread_ts: card.ts });
      await eventually(() => expect(message.reactions.map(({ name }) => name)).toContain('memo'));
      return { text: '', isPrivate: true, anyway: undefined, kept: undefined };
    },
    command,

    async hold(agent, number, verb) {
      const person = personOf(agent);
      const hasForm = COMMANDS.some(({ name, form }) => name === verb && form);
      const card = frozen(chat.card(number));
      const place = [card, ...chat.thread(number).map(frozen)].find((message) => buttonIn(message, verb)) ?? (await chat.told(person, () => person.press(card, buttonOf(card, 'more')))).ephemeral;
      const button = place && buttonIn(place, verb);
      if (place && button && !hasForm) return async () => answerOf(chat, person, await chat.told(person, () => person.press(place, button)));
      if (!place || !button) throw new Error(`there is no button for ${verb}`);
      const { view, text } = await chat.told(person, () => person.press(place, button));
      if (!view) throw new Error(`no form was opened for ${verb}: ${text}`);
      return (values) => submit(chat, person, view, values);
    },

    async close() {
      const { violations } = chat.slack;
      await chat.close();
      expect(violations).toEqual([]);
    },
  } satisfies ChatUnderTest;
}

/** What it looks like now; its buttons are those of this moment. */
const frozen = (message: Message): Message => ({ ...message, blocks: structuredClone(message.blocks) });

function buttonOf(message: Message | Ephemeral, verb: string, args?: Readonly<Record<string, string>>): { action_id: string } {
  const found = buttonIn(message, verb, args);
  if (!found) throw new Error(`there is no button for ${verb}`);
  return found;
}

function buttonIn(message: Message | Ephemeral, verb: string, args?: Readonly<Record<string, string>>): { action_id: string } | undefined {
  const elements = message.blocks.flatMap((block) => (Array.isArray(block['elements']) ? (block['elements'] as { action_id?: string; value?: string }[]) : []));
  const found = elements.find(({ value }) => {
    if (value === undefined) return false;
    const read = JSON.parse(value) as { v: string; a?: Record<string, string> };
    return read.v === verb && Object.entries(args ?? {}).every(([name, wanted]) => read.a?.[name] === wanted);
  });
  return found?.action_id === undefined ? undefined : { action_id: found.action_id };
}

function formOf(chat: SlackDesk, person: Person, view: View | undefined): SeenForm {
  if (!view) throw new Error('no form was opened');
  return {
    text: shownIn(view.content),
    choose: async (template) => formOf(chat, person, (await chat.told(person, () => person.press(view, { action_id: 'fill' }, template))).view),
    submit: (values) => submit(chat, person, view, values),
  };
}

/** What a form was refused with. */
class Complaint extends Error {}

async function submit(chat: SlackDesk, person: Person, view: View, values: Readonly<Record<string, string>>): Promise<SeenAnswer> {
  let complaint: string | undefined;
  const seen = await chat.told(person, async () => {
    const { errors } = await person.submit(view, inBlocks(view, values));
    complaint = errors && Object.values(errors).join('\n');
    // It stands in the form, which is still open.
    if (complaint !== undefined) throw new Complaint(complaint);
  }).catch((error: unknown) => {
    if (!(error instanceof Complaint)) throw error;
    return undefined;
  });
  return seen ? answerOf(chat, person, seen) : { text: complaint ?? '', isPrivate: true, anyway: undefined, kept: shownIn(view.content) };
}

/** Fields that were drawn anew have a name that goes on behind an @. */
function inBlocks(view: View, values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const ids = (view.content['blocks'] as readonly { readonly block_id?: string }[]).map(({ block_id: id }) => id ?? '');
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [ids.find((id) => id === name || id.startsWith(`${name}@`)) ?? name, value]));
}

function answerOf(chat: SlackDesk, person: Person, { text, view }: Seen): SeenAnswer {
  const isForm = view?.content['callback_id'] === 'form';
  return { text, isPrivate: true, anyway: view && isForm ? () => submit(chat, person, view, {}) : undefined, kept: isForm ? text : undefined };
}

