/** The README's pictures of Discord: a little story on a desk at work with the real discord.js; then its forum post as drawn from the real messages. */
import { join } from 'node:path';

import { eventually, openDiscordDesk, type DiscordDesk } from '../bridges/discord/discord-desk.js';
import type { Message } from '../fakes/discord-server/world.js';
import { startChromium } from '../support/chromium.js';
import { mailFrom } from '../support/desk-under-test.js';
import { drawPage, type DrawnMessage } from './discord-messages.js';

const SENDER = 'Katarzyna Wójcik <k.wojcik@poczta.example>';
const MAIL = 'Hello,\n\nthe cup from my last order arrived broken, the handle is off. It is meant as a present for Saturday.\n\nCan you send a new one in time?\n\nKatarzyna';
const FIRST = { 'Message-ID': '<first@poczta.example>' };
const AGAIN = { 'In-Reply-To': '<first@poczta.example>', References: '<first@poczta.example>' };
const UNDO_MS = 16_000;

/** @param folder where the pictures go */
export async function takeDiscordPictures(folder: string): Promise<void> {
  const chat = await openDiscordDesk('forum');
  const browser = await startChromium();
  try {
    await live(chat);
    const tags = chat.thread().appliedTags.map((id) => chat.channel.availableTags.find((tag) => tag.id === id)?.name ?? '');
    const html = drawPage({ title: chat.thread().name, tags, channel: chat.channel.name, messages: [chat.card(), ...chat.posts()].map(drawn) });
    for (const [name, width, mobile] of [['discord', 760, false], ['discord-phone', 390, true]] as const) {
      const page = await browser.openPage({ width, height: 600, mobile });
      await page.setContent(html);
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    }
  } finally {
    await browser.close();
    await chat.close();
  }
}

async function live(chat: DiscordDesk): Promise<void> {
  const { desk, marek, anna } = chat;
  await desk.receive(mailFrom(SENDER, 'Cup arrived broken', MAIL, FIRST));
  await marek.press(chat.card(), 'Claim');
  anna.say(chat.thread().id, 'It is a present for **Saturday**: let us send a new one today.');
  await eventually(async () => (await desk.store.notes.of((await desk.conversation(1)).id)).length === 1);
  const form = await marek.press(chat.card(), 'Answer');
  await marek.submit(form, { text: 'Dear Ms Wójcik,\n\nwe are sorry. A new cup leaves today by courier and arrives on Friday. You need not send the broken one back.' }, chat.thread().id);
  desk.pass(UNDO_MS);
  await desk.settle();
  await desk.receive(mailFrom(SENDER, 'Re: Cup arrived broken', 'Thank you, that is wonderful. Do I have to be at home?\n\nKatarzyna', AGAIN));
  await eventually(() => chat.posts().length >= 4);
}

function drawn({ author, content, embeds, components, attachments }: Message, index: number): DrawnMessage {
  return { author: author.bot ? 'Goniec' : (author.global_name ?? author.username), isApp: author.bot, time: `10:${String(4 + index * 3).padStart(2, '0')}`, content, embeds, components, files: attachments.map(({ filename }) => filename) };
}
