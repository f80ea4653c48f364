/** The chat contract on Slack. */
import type { Desk } from '../../../src/core/model.js';
import { eventually } from '../../support/eventually.js';
import { expect } from 'vitest';
import type { Ephemeral, Message, Person, View } from '../../fakes/slack-server/index.js';
import { chatContract, type ChatUnderTest, type SeenAnswer, type SeenCard, type SeenForm } from '../../contract/chat-contract.js';
import { openSlackDesk, shownIn, type Seen, type SlackDesk } from './slack-desk.js';

chatContract('slack', async (over?: Partial<Desk>) => {
  const { channels: _, ...rest } = over ?? {};
  const chat = await openSlackDesk({ desk: rest });
  return {
    desk: chat.desk,
    settle: () => chat.settle(),
    async card(agent, number) {
      const person = chat.person(agent);
      let card: Message;
      try {
        card = chat.card(number);
      } catch {
        return undefined;
      }
      // What it looks like now; its buttons are those of this moment.
      const frozen: Message = { ...card, blocks: structuredClone(card.blocks) };
      return {
        text: shownIn(card.blocks),
        press: async (verb, args) => answerOf(chat, person, await chat.told(person, () => person.press(frozen, buttonOf(frozen, verb, args)))),
        open: async (verb) => formOf(chat, person, (await chat.told(person, () => person.press(frozen, buttonOf(frozen, verb)))).view),
      } satisfies SeenCard;
    },
    thread: async (_agent, number) => chat.thread(number).map((message) => [shownIn(message.blocks), message.text].join('\n')),
    told: async (agent) => chat.person(agent).direct.messages().map((message) => [shownIn(message.blocks), message.text].join('\n')),
    async write(agent, number, words) {
      const person = chat.person(agent);
      const card = chat.card(number);
      const isNote = !/^[!/]/.test(words);
      if (!isNote) return answerOf(chat, person, await chat.told(person, () => person.say(card.channel, words, { thread_ts: card.ts })));
      const { message } = await person.say(card.channel, words, { thread_ts: card.ts });
      await eventually(() => expect(message.reactions.map(({ name }) => name)).toContain('memo'));
      return { text: '', anyway: undefined, kept: undefined };
    },
    async close() {
      const { violations } = chat.slack;
      await chat.close();
      expect(violations).toEqual([]);
    },
  } satisfies ChatUnderTest;
});

function buttonOf(message: Message | Ephemeral, verb: string, args?: Readonly<Record<string, string>>): { action_id: string } {
  const elements = message.blocks.flatMap((block) => (Array.isArray(block['elements']) ? (block['elements'] as { action_id?: string; value?: string }[]) : []));
  const found = elements.find(({ value }) => {
    if (value === undefined) return false;
    const read = JSON.parse(value) as { v: string; a?: Record<string, string> };
    return read.v === verb && Object.entries(args ?? {}).every(([name, wanted]) => read.a?.[name] === wanted);
  });
  if (!found?.action_id) throw new Error(`there is no button for ${verb}`);
  return { action_id: found.action_id };
}

function formOf(chat: SlackDesk, person: Person, view: View | undefined): SeenForm {
  if (!view) throw new Error('no form was opened');
  return {
    text: shownIn(view.content),
    choose: async (template) => formOf(chat, person, (await chat.told(person, () => person.press(view, { action_id: 'fill' }, template))).view),
    submit: (values) => submit(chat, person, view, values),
  };
}

async function submit(chat: SlackDesk, person: Person, view: View, values: Readonly<Record<string, string>>): Promise<SeenAnswer> {
  let errors: Readonly<Record<string, string>> | undefined;
  const seen = await chat.told(person, async () => {
    ({ errors } = await person.submit(view, inBlocks(view, values)));
    if (errors) throw new Error(JSON.stringify(errors));
  });
  return answerOf(chat, person, seen);
}

/** Fields that were drawn anew have a name that goes on behind an @. */
function inBlocks(view: View, values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const ids = (view.content['blocks'] as readonly { readonly block_id?: string }[]).map(({ block_id: id }) => id ?? '');
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [ids.find((id) => id === name || id.startsWith(`${name}@`)) ?? name, value]));
}

function answerOf(chat: SlackDesk, person: Person, { text, view }: Seen): SeenAnswer {
  const isForm = view?.content['callback_id'] === 'form';
  return { text, anyway: view && isForm ? () => submit(chat, person, view, {}) : undefined, kept: isForm ? text : undefined };
}

