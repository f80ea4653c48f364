/** A day in Slack: everything that people do there, by the real SDK, against a desk at work. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { eventually } from '../../support/eventually.js';
import type { AgentId } from '../../../src/core/ids.js';
import { aDesk, anAgent } from '../../support/samples.js';
import type { Message, Person, View } from '../../fakes/slack-server/index.js';
import { openSlackDesk, shownIn, type SlackDesk } from './slack-desk.js';

const UNDO_MS = 15_000;
const first = { 'Message-ID': '<first@customer.example>' };
const again = { 'In-Reply-To': '<first@customer.example>' };

describe('a day in Slack', () => {
  let chat: SlackDesk;
  let marek: Person;
  beforeEach(async () => {
    chat = await openSlackDesk();
    marek = chat.person('marek');
  });
  afterEach(async () => {
    await chat.close();
    expect(chat.slack.violations).toEqual([]);
    expect(chat.slack.pings()).toEqual([]);
  });

  const notes = async () => chat.desk.store.notes.of((await chat.desk.conversation(1)).id);
  const say = (person: Person, text: string) => person.say('orders', text, { thread_ts: chat.card().ts });
  const marked = (message: Message) => eventually(() => expect(message.reactions).toMatchObject([{ name: 'memo' }]));
  const sendsIn = async (ms: number): Promise<readonly string[]> => {
    chat.desk.pass(ms);
    await chat.settle();
    return chat.desk.sink.mails.map(({ raw }) => raw.toString());
  };

  it('a mail is a card in its channel, and the mail in full in its thread', async () => {
    await chat.mail('It came broken.\n\nWhat now?', first);
    const card = chat.card();
    expect(card).toMatchObject({ channel: chat.orders.id, text: '#1 Eve Novak: Broken cup' });
    expect(card.blocks.map((block) => block['type'])).toEqual(['section', 'context', 'context', 'section', 'actions']);
    expect(card.blocks[0]).toMatchObject({ text: { text: '*<https://desk.example/c/1|#1 Broken cup>*', verbatim: true } });
    expect(shownIn(card.blocks[4])).toBe('Claim\nAnswer\nTemplate\nMore');
    expect(card.metadata).toMatchObject({ event_type: 'goniec_delivery' });
    expect(chat.thread().map((message) => shownIn(message.blocks))).toEqual([expect.stringContaining('What now?')]);
  });

  it('claiming by button changes the card; the second is told who was first', async () => {
    await chat.mail();
    const old: Message = { ...chat.card(), blocks: structuredClone(chat.card().blocks) };
    expect((await chat.told(marek, () => marek.press(old, 'Claim'))).text).toContain('Claimed #1');
    await chat.settle();
    expect(shownIn(chat.card().blocks)).toContain('Release');
    const ada = chat.person('ada');
    expect((await chat.told(ada, () => ada.press(old, 'Claim'))).text).toContain('Marek Kos');
  });

  it('words in the thread are a note, marked as stored; editing and deleting them follows', async () => {
    await chat.mail();
    const { message } = await say(marek, 'She calls *every* day, see https://shop.example/a_b?c=1&d=2');
    await marked(message);
    expect(await notes()).toMatchObject([{ authorId: 'marek', text: 'She calls **every** day, see https://shop.example/a_b?c=1&d=2', via: 'slack' }]);
    await marek.edit(message, 'She calls every week');
    await eventually(async () => expect(await notes()).toMatchObject([{ text: 'She calls every week' }]));
    await marek.delete(message);
    await eventually(async () => expect((await notes())[0]?.deletedAt).toBeDefined());
    expect(marek.ephemerals).toEqual([]);
    expect(await sendsIn(UNDO_MS)).toEqual([]);
  });

  it('files of a note are kept; what a bot or the app says is nothing', async () => {
    await chat.mail();
    const { message } = await marek.say('orders', 'The invoice', { thread_ts: chat.card().ts, files: [{ name: 'invoice.pdf', bytes: Buffer.from('%PDF-1.4 invoice') }] });
    await marked(message);
    expect(await notes()).toMatchObject([{ text: 'The invoice', files: [{ fileName: 'invoice.pdf', bytes: 16 }] }]);
    const machine = chat.slack.addUser({ name: 'deploybot', isBot: true });
    chat.orders.members.add(machine.id);
    await machine.say('orders', 'deployed', { thread_ts: chat.card().ts });
    await marek.say('orders', 'lunch?');
    await chat.settle();
    expect(await notes()).toHaveLength(1);
  });

  it('an answer by form: recipients, text, undo, then its state', async () => {
    await chat.mail('It came broken.', first);
    const { view } = await chat.told(marek, () => marek.press(chat.card(), 'Answer'));
    expect(view?.content).toMatchObject({ callback_id: 'form', notify_on_close: true });
    expect(shownIn(view!.content)).toContain('eve@customer.example');
    const { ephemeral, text } = await chat.told(marek, async () => expect(await marek.submit(view!, { text: 'A *new* one leaves today.' })).toMatchObject({ errors: undefined, view: undefined }));
    expect(text).toMatch(/goes out in \d+ seconds/);
    await chat.settle();
    expect(shownIn(chat.thread().at(-1)!.blocks)).toContain('Queued');
    const { view: again } = await chat.told(marek, () => marek.press(ephemeral!, 'Edit'));
    expect(shownIn(again!.content)).toContain('A *new* one leaves today.');
    await chat.told(marek, () => marek.submit(again!, { text: 'A *new* one leaves on Friday.' }));
    await eventually(async () => {
      await chat.settle();
      expect(shownIn(chat.thread().at(-1)!.blocks)).toContain('on Friday');
    });
    await marek.press(ephemeral!, 'Undo');
    await eventually(() => expect(shownIn(marek.ephemerals.find(({ ts }) => ts === ephemeral!.ts)?.blocks)).toContain('Taken back'));
    expect(await sendsIn(UNDO_MS)).toEqual([]);
  });

  it('the answer form shows who is in copy and takes files from the thread', async () => {
    const part = (name: string): string => ['--x', `Content-Type: text/plain; name=${name}`, `Content-Disposition: attachment; filename=${name}`, '', `inside ${name}`].join('\r\n');
    await chat.desk.receive(['From: Eve Novak <eve@customer.example>', 'To: shop@desk.example', 'Cc: Boss <boss@customer.example>', 'Subject: Broken cup', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=x', '', '--x', 'Content-Type: text/plain', '', 'See.', part('order.txt'), '--x--', ''].join('\r\n'));
    const { message } = await marek.say('orders', 'The label', { thread_ts: chat.card().ts, files: [{ name: 'label.txt', bytes: Buffer.from('Return to: shop') }] });
    await marked(message);
    const form = async (): Promise<View> => (await chat.told(marek, () => marek.press(chat.card(), 'Answer'))).view!;
    const view = await form();
    expect(shownIn(view.content)).toMatch(/boss@customer.example[^]*label.txt[^]*order.txt/);
    await chat.told(marek, () => marek.submit(view, { text: 'With the label', attach: ['label.txt (15 B)'] }));
    await chat.told(marek, async () => marek.submit(await form(), { text: 'Without the boss', cc: '' }));
    const [first, second] = await sendsIn(UNDO_MS);
    expect(first).toMatch(/^Cc: .*boss@customer.example/m);
    expect(first).toContain('label.txt');
    expect(first).not.toContain('order.txt');
    expect(second).toContain('Without the boss');
    expect(second).not.toContain('boss@customer.example');
  });

  it('an answer can be undone on its own post, too', async () => {
    await chat.mail();
    await chat.told(marek, () => say(marek, '!reply Wrong window'));
    await chat.settle();
    const post = chat.thread().find((message) => shownIn(message.blocks).includes('Wrong window') && message.botId)!;
    await chat.told(marek, () => marek.press(post, 'Undo'));
    await chat.settle();
    expect(shownIn(chat.slack.channel(post.channel).find(post.ts)!.blocks)).toContain('Taken back');
    expect(await sendsIn(UNDO_MS)).toEqual([]);
  });

  it('an answer by !reply, by mention and by command reaches the customer', async () => {
    await chat.mail('It came broken.', first);
    expect((await chat.told(marek, () => say(marek, '!reply By *word*'))).text).toContain('goes out');
    expect((await chat.told(marek, () => marek.mention('orders', 'reply By mention', { thread_ts: chat.card().ts }))).text).toContain('goes out');
    expect((await chat.told(marek, () => marek.command('/mail', 'reply 1 By command', 'orders'))).text).toContain('goes out');
    const sent = await sendsIn(UNDO_MS);
    expect(sent).toHaveLength(3);
    for (const [index, text] of ['By **word**', 'By mention', 'By command'].entries()) expect(sent[index]).toContain(text);
    await chat.settle();
    expect(chat.thread().filter((message) => shownIn(message.blocks).includes('Sent')).length).toBe(3);
    expect(await notes()).toHaveLength(0);
  });

  it('an answer with a file that was attached to !reply', async () => {
    await chat.mail('It came broken.', first);
    await chat.told(marek, () => marek.say('orders', '!reply Here is the label', { thread_ts: chat.card().ts, files: [{ name: 'label.txt', bytes: Buffer.from('Return to: shop') }] }));
    const [sent] = await sendsIn(UNDO_MS);
    expect(sent).toContain('label.txt');
  });

  it('editing and deleting one’s "!reply" changes and takes back the answer while it waits', async () => {
    await chat.mail('It came broken.', first);
    let message: Message | undefined;
    await chat.told(marek, async () => ({ message } = await say(marek, '!reply frist')));
    expect((await chat.told(marek, () => marek.edit(message!, '!reply first'))).text).toContain('new words');
    let second: Message | undefined;
    await chat.told(marek, async () => ({ message: second } = await say(marek, '!reply never')));
    expect((await chat.told(marek, () => marek.delete(second!))).text).toContain('Taken back');
    const sent = await sendsIn(UNDO_MS);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatch(/^first/m);
  });

  it('a message of the thread is sent to the customer by its shortcut, file included', async () => {
    await chat.mail();
    const { message } = await marek.say('orders', 'We send *a new one*', { thread_ts: chat.card().ts, files: [{ name: 'label.txt', bytes: Buffer.from('Return to: shop') }] });
    await marked(message);
    const { view } = await chat.told(marek, () => marek.shortcut('send_to_customer', message));
    expect(shownIn(view!.content)).toContain('We send **a new one**');
    await chat.told(marek, () => marek.submit(view!));
    const [sent] = await sendsIn(UNDO_MS);
    expect(sent).toContain('We send **a new one**');
    expect(sent).toContain('label.txt');
  });

  it('an answer that was begun before the customer wrote again is held in its window, and goes on purpose only', async () => {
    await chat.mail('It came broken.', first);
    const { view } = await chat.told(marek, () => marek.press(chat.card(), 'Answer'));
    await chat.mail('I want my money back', again, 'Re: Broken cup');
    const held = await marek.submit(view!, { text: 'A new one leaves today.' });
    expect(shownIn(held.view!.content)).toMatch(/Send anyway[^]*1 new message[^]*I want my money back[^]*A new one leaves today/);
    expect(await sendsIn(UNDO_MS)).toEqual([]);
    await chat.told(marek, () => marek.submit(held.view!));
    expect(await sendsIn(UNDO_MS)).toHaveLength(1);
  });

  it('an empty answer is refused under its field; a closed form ends "is answering"', async () => {
    await chat.mail();
    const { view } = await chat.told(marek, () => marek.press(chat.card(), 'Answer'));
    expect((await marek.submit(view!)).errors).toMatchObject({ text: expect.stringContaining('There is no text') as string });
    await chat.settle();
    expect(shownIn(chat.card().blocks)).toContain('is answering');
    await marek.close(view!);
    await eventually(async () => {
      await chat.settle();
      expect(shownIn(chat.card().blocks)).not.toContain('is answering');
    });
  });

  it('More holds every other verb, with its form where it has one', async () => {
    await chat.mail();
    const { ephemeral, text } = await chat.told(marek, () => marek.press(chat.card(), 'More'));
    for (const verb of ['Assign', 'Label', 'Close']) expect(text).toContain(verb);
    const { view } = await chat.told(marek, () => marek.press(ephemeral!, 'Assign'));
    await chat.told(marek, () => marek.submit(view!, { to: 'anna' }));
    expect((await chat.desk.conversation(1)).assigneeId).toBe('anna');
    await chat.settle();
    const more = await chat.told(marek, () => marek.press(chat.card(), 'More'));
    await chat.told(marek, () => marek.press(more.ephemeral!, 'Close'));
    await chat.settle();
    expect((await chat.desk.conversation(1)).status).toBe('closed');
    expect(shownIn(chat.card().blocks)).toContain('Reopen');
  });

  it('Template opens the form with the templates; the one that is chosen stands there filled in, beside what was typed', async () => {
    await chat.mail();
    const { view } = await chat.told(marek, () => marek.press(chat.card(), 'Template'));
    marek.fill(view!, { block_id: 'text' }, 'It leaves today.');
    const filled = await chat.told(marek, () => marek.press(view!, { action_id: 'fill' }, 'hello'));
    expect(filled.text).toContain('Hello Eve, we are on it.\n\nIt leaves today.');
    await chat.told(marek, () => marek.submit(filled.view!));
    expect((await sendsIn(UNDO_MS))[0]).toContain('Hello Eve, we are on it.');
  });

  it('a template sent from the form without having been seen comes back to be read', async () => {
    await chat.mail();
    const { view } = await chat.told(marek, () => marek.press(chat.card(), 'Template'));
    marek.fill(view!, { action_id: 'fill' }, 'hello');
    const filled = await chat.told(marek, () => marek.submit(view!));
    expect(filled.text).toContain('Hello Eve, we are on it.');
    expect(await sendsIn(UNDO_MS)).toHaveLength(0);
    await chat.told(marek, () => marek.submit(filled.view!));
    expect((await sendsIn(UNDO_MS))[0]).toContain('Hello Eve, we are on it.');
  });

  it('a template is edited in a form that shows what it says', async () => {
    await chat.mail();
    const { view } = await chat.told(marek, () => marek.command('/mail', 'template-edit hello', 'orders'));
    expect(shownIn(view!.content)).toContain('Hello {{customer.firstName|there}}, we are on it.');
    await chat.told(marek, () => marek.submit(view!, { text: 'Hi {{customer.firstName|there}}' }));
    expect((await chat.desk.store.desk.load()).templates[0]?.texts).toEqual([{ language: 'en', body: 'Hi {{customer.firstName|there}}' }]);
  });

  it('commands: help, a form without a text, a typo, a number that is not there', async () => {
    await chat.mail();
    expect((await chat.told(marek, () => marek.command('/mail', '', 'orders'))).text).toContain('/mail reply');
    const { view } = await chat.told(marek, () => marek.command('/mail', 'reply 1', 'orders'));
    expect(shownIn(view!.content)).toContain('eve@customer.example');
    await marek.close(view!);
    expect((await chat.told(marek, () => marek.command('/mail', 'clsoe 1', 'orders'))).text).toMatch(/no command \/mail clsoe. \/mail help[^]*\/mail close/);
    // There are no slash commands inside threads.
    expect((await chat.told(marek, () => say(marek, '!help'))).text).toMatch(/!reply[^]*!close/);
    expect((await chat.told(marek, () => say(marek, '!clsoe'))).text).toMatch(/no command !clsoe. !help[^]*!close/);
    expect((await chat.told(marek, () => say(marek, '!assign'))).text).toContain('!assign ');
    expect((await chat.told(marek, () => marek.command('/mail', 'close 99', 'orders'))).text).toContain('no conversation #99');
    const found = await chat.told(marek, () => marek.command('/mail', 'find broken', 'orders'));
    expect(found.text).toContain('#1 Broken cup');
    expect((await chat.told(marek, () => marek.press(found.ephemeral!, 'Show'))).text).toContain('Conversation #1');
    expect((await chat.told(marek, () => marek.mention('orders', 'find broken'))).text).toContain('#1 Broken cup');
  });

  it('reactions on the card and in the thread claim and close', async () => {
    await chat.mail();
    await chat.told(marek, () => marek.react(chat.card(), 'eyes'));
    expect((await chat.desk.conversation(1)).assigneeId).toBe('marek');
    await chat.told(marek, () => marek.react(chat.thread()[0]!, 'white_check_mark'));
    expect((await chat.desk.conversation(1)).status).toBe('closed');
    await marek.react(chat.card(), 'tada');
    await chat.settle();
  });

  it('somebody whom Slack itself pings is not told once more', async () => {
    await chat.mail();
    await marked((await say(marek, 'Do you know this one, @anna?')).message);
    await chat.settle();
    expect((await notes())[0]?.text).toBe('Do you know this one, @Anna Zielińska?');
    expect((await chat.desk.store.notices.of('anna' as AgentId, 10)).map(({ kind }) => kind)).toEqual(['mentioned']);
    expect(chat.person('anna').direct.messages()).toEqual([]);
  });

  it('somebody whom Slack would ping, were they in the channel, is told', async () => {
    await chat.mail();
    chat.orders.members.delete(chat.person('anna').id);
    await marked((await say(marek, 'Do you know this one, @anna?')).message);
    await chat.settle();
    await eventually(() => expect(chat.person('anna').direct.messages().map(({ text }) => text)).toEqual([expect.stringContaining('#1')]));
  });

  it('the Home tab shows what is whose, and finds', async () => {
    await chat.mail();
    await marek.openHome();
    await eventually(() => expect(shownIn(marek.home?.content)).toMatch(/Marek Kos[^]*Unassigned[^]*#1 Broken cup/));
    const { view } = await chat.told(marek, () => marek.press(marek.home!, 'search', 'broken'));
    expect(shownIn(view!.content)).toContain('#1 Broken cup');
    const stranger = chat.slack.addUser({ name: 'stranger' });
    await stranger.openHome();
    await eventually(() => expect(shownIn(stranger.home?.content)).toContain('We do not know who you are'));
  });

  it('the Home tab begins with what is overdue', async () => {
    const desk = await chat.desk.store.desk.load();
    await chat.desk.store.desk.save({ ...desk, mailboxes: desk.mailboxes.map((mailbox) => ({ ...mailbox, answerWithin: { normal: 60 } })) });
    await chat.mail();
    await marek.openHome();
    await eventually(() => expect(shownIn(marek.home?.content)).toContain('#1 Broken cup'));
    expect(shownIn(marek.home?.content)).not.toContain('Overdue');
    chat.desk.pass(2 * 3_600_000);
    await marek.openHome();
    await eventually(() => expect(shownIn(marek.home?.content)).toMatch(/Overdue\* · 1\n[^]*#1 Broken cup[^]*Eve Novak · 1 h \d\d over[^]*Yours/));
  });

  it('folded lines are shown in a window', async () => {
    await chat.mail('It came broken.\n\nOn Friday, Shop wrote:\n> Thank you for the order\n> Your shop\n', first);
    const post = chat.thread()[0]!;
    const hidden = shownIn(post.blocks).split('\n').find((text) => /lines? hidden/.test(text));
    expect(hidden).toBeDefined();
    const { view } = await chat.told(marek, () => marek.press(post, hidden!));
    expect(shownIn(view!.content)).toContain('Thank you for the order');
  });

  it('attachments of a mail are in its thread, and a mail that is too long is a file', async () => {
    const mail = ['From: Eve Novak <eve@customer.example>', 'To: shop@desk.example', 'Subject: Broken cup', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=x', '', '--x', 'Content-Type: text/plain', '', Array.from({ length: 900 }, (_, index) => `Line ${index} of a long story.`).join('\n\n'), '--x', 'Content-Type: image/png; name=cup.png', 'Content-Disposition: attachment; filename=cup.png', 'Content-Transfer-Encoding: base64', '', Buffer.from('not really a picture').toString('base64'), '--x--', ''].join('\r\n');
    await chat.desk.receive(mail);
    const files = chat.thread().flatMap((message) => message.files);
    expect(files.map(({ name }) => name)).toEqual(['cup.png', 'mail.txt']);
    expect(files[1]?.bytes?.toString()).toContain('Line 899 of a long story.');
    expect(shownIn(chat.thread()[0]!.blocks)).toContain('The whole text is in the file');
  });

  it('a picture within the text is in the thread, a logo is not', async () => {
    const part = (name: string, bytes: number): string => ['--x', `Content-Type: image/png; name=${name}`, `Content-Disposition: inline; filename=${name}`, `Content-ID: <${name}@x>`, 'Content-Transfer-Encoding: base64', '', Buffer.alloc(bytes, name).toString('base64').replaceAll(/.{76}/g, '$&\r\n')].join('\r\n');
    await chat.desk.receive(['From: Eve Novak <eve@customer.example>', 'To: shop@desk.example', 'Subject: Broken cup', 'MIME-Version: 1.0', 'Content-Type: multipart/related; boundary=x', '', '--x', 'Content-Type: text/html', '', '<p>See <img src="cid:crack.png@x"></p><p>Regards <img src="cid:logo.png@x"></p>', part('crack.png', 20_000), part('logo.png', 900), '--x--', ''].join('\r\n'));
    expect(chat.thread().flatMap(({ files }) => files).map(({ name }) => name)).toEqual(['crack.png']);
  });

  it("hostile words of a customer's ping nobody, forge nothing and hide nothing", async () => {
    const words = '<!channel> <@U0000000002> <!subteam^S1> <#C1|orders> @here @channel &lt;!here&gt; [Claim](https://evil.example) [bank.example](https://evil.example/x) [x](javascript:alert(1)) \u202efdp.exe\u0007 ```';
    await chat.mail(words, {}, '<!everyone> *bold* | <https://evil.example|Claim>', '"<!here> @channel" <eve@customer.example>');
    const blocks = JSON.stringify([chat.card().blocks, chat.thread().map((message) => message.blocks)]);
    expect(blocks).not.toMatch(/<[!@#]/);
    expect(blocks).not.toContain('javascript:alert(1)|');
    expect(blocks).not.toMatch(/[\u202e\u0007]/);
    expect(shownIn(chat.thread()[0]!.blocks)).toContain('bank.example (https://evil.example/x)');
    expect(JSON.stringify(chat.thread()[0]!.blocks)).not.toContain('"type":"button"');
  });

  it('strangers and guests are refused in private, and change nothing', async () => {
    await chat.mail();
    const stranger = chat.slack.addUser({ name: 'stranger' });
    const guest = chat.slack.addUser({ name: 'guest', email: 'ada@desk.example', isRestricted: true });
    const connected = chat.slack.addUser({ name: 'partner', email: 'ada@desk.example', teamId: 'T0OTHERTEAM' });
    for (const person of [stranger, guest, connected]) {
      chat.orders.members.add(person.id);
      expect((await chat.told(person, () => person.press(chat.card(), 'Claim'))).text).toMatch(/We do not know who you are|cannot work here/);
      expect((await chat.told(person, () => person.say('orders', 'my note', { thread_ts: chat.card().ts }))).text).toMatch(/We do not know who you are|cannot work here/);
      expect((await chat.told(person, () => person.command('/mail', 'close 1', 'orders'))).text).toMatch(/We do not know who you are|cannot work here/);
    }
    expect(await notes()).toHaveLength(0);
    expect(await chat.desk.conversation(1)).toMatchObject({ assigneeId: undefined, status: 'open' });
  });

  it('an event that is delivered again is handled once, and everything is acknowledged in time', async () => {
    await chat.mail();
    const { message } = await say(marek, 'Only once');
    await marked(message);
    const event = chat.slack.events.findLast(({ type }) => type === 'message')!;
    const ours = chat.slack.events.filter(({ payload }) => JSON.stringify(payload).includes('Only once'));
    for (const { eventId } of [event, ...ours]) await chat.slack.redeliver(eventId);
    await chat.restart();
    for (const { eventId } of ours) await chat.slack.redeliver(eventId);
    await chat.settle();
    expect(await notes()).toHaveLength(1);
    expect(chat.slack.acks.every(({ acked, ms }) => acked && ms < 3_000)).toBe(true);
  });
});

describe('who may work in Slack', () => {
  it('guests may, where that is allowed; others only if they are in the group', async () => {
    let staff = '';
    const strict = await openSlackDesk({
      settings: { allowGuests: true, get staff() { return staff; } },
      prepare: (slack) => void (staff = slack.addGroup('support', [slack.user('marek')]).id),
    });
    await strict.mail();
    const ada = strict.person('ada');
    const marek = strict.person('marek');
    expect((await strict.told(ada, () => ada.press(strict.card(), 'Claim'))).text).toContain('Only some people');
    await strict.slack.changeUser(marek, { isRestricted: true });
    expect((await strict.told(marek, () => marek.press(strict.card(), 'Claim'))).text).toContain('Claimed');
    await strict.close();
    expect(strict.slack.violations).toEqual([]);
  });

  it('only members of a private channel may, where one is named', async () => {
    let staff = '';
    const strict = await openSlackDesk({
      userGroups: false,
      settings: { get staff() { return staff; } },
      prepare: (slack) => void (staff = slack.addChannel('staff', { private: true, members: [slack.user('marek')] }).id),
    });
    await strict.mail();
    const ada = strict.person('ada');
    const marek = strict.person('marek');
    expect((await strict.told(ada, () => ada.say('orders', 'my note', { thread_ts: strict.card().ts }))).text).toContain('Only some people');
    expect((await strict.told(marek, () => marek.press(strict.card(), 'Claim'))).text).toContain('Claimed');
    await strict.close();
    expect(strict.slack.violations).toEqual([]);
  });
});

describe('a desk that is slow or large', () => {
  let chat: SlackDesk;
  afterEach(async () => {
    await chat.close();
    expect(chat.slack.violations).toEqual([]);
  });

  /** Nothing can be written until the end of it. */
  const busy = (): (() => Promise<void>) => {
    let end: () => void = () => undefined;
    const held = chat.desk.store.transaction(() => new Promise<void>((resolve) => (end = resolve)));
    return async () => {
      end();
      await held;
    };
  };

  it('a window says at once that it takes a moment, and then holds the form, and what came of it', async () => {
    chat = await openSlackDesk();
    await chat.mail();
    const marek = chat.person('marek');
    const isWaiting = () => eventually(() => expect(shownIn(marek.view?.content)).toContain('One moment'));
    const formIsReady = busy();
    await marek.press(chat.card(), 'Answer');
    await isWaiting();
    await formIsReady();
    const form = await eventually(() => {
      expect(marek.view?.content['callback_id']).toBe('form');
      return marek.view!;
    });
    const answerIsReady = busy();
    expect((await marek.submit(form, { text: 'A new one leaves today.' })).acked).toBe(true);
    await isWaiting();
    await answerIsReady();
    await eventually(() => expect(shownIn(marek.view?.content)).toMatch(/goes out in \d+ seconds[^]*Undo/));
    expect(chat.slack.acks.every(({ acked, ms }) => acked && ms < 3_000)).toBe(true);
  });

  it('what is refused late comes back with what had been written', async () => {
    chat = await openSlackDesk();
    await chat.mail();
    const marek = chat.person('marek');
    const { view } = await chat.told(marek, () => marek.press(chat.card(), 'Answer'));
    const refusalIsReady = busy();
    await marek.submit(view!, { text: 'Dear {{customer.nonsense}}, we are on it.' });
    await refusalIsReady();
    await eventually(() => expect(shownIn(marek.view?.content)).toContain('Dear {{customer.nonsense}}, we are on it.'));
    expect(shownIn(marek.view?.content)).not.toContain('One moment');
  });

  it('a menu of more than a hundred is asked for while people type', async () => {
    const many = Array.from({ length: 130 }, (_, index) => anAgent({ id: `agent-${index}` as AgentId, name: `Colleague ${index}`, email: `agent-${index}@desk.example` }));
    chat = await openSlackDesk({ desk: { agents: [...aDesk().agents, ...many] } });
    await chat.mail();
    const marek = chat.person('marek');
    const { view } = await chat.told(marek, () => marek.command('/mail', 'assign 1', 'orders'));
    const { options } = await marek.suggest(view!, 'choose:assignee', 'colleague 117');
    expect(options.map(({ value }) => value)).toEqual(['agent-117']);
    await chat.told(marek, () => marek.submit(view!, { to: 'agent-117' }));
    expect((await chat.desk.conversation(1)).assigneeId).toBe('agent-117');
  });

  it('who is not in the channel is told in a direct message', async () => {
    chat = await openSlackDesk();
    await chat.mail();
    const marek = chat.person('marek');
    await marek.leave('orders');
    await marek.press(chat.card(), 'Claim');
    await eventually(() => expect(marek.direct.messages().map(({ blocks }) => shownIn(blocks)).join()).toContain('Claimed #1'));
  });
});
