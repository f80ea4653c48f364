/** A day on Discord: mail in, claim, note, answer, undo; each request checked as Discord would. */
import { afterEach, describe, expect, it } from 'vitest';

import type { AgentId } from '../../../src/core/ids.js';
import { linkCode } from '../../../src/desk/link-person.js';
import { openVault } from '../../../src/storage/vault.js';

import { mailFrom } from '../../support/desk-under-test.js';
import type { Told } from '../../fakes/discord-server/interactions.js';
import { listIn, textIn } from '../../fakes/discord-server/json.js';
import { buttonsOf } from '../../fakes/discord-server/people.js';
import { aDesk, aMailbox } from '../../support/samples.js';
import { openDiscordDesk, eventually, type DiscordDesk } from './discord-desk.js';

const UNDO_MS = 15_000;
let world: DiscordDesk;
afterEach(async () => {
  const { violations } = world.server;
  await world.close();
  expect(violations).toEqual([]);
});

const cup = (): string => mailFrom('Anna Nowak <anna@customer.example>', 'Broken cup', 'The cup is broken.\n\nCan you send another?');
const notes = async (): Promise<readonly { text: string; deletedAt: Date | undefined }[]> => world.desk.store.notes.of((await world.desk.conversation(1)).id);
const tags = (): readonly (string | undefined)[] => world.thread().appliedTags.map((id) => world.channel.availableTags.find((tag) => tag.id === id)?.name);
const choicesOf = (message: Told): readonly (string | undefined)[] => message.components.flatMap((row) => listIn(row, 'components')).flatMap((part) => listIn(part, 'options')).map((option) => textIn(option, 'value'));
const labels = (message: Parameters<typeof buttonsOf>[0]): readonly unknown[] => buttonsOf(message).map(({ label }) => label);

describe('a conversation on Discord', () => {
  it('is a forum post with tags, card and the mail in full', async () => {
    world = await openDiscordDesk('forum');
    await world.desk.receive(cup());
    expect(world.thread().name).toBe('#1 Broken cup');
    expect(world.thread().appliedTags.map((id) => world.channel.availableTags.find((tag) => tag.id === id)?.name)).toEqual(['Open']);
    const [embed] = world.card().embeds;
    expect(embed).toMatchObject({ author: { name: 'Anna Nowak · anna@customer.example' }, footer: { text: 'Shop' } });
    expect(embed?.['title']).toBeUndefined();
    expect(embed?.['description']).toBe('> The cup is broken. Can you send another?\nFirst conversation · Open · Unassigned');
    expect(labels(world.card())).toEqual(['Claim', 'Answer', 'Template', 'More']);
    expect(world.posts().map(({ content }) => content)).toEqual(['**↙ Anna Nowak**\n-# anna@customer.example\nThe cup is broken.\n\nCan you send another?']);
    expect(await world.desk.conversation(1)).toMatchObject({ threadRef: world.thread().id });
  });

  it('is petrol while it is open, red when an answer is overdue, grey when it is closed', async () => {
    world = await openDiscordDesk('forum', {}, () => {}, { mailboxes: [aMailbox({ answerWithin: { normal: 60 } })] });
    await world.desk.receive(cup());
    const colour = (): unknown => world.card().embeds[0]?.['color'];
    expect(colour()).toBe(0x0a5c6b);
    world.desk.pass(2 * 3_600_000);
    await world.desk.timer(`due:${(await world.desk.conversation(1)).id}`);
    await world.desk.settle();
    expect(colour()).toBe(0xab1f1a);
    expect(world.card().embeds[0]?.['description']).toContain('**Overdue since 20 Nov 2026, 14:00**');
    await world.desk.say('marek', 'close', 1);
    await world.desk.settle();
    expect(colour()).toBe(0x74827f);
  });

  it('is a card with a thread in a text channel', async () => {
    world = await openDiscordDesk('text');
    await world.desk.receive(cup());
    expect(world.card().channelId).toBe(world.channel.id);
    expect(world.card().embeds[0]).toMatchObject({ title: '#1 Broken cup', url: 'https://desk.example/c/1' });
    expect(world.posts()).toHaveLength(1);
    const claimed = await world.marek.press(world.card(), 'Claim');
    expect(claimed.told).toMatchObject({ ephemeral: true, content: expect.stringContaining('#1') as string });
    await world.desk.settle();
    expect(labels(world.card())).toEqual(['Release', 'Answer', 'Template', 'More']);
  });

  it('is claimed by a button; the second one is told who was first', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const card = world.card();
    const [first, second] = [await world.marek.press(card, 'Claim'), await world.anna.press(card, 'Claim')];
    expect(first.told?.ephemeral).toBe(true);
    expect((await world.desk.conversation(1)).assigneeId).toBe('marek');
    expect(second.told?.content).toContain('Marek Kos');
    await world.desk.settle();
    expect(world.card().embeds[0]?.['description']).toContain('Marek Kos');
  });

  it('takes plain words as a note, which follows edits and deletions, and its files', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const said = world.marek.say(world.thread().id, 'She is a regular', [{ name: 'order.txt', content: 'two cups' }]);
    await eventually(notes, (list) => list.length === 1);
    expect((await notes())[0]).toMatchObject({ text: 'She is a regular', files: [{ fileName: 'order.txt', bytes: 8 }] });
    world.marek.edit(said, 'She is a regular since May');
    await eventually(notes, ([note]) => note?.text === 'She is a regular since May');
    world.marek.delete(said);
    await eventually(notes, ([note]) => note?.deletedAt !== undefined);
    await world.desk.settle();
    world.desk.pass(UNDO_MS * 2);
    await world.desk.settle();
    expect(world.desk.sink.mails).toHaveLength(0);
    // The note stands where it was written: it is not posted once more, and nobody is answered.
    expect(world.posts().filter(({ author }) => author.bot)).toHaveLength(1);
  });

  it('is told by Discord itself to whom a note names as Discord does, and not once more', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    world.marek.say(world.thread().id, `Do you know this one, <@${world.anna.id}>?`);
    await eventually(notes, (list) => list.length === 1);
    await world.desk.settle();
    expect((await notes())[0]?.text).toBe('Do you know this one, @Anna Zielińska?');
    expect((await world.desk.store.notices.of('anna' as AgentId, 10)).map(({ kind }) => kind)).toEqual(['mentioned']);
    expect(world.server.world.directs.get(world.anna.id)).toBeUndefined();
  });

  it('is answered through the form, undone, opened again and sent once', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const form = await world.marek.press(world.card(), 'Answer');
    expect(form.kind).toBe('modal');
    const queued = await world.marek.submit(form, { text: 'A **new** one leaves today.' }, world.thread().id, world.card());
    expect(labels(queued.told!)).toEqual(['Undo', 'Edit']);
    await world.desk.settle();
    const mail = world.posts().at(-1)!;
    expect(mail.content).toContain('↗ Marek Kos');
    expect(labels(mail)).toEqual(['Undo', 'Edit']);
    const again = await world.marek.press(queued.told!, 'Edit');
    expect(again.kind).toBe('modal');
    expect((await world.desk.messages(1)).at(-1)?.state).toBe('cancelled');
    await world.marek.submit(again, { text: 'A **new** one leaves tomorrow.' }, world.thread().id);
    world.desk.pass(UNDO_MS);
    await world.desk.settle();
    await world.desk.settle();
    expect(world.desk.sink.mails).toHaveLength(1);
    expect(world.desk.sink.mails[0]?.raw.toString()).toContain('tomorrow');
    expect(world.posts().at(-1)?.content).toMatch(/sent/i);
    expect(labels(world.posts().at(-1)!)).toEqual([]);
  });

  it('is changed where it waits: its own Edit opens it with what it says, and nothing is sent twice', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    await world.marek.submit(await world.marek.press(world.card(), 'Answer'), { text: 'It leaves tomorow.' }, world.thread().id, world.card());
    await world.desk.settle();
    const form = await world.marek.press(world.posts().at(-1)!, 'Edit');
    expect(JSON.stringify(form.modal)).toContain('It leaves tomorow.');
    await world.marek.submit(form, { text: 'It leaves tomorrow.' }, world.thread().id);
    await world.desk.settle();
    expect(world.posts().at(-1)?.content).toContain('tomorrow');
    world.desk.pass(UNDO_MS);
    await world.desk.settle();
    expect(world.desk.sink.mails.map(({ raw }) => /tomor+ow/.exec(raw.toString())?.[0])).toEqual(['tomorrow']);
  });

  it('has drafts with buttons: changed, sent, or thrown away', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    await world.marek.command('draft', { text: 'Half a thought' }, world.thread().id);
    await world.desk.settle();
    expect(labels(world.posts().at(-1)!)).toEqual(['Send', 'Edit', 'Discard']);
    await world.anna.press(world.posts().at(-1)!, 'Send');
    await world.desk.settle();
    world.desk.pass(UNDO_MS);
    await world.desk.settle();
    expect(world.desk.sink.mails).toHaveLength(1);
  });

  it('is answered by words, which can be edited and taken back', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const said = world.marek.say(world.thread().id, '!reply It leaves today.');
    const told = await eventually(() => world.posts().find(({ replyTo }) => replyTo === said.id), Boolean);
    expect(labels(told!)).toContain('Undo');
    expect((await world.desk.messages(1)).at(-1)).toMatchObject({ text: 'It leaves today.', state: 'queued' });
    world.marek.edit(said, '!reply It leaves on Monday.');
    await eventually(() => world.desk.messages(1), (list) => list.at(-1)?.text === 'It leaves on Monday.');
    world.marek.delete(said);
    await eventually(() => world.desk.messages(1), (list) => list.at(-1)?.state === 'cancelled');
    world.desk.pass(UNDO_MS);
    await world.desk.settle();
    expect(world.desk.sink.mails).toHaveLength(0);
  });

  it('is answered by /reply with a template, the number implied in its thread', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const choices = await world.marek.autocomplete('reply', 'template', 'hel', world.thread().id);
    expect(choices.choices).toEqual([{ name: 'Hello', value: 'hello' }]);
    const told = await world.marek.command('reply', { template: 'hello', text: 'It leaves today.' }, world.thread().id);
    expect(told.told?.content).toContain('#1');
    world.desk.pass(UNDO_MS);
    await world.desk.settle();
    expect(world.desk.sink.mails[0]?.raw.toString()).toContain('Hello Anna, we are on it.');
    const elsewhere = await world.marek.command('show', { conversation: '1' }, world.server.textChannel('lounge').id);
    expect(elsewhere.told?.content).toContain('Broken cup');
    expect((await world.marek.autocomplete('show', 'conversation', 'cup', world.channel.id)).choices[0]?.value).toBe('1');
  });

  it('opens the form of /reply for a number that was said elsewhere', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const form = await world.marek.command('reply', { conversation: '1' }, world.server.textChannel('lounge').id);
    expect(form.kind).toBe('modal');
    await world.marek.submit(form, { text: 'From elsewhere' }, world.channel.id);
    expect((await world.desk.messages(1)).at(-1)?.text).toBe('From elsewhere');
  });

  it('is sent from the menu of a message', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const draft = world.anna.say(world.thread().id, 'How about: we send a new one.');
    await eventually(notes, (list) => list.length === 1);
    const form = await world.marek.menu('Send to customer', draft);
    await world.marek.submit(form, {}, world.thread().id);
    expect((await world.desk.messages(1)).at(-1)).toMatchObject({ direction: 'out', text: 'How about: we send a new one.' });
  });

  it('sends the files of a message along when it is sent to the customer', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const draft = world.anna.say(world.thread().id, 'The label is attached.', [{ name: 'label.txt', content: 'stick me on' }]);
    await eventually(notes, (list) => list.length === 1);
    await world.marek.submit(await world.marek.menu('Send to customer', draft), {}, world.thread().id);
    world.desk.pass(UNDO_MS);
    await world.desk.settle();
    expect(world.desk.sink.mails[0]?.raw.toString()).toContain('label.txt');
    expect(world.desk.sink.mails[0]?.raw.toString()).toContain(Buffer.from('stick me on').toString('base64'));
    // A file that cannot be had is named before anything is sent.
    const broken = world.anna.say(world.thread().id, 'And the film.', [{ name: 'film.mp4', content: 'x'.repeat(10) }]);
    await eventually(notes, (list) => list.length === 2);
    Object.assign(broken, { attachments: broken.attachments.map((file) => ({ ...file, size: 900_000_000 })) });
    expect(JSON.stringify((await world.marek.menu('Send to customer', broken)).modal)).toContain('film.mp4');
  });

  it('is answered from a template, whose words can be changed before they are sent', async () => {
    const files = [{ blob: 'c'.repeat(64) as never, fileName: 'form.pdf', contentType: 'application/pdf', bytes: 9 }];
    world = await openDiscordDesk('forum', {}, () => {}, { templates: [{ ...aDesk().templates[0]!, files }] });
    await world.desk.receive(cup());
    const menu = await world.marek.press(world.card(), 'Template');
    expect(menu.told).toMatchObject({ ephemeral: true });
    const form = await world.marek.pick(menu.told!, 'hello');
    expect(JSON.stringify(form.modal)).toContain('Hello Anna, we are on it.');
    await world.marek.submit(form, { text: 'Hello Anna, we are on it. Today!' }, world.thread().id);
    // Its files go along, and the use is counted.
    expect((await world.desk.messages(1)).at(-1)).toMatchObject({ text: 'Hello Anna, we are on it. Today!', attachments: [{ fileName: 'form.pdf' }] });
    expect((await world.desk.store.templates.usage()).get('hello' as never)?.count).toBe(1);
    expect((await world.stranger.press(world.card(), 'Template')).told?.content).not.toContain('hello');
  });

  it('offers more templates than one menu holds', async () => {
    const templates = Array.from({ length: 60 }, (_, index) => ({ ...aDesk().templates[0]!, id: `t${index}` as never, name: `Template ${index}` }));
    world = await openDiscordDesk('forum', {}, () => {}, { templates });
    await world.desk.receive(cup());
    const menu = await world.marek.press(world.card(), 'Template');
    expect(menu.told?.components).toHaveLength(3);
    expect((await world.marek.pick(menu.told!, 't59')).kind).toBe('modal');
  });

  it('holds an answer when the customer wrote meanwhile, and keeps what was written', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Broken cup', 'Broken', { 'Message-ID': '<first@customer.example>' }));
    const form = await world.marek.press(world.card(), 'Answer');
    await world.desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Re: Broken cup', 'I found the second one!', { 'In-Reply-To': '<first@customer.example>' }));
    const held = await world.marek.submit(form, { text: 'We send two.' }, world.thread().id);
    expect(held.told?.content).toContain('I found the second one!');
    expect((await world.desk.messages(1)).filter(({ direction }) => direction === 'out')).toHaveLength(0);
    const again = await world.marek.press(held.told!, 'Send anyway');
    expect(JSON.stringify(again.modal)).toContain('We send two.');
    await world.marek.submit(again, {}, world.thread().id);
    expect((await world.desk.messages(1)).at(-1)).toMatchObject({ direction: 'out', text: 'We send two.', state: 'queued' });
  });

  it('keeps what was written when an answer is refused', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const refused = await world.marek.submit(await world.marek.press(world.card(), 'Answer'), { text: 'Dear {{nobody}}' }, world.thread().id);
    expect(refused.told?.content).toContain('{{nobody}}');
    expect(JSON.stringify((await world.marek.press(refused.told!, 'Edit')).modal)).toContain('Dear {{nobody}}');
  });

  const toldInPerson = (): readonly unknown[] => world.server.messagesIn(world.server.world.directs.get(world.stranger.id)?.id ?? '');

  it('refuses strangers: to them alone, and plain words once', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const refused = await world.stranger.press(world.card(), 'Claim');
    expect(refused.told).toMatchObject({ ephemeral: true });
    expect((await world.desk.conversation(1)).assigneeId).toBeUndefined();
    const before = world.posts().length;
    world.stranger.say(world.thread().id, 'hello?');
    await eventually(() => toldInPerson().length === 1);
    world.stranger.say(world.thread().id, 'anybody?');
    await new Promise((done) => setTimeout(done, 200));
    // Only their own words stand in the thread.
    expect([toldInPerson().length, world.posts().length]).toEqual([1, before + 2]);
    expect(await notes()).toHaveLength(0);
    expect((await world.stranger.autocomplete('show', 'conversation', '', world.channel.id)).choices).toEqual([]);
  });

  it('learns who a stranger is by the code from their settings', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const code = linkCode((text) => openVault('test secret, long enough for the vault').sign(text), 'ada' as AgentId, world.desk.now());
    expect((await world.stranger.command('link', { code }, world.channel.id)).told).toMatchObject({ ephemeral: true, content: expect.stringContaining('Ada Chief') as string });
    await world.stranger.press(world.card(), 'Claim');
    expect((await world.desk.conversation(1)).assigneeId).toBe('ada');
  });

  it('follows a deletion though nobody remembers whose words they were', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const said = world.marek.say(world.thread().id, 'too hasty');
    await eventually(notes, (list) => list.length === 1);
    await world.restart();
    world.marek.delete(said);
    await eventually(notes, ([note]) => note?.deletedAt !== undefined);
    expect(await notes()).toHaveLength(1);
  });

  it('reads after a restart what was said while it was down', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    await world.restart(() => void world.marek.say(world.thread().id, 'while you were away'));
    await eventually(notes, (list) => list.length === 1);
    // What was refused stays refused, even if it would be allowed by now.
    world.stranger.say(world.thread().id, '!close');
    await eventually(() => toldInPerson().length === 1);
    await world.desk.store.transaction((tx) => tx.people.link('discord', world.stranger.id, 'ada' as AgentId));
    await world.restart();
    world.marek.say(world.thread().id, 'after');
    await eventually(notes, (list) => list.length === 2);
    expect((await world.desk.conversation(1)).status).toBe('open');
  });

  it('lets only members with a staff role work, where the settings name one', async () => {
    world = await openDiscordDesk('forum', { staffRoles: ['900000000000000001'] });
    await world.desk.receive(cup());
    expect((await world.marek.press(world.card(), 'Claim')).told?.content).toContain('Only some people');
    world.marek.member.roles.push('900000000000000001');
    await world.marek.press(world.card(), 'Claim');
    expect((await world.desk.conversation(1)).assigneeId).toBe('marek');
  });

  it('speaks the language of who asks', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    expect((await world.anna.press(world.card(), 'Claim')).told?.content).toMatch(/sprawę|Sprawa|Masz|Twoja/i);
  });

  it('offers every other verb under More, the commonest as buttons and the rest in menus', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const more = (await world.marek.press(world.card(), 'More')).told!;
    expect(labels(more)).toContain('Assign');
    expect((await world.marek.press(more, 'Assign')).kind).toBe('modal');
    const onCard = ['claim', 'release', 'reply', 'undo', 'arrived', 'send-again', 'edit', 'approve', 'send-back'];
    const offered = [...buttonsOf(more).map((button) => textIn(button, 'custom_id')?.split(':')[1]), ...choicesOf(more)];
    expect(offered.sort()).toEqual(world.desk.door.verbs().filter(({ name, onConversation }) => onConversation && !onCard.includes(name) && name !== 'reopen').map(({ name }) => name).sort());
    // One that needs nothing is done, one that does asks for it.
    expect((await world.marek.pick(more, 'history')).told?.content).toContain('#1');
    expect((await world.marek.pick(more, 'hand-over')).kind).toBe('modal');
    await world.marek.press(more, 'Close');
    await world.desk.settle();
    const closed = (await world.marek.press(world.card(), 'More')).told!;
    expect(labels(closed)).toContain('Reopen');
    expect(labels(closed)).not.toContain('Close');
  });

  it.each([['nothing', false, false], ['archive', true, false], ['lock', true, true]] as const)('that is closed: %s; it wakes when the customer writes', async (onClose, archived, locked) => {
    world = await openDiscordDesk('forum', { onClose });
    await world.desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Broken cup', 'Broken', { 'Message-ID': '<first@customer.example>' }));
    await world.marek.press((await world.marek.press(world.card(), 'More')).told!, 'Close');
    await world.desk.settle();
    expect(world.thread().thread).toMatchObject({ archived, locked });
    expect(tags()).toEqual(['closed']);
    await world.desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Re: Broken cup', 'Still broken', { 'In-Reply-To': '<first@customer.example>' }));
    expect(world.thread().thread).toMatchObject({ archived: false, locked: false });
    expect(world.posts().at(-1)?.content).toContain('Still broken');
    expect(world.server.world.threads(world.channel.id)).toHaveLength(1);
  });

  it('bears tags of its status, priority and labels, as far as the forum has them', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    await world.desk.say('marek', 'priority', 1, { priority: 'urgent' });
    await world.desk.say('marek', 'label', 1, { label: 'complaint' });
    await world.desk.say('marek', 'wait', 1);
    await world.desk.settle();
    expect([...tags()].sort()).toEqual(['Waiting for customer', 'complaint', 'urgent']);
    expect(world.thread().thread?.archived).toBe(false);
  });

  it('draws its card once for many changes', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    await world.desk.say('marek', 'claim', 1);
    await world.desk.say('marek', 'priority', 1, { priority: 'high' });
    await world.desk.say('marek', 'label', 1, { label: 'complaint' });
    await world.desk.settle();
    expect(world.server.requests('PATCH /channels/:id/messages/:id')).toHaveLength(1);
    expect(JSON.stringify(world.card().embeds)).toMatch(/Marek Kos[^]*complaint/);
    // What changes nothing that is shown costs nothing.
    await world.desk.say('marek', 'priority', 1, { priority: 'high' });
    await world.desk.settle();
    expect(world.server.requests('PATCH /channels/:id/messages/:id')).toHaveLength(1);
  });

  it('completes templates, colleagues, teams, labels and numbers while somebody types', async () => {
    world = await openDiscordDesk();
    await world.desk.receive(cup());
    const offered = async (verb: string, option: string, typed: string): Promise<readonly string[]> => (await world.marek.autocomplete(verb, option, typed, world.thread().id)).choices.map(({ value }) => value);
    expect(await offered('reply', 'template', 'hel')).toEqual(['hello']);
    expect(await offered('assign', 'to', 'zie')).toEqual(['anna']);
    expect(await offered('assign', 'to', 'car')).toEqual(['care']);
    expect(await offered('label', 'label', 'comp')).toEqual(['complaint']);
    expect(await offered('close', 'conversation', 'cup')).toEqual(['1']);
  });

  it('publishes its commands once, in both languages, and again only when they changed', async () => {
    world = await openDiscordDesk();
    const puts = (): number => world.server.requests('PUT /applications/:id/guilds/:id/commands').length;
    expect(puts()).toBe(1);
    expect(world.server.world.commands.map(({ name }) => name)).toEqual([...world.desk.door.verbs().map(({ name }) => name), 'Send to customer']);
    const reply = world.server.world.commands.find(({ name }) => name === 'reply');
    expect(reply?.['description_localizations']).toHaveProperty('pl');
    const sessions = world.server.gateway.identifies.length;
    world.server.gateway.invalidate(false);
    await eventually(() => world.server.gateway.identifies.length > sessions);
    await eventually(() => world.server.requests('GET /applications/:id/guilds/:id/commands').length > 1);
    expect(puts()).toBe(1);
  });
});
