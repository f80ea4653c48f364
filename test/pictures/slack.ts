/** The README's pictures of Slack: a little story on a desk at work with the real SDK; then its card and thread as drawn from the real blocks. */
import { join } from 'node:path';

import { openSlackDesk, type SlackDesk } from '../bridges/slack/slack-desk.js';
import type { Message } from '../fakes/slack-server/index.js';
import { startChromium } from '../support/chromium.js';
import { anAgent } from '../support/samples.js';
import type { AgentId } from '../../src/core/ids.js';
import { drawPage, type DrawnMessage } from './block-kit.js';

const MAIL = 'Hello,\n\nthe cup from my last order arrived broken, the handle is off. It is meant as a present for Saturday.\n\nCan you send a new one in time?\n\nKatarzyna\n\nOn Thu, 19 Nov 2026, Shop wrote:\n> Your parcel is on its way.\n> Your shop';
const FIRST = { 'Message-ID': '<first@poczta.example>' };
const AGAIN = { 'In-Reply-To': '<first@poczta.example>', References: '<first@poczta.example>' };
const SENDER = 'Katarzyna Wójcik <k.wojcik@poczta.example>';
const UNDO_MS = 16_000;

/** @param folder where the pictures go */
export async function takeSlackPictures(folder: string): Promise<void> {
  const chat = await openSlackDesk({ desk: { agents: [anAgent({ name: 'Marek Kos' }), anAgent({ id: 'anna' as AgentId, name: 'Anna Zielińska', email: 'anna@desk.example' })] } });
  const browser = await startChromium();
  try {
    await live(chat);
    const card = chat.card();
    const html = drawPage({ channel: 'orders', card: drawn(chat, card, 0), thread: chat.thread().map((message, index) => drawn(chat, message, index + 1)) });
    for (const [name, width, mobile] of [['slack', 1_180, false], ['slack-phone', 390, true]] as const) {
      const page = await browser.openPage({ width, height: 600, mobile });
      await page.setContent(html);
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    }
  } finally {
    await browser.close();
    await chat.close();
  }
}

async function live(chat: SlackDesk): Promise<void> {
  const marek = chat.person('marek');
  const anna = chat.person('anna');
  await chat.mail(MAIL, FIRST, 'Cup arrived broken', SENDER);
  await chat.told(marek, () => marek.press(chat.card(), 'Claim'));
  await anna.say('orders', 'It is a present for *Saturday*: let us send a new one today.', { thread_ts: chat.card().ts });
  await chat.settle();
  await chat.told(marek, () => marek.say('orders', '!reply Dear Ms Wójcik, we are sorry. A new cup leaves today by courier and arrives on Friday. You need not send the broken one back.', { thread_ts: chat.card().ts }));
  chat.desk.pass(UNDO_MS);
  await chat.settle();
  await chat.mail('Thank you, that is wonderful. Do I have to be at home?\n\nKatarzyna', AGAIN, 'Re: Cup arrived broken', SENDER);
  await chat.settle();
}

function drawn(chat: SlackDesk, message: Message, index: number): DrawnMessage {
  const isApp = message.botId !== undefined;
  const author = isApp ? 'Goniec' : (chat.desk.desk.agents.find(({ id }) => chat.person(id).id === message.user)?.name ?? '');
  return { author, isApp, time: `10:${String(4 + index * 3).padStart(2, '0')}`, body: isApp ? message.blocks : message.text, reactions: message.reactions.map(({ name }) => name), files: message.files.map(({ name }) => name) };
}
