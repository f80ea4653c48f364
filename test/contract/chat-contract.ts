/**
 * What a team can rely on, whatever chat it lives in: one suite, run on every bridge. It speaks of what people see and do, never of how a platform does it; each bridge brings a
 * `ChatUnderTest` that looks and acts through that platform's own doors.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { COMMANDS } from '../../src/commands/index.js';
import type { TeamId } from '../../src/core/ids.js';
import type { Desk } from '../../src/core/model.js';
import { aMailbox } from '../support/samples.js';
import { mailFrom, type DeskUnderTest } from '../support/desk-under-test.js';

/** A card as somebody saw it. Pressing one of its buttons later is pressing an old card. */
export interface SeenCard {
  /** All its words. */
  readonly text: string;
  /** Presses the button of a verb on this very card. */
  press(verb: string, args?: Readonly<Record<string, string>>): Promise<SeenAnswer>;
  /** Opens the form of a verb from this very card. */
  open(verb: string): Promise<SeenForm>;
}

export interface SeenForm {
  /** Everything above the fields and in them. */
  readonly text: string;
  /** Chooses a template: the form as it is then, filled in. Nothing is sent. */
  choose(template: string): Promise<SeenForm>;
  submit(values: Readonly<Record<string, string>>): Promise<SeenAnswer>;
}

/** What one person was told. */
export interface SeenAnswer {
  readonly text: string;
  /** Nobody else sees it. */
  readonly isPrivate: boolean;
  /** Sends a held form all the same; undefined where nothing is held. */
  readonly anyway: (() => Promise<SeenAnswer>) | undefined;
  /** What was written is still there, to be sent or changed. */
  readonly kept: string | undefined;
}

/** A button, or a form that is open: done with these values. */
export type Held = (values: Readonly<Record<string, string>>) => Promise<SeenAnswer>;

/** Somebody on the platform whom the desk does not know; on the web desk, a browser that is not logged in. */
export const STRANGER = 'stranger';

export interface ChatUnderTest {
  readonly desk: DeskUnderTest;
  /** Works off what is due, and waits until the platform shows it. */
  settle(): Promise<void>;
  /** The card as this person sees it now; undefined: they see none. */
  card(agent: string, number: number): Promise<SeenCard | undefined>;
  /** Mails, notes and what else stands in the thread, oldest first. */
  thread(agent: string, number: number): Promise<readonly string[]>;
  /** What this person was told in person, apart from everybody else: direct messages, oldest first; on the web desk the notices meant for them. */
  told(agent: string): Promise<readonly string[]>;
  /** Writes plain words or a `!verb` into the thread. */
  write(agent: string, number: number, words: string): Promise<SeenAnswer>;
  /** Says a verb as the platform has it for what needs no conversation: its slash command; on the web desk the box, beside a conversation that happens to be open. `STRANGER` may try as well. */
  command(agent: string, words: string, beside: number): Promise<SeenAnswer>;
  /** Takes hold of the button or form of a verb as it is now; using it later is using an old one. @throws where the conversation has none */
  hold(agent: string, number: number, verb: string): Promise<Held>;
  close(): Promise<void>;
}

/** @param open a desk at work with this desk's channels on the platform, and all its agents there */
export function chatContract(name: string, open: (over?: Partial<Desk>) => Promise<ChatUnderTest>): void {
  describe(`chat contract: ${name}`, () => {
    let chat: ChatUnderTest;
    beforeEach(async () => {
      chat = await open();
    });
    afterEach(() => chat.close());

    const EVE = 'Eve Novak <eve@customer.example>';
    const UNDO_MS = 15_000;
    const comes = async (text = 'It came broken.', headers: Readonly<Record<string, string>> = {}, subject = 'Broken cup', from = EVE): Promise<void> => {
      await chat.desk.receive(mailFrom(from, subject, text, headers));
      await chat.settle();
    };
    const card = async (agent = 'marek', number = 1): Promise<SeenCard> => {
      const seen = await chat.card(agent, number);
      if (!seen) throw new Error(`${agent} sees no card #${number}`);
      return seen;
    };
    const sent = (): readonly string[] => chat.desk.sink.mails.map(({ raw }) => raw.toString());
    const pass = async (ms: number): Promise<void> => {
      chat.desk.pass(ms);
      await chat.settle();
    };
    const first = { 'Message-ID': '<first@customer.example>' };
    const again = { 'In-Reply-To': '<first@customer.example>' };

    it('a new mail is a card with number, subject, customer, first words and nobody as owner; the mail stands in the thread', async () => {
      await comes('It came broken.\n\nWhat now?');
      const { text } = await card();
      for (const word of ['#1', 'Broken cup', 'Eve Novak', 'It came broken.', 'Unassigned']) expect(text).toContain(word);
      expect((await chat.thread('marek', 1)).join('\n')).toContain('What now?');
    });

    it('newsletters make no card', async () => {
      await chat.close();
      chat = await open({ rules: [{ id: 'news' as never, name: 'News', position: 1, when: { automatic: 'list' }, then: [{ folder: 'news' as never }, { stop: true }] }] });
      await comes('Read this', { 'List-Id': '<news.paper.example>', 'List-Unsubscribe': '<https://paper.example/out>', Precedence: 'bulk' });
      expect(await chat.card('marek', 1)).toBeUndefined();
    });

    it("hostile words of a customer's are shown as they are: nothing is pinged, forged or hidden", async () => {
      await comes('<!channel> <@U1> @everyone <b onclick="x()">hi</b> [pay](javascript:alert(1))', {}, '<script>alert(1)</script> *x*');
      const { text } = await card();
      expect(text).toContain('alert(1)');
      expect(text).toContain('everyone');
    });

    it('mails of one conversation stand in the thread in their order', async () => {
      await comes('first of all', first);
      for (const text of ['then this', 'and this', 'at last that']) await comes(text, again, 'Re: Broken cup');
      const thread = (await chat.thread('marek', 1)).join('\n');
      const places = ['first of all', 'then this', 'and this', 'at last that'].map((text) => thread.indexOf(text));
      expect(places.every((place) => place >= 0)).toBe(true);
      expect(places).toEqual([...places].sort((left, right) => left - right));
    });

    it('C26 the first to claim has it; the second is told who was first', async () => {
      await comes();
      const [seenByMarek, seenByAda] = [await card('marek'), await card('ada')];
      expect((await seenByMarek.press('claim')).text).toContain('#1');
      expect((await seenByAda.press('claim')).text).toContain('Marek Kos');
      await chat.settle();
      expect((await card('ada')).text).toContain('Marek');
      expect((await chat.desk.conversation(1)).assigneeId).toBe('marek');
    });

    it('C24 plain words in the thread are a note: seen by the team, never mailed', async () => {
      await comes();
      await chat.write('marek', 1, 'She complains every month');
      await pass(UNDO_MS * 2);
      expect((await chat.thread('ada', 1)).join('\n')).toContain('She complains every month');
      expect(sent()).toHaveLength(0);
      expect(await chat.desk.store.notes.of((await chat.desk.conversation(1)).id)).toMatchObject([{ authorId: 'marek', text: 'She complains every month' }]);
    });

    it('a verb can be said as a word in the thread', async () => {
      await comes('It came broken.', first);
      await chat.write('marek', 1, '!close');
      expect((await chat.desk.conversation(1)).status).toBe('closed');
      await comes('It broke again, what do we do?', again, 'Re: Broken cup');
      expect((await card()).text).toContain('It broke again');
      expect((await chat.desk.conversation(1)).status).toBe('open');
    });

    it('an unknown verb changes nothing and suggests what was meant', async () => {
      await comes();
      const { text } = await chat.write('marek', 1, '!clsoe');
      expect(text).toMatch(/[/!]close/);
      expect((await chat.desk.conversation(1)).status).toBe('open');
      expect(await chat.desk.store.notes.of((await chat.desk.conversation(1)).id)).toHaveLength(0);
    });

    it('help names every verb that the person may use', async () => {
      await comes();
      const { text } = await chat.write('marek', 1, '!help');
      for (const { name: verb } of COMMANDS) expect(text).toMatch(new RegExp(`[/!]${verb}\\b`));
    });

    it('an answer shows whom it goes to, waits for the undo window, is mailed once, and its state is seen', async () => {
      await comes('It came broken.', first);
      const form = await (await card()).open('reply');
      expect(form.text).toContain('eve@customer.example');
      await form.submit({ text: 'A **new one** leaves today.' });
      expect(sent()).toHaveLength(0);
      await pass(UNDO_MS);
      expect(sent()).toHaveLength(1);
      expect(sent()[0]).toContain('A **new one** leaves today.');
      expect(chat.desk.sink.mails[0]?.header('In-Reply-To')).toBe('<first@customer.example>');
      expect((await chat.thread('ada', 1)).join('\n')).toContain('Sent');
    });

    it('a template chosen in the form stands there filled in, can be changed, and goes only then', async () => {
      await comes();
      const filled = await (await card()).open('reply').then((form) => form.choose('hello'));
      expect(filled.text).toContain('Hello Eve, we are on it.');
      await pass(UNDO_MS);
      expect(sent()).toHaveLength(0);
      await filled.submit({ text: 'Hello Eve, it left today.' });
      await pass(UNDO_MS);
      expect(sent()).toHaveLength(1);
      expect(sent()[0]).toContain('Hello Eve, it left today.');
      expect((await chat.desk.store.templates.usage()).get('hello' as never)?.count).toBe(1);
    });

    it('a template is said to be sent at once, and shown filled in where it is only looked at', async () => {
      await comes();
      expect((await chat.write('marek', 1, '!template hello')).text).toContain('Hello Eve, we are on it.');
      await pass(UNDO_MS);
      expect(sent()).toHaveLength(0);
      await chat.write('marek', 1, '!reply template:hello');
      await pass(UNDO_MS);
      expect(sent()[0]).toContain('Hello Eve, we are on it.');
    });

    it('a template with a variable that has no value is not sent, and says which', async () => {
      await chat.close();
      chat = await open({ templates: [{ id: 'named' as never, name: 'Named', category: '', texts: [{ language: 'en', body: 'Dear {{customer.firstName}}' }], mailboxes: [], teams: [], files: [] }] });
      await comes('It came broken.', {}, 'Broken cup', 'eve@customer.example');
      expect((await chat.write('marek', 1, '!reply template:named')).text).toContain('{{customer.firstName}}');
      await pass(UNDO_MS);
      expect(sent()).toHaveLength(0);
    });

    it('templates are made, listed, changed and retired by those who may', async () => {
      await comes();
      expect((await chat.write('marek', 1, '!template-new "Left today" It left today, {{agent.firstName}}')).text).toContain('left-today');
      expect((await chat.write('vera', 1, '!templates left')).text).toContain('It left today');
      expect((await chat.write('vera', 1, '!template-retire left-today')).text).toMatch(/Ask /);
      await chat.write('marek', 1, '!template-edit left-today It left yesterday');
      expect((await chat.write('marek', 1, '!template left-today')).text).toContain('It left yesterday');
      await chat.write('marek', 1, '!template-retire left-today');
      expect((await chat.write('marek', 1, '!reply template:left-today')).text).toMatch(/no template/);
    });

    it('an answer can be taken back in time', async () => {
      await comes();
      await (await card()).open('reply').then((form) => form.submit({ text: 'Wrong window' }));
      await chat.write('marek', 1, '!undo');
      await pass(UNDO_MS * 2);
      expect(sent()).toHaveLength(0);
    });

    it('an answer begun before the customer wrote again is held, keeps its text, and is sent only on purpose', async () => {
      await comes('It came broken.', first);
      const form = await (await card()).open('reply');
      await comes('I want my money back instead', again, 'Re: Broken cup');
      const held = await form.submit({ text: 'A new one leaves today.' });
      expect(held.text).toContain('I want my money back instead');
      expect(held.kept).toContain('A new one leaves today.');
      await pass(UNDO_MS);
      expect(sent()).toHaveLength(0);
      await held.anyway?.();
      await pass(UNDO_MS);
      expect(sent()).toHaveLength(1);
    });

    it('an answer that waits can be changed by a word; the thread and the customer have the new one', async () => {
      await comes();
      await chat.write('marek', 1, '!reply It leaves tomorow');
      await chat.settle();
      await chat.write('marek', 1, '!edit It leaves tomorrow');
      await pass(UNDO_MS);
      expect((await chat.thread('ada', 1)).join('\n')).toContain('It leaves tomorrow');
      expect(sent().map((mail) => /tomor+ow/.exec(mail)?.[0])).toEqual(['tomorrow']);
    });

    it("a second answer is stopped while a colleague's is leaving, and says so", async () => {
      await comes();
      const form = await (await card('marek')).open('reply');
      await chat.write('ada', 1, '!reply Answered by Ada');
      const stopped = await form.submit({ text: 'Answered by Marek' });
      expect(stopped.text).toContain('Answered by Ada');
      expect(stopped.kept).toContain('Answered by Marek');
      await pass(UNDO_MS);
      expect(sent()).toHaveLength(1);
    });

    it('a draft waits for whoever finishes it; what needs approval goes nowhere without it, and comes back with a reason', async () => {
      const agents = chat.desk.desk.agents.map((agent) => ({ ...agent, approval: agent.id === 'marek' }));
      await chat.close();
      chat = await open({ agents });
      await comes();
      await chat.write('ada', 1, '!draft Half a thought');
      await pass(UNDO_MS);
      expect((await chat.thread('marek', 1)).join('\n')).toContain('Half a thought');
      await chat.write('ada', 1, '!undo');
      expect((await chat.write('marek', 1, '!reply No.')).text).toMatch(/waits for a colleague/);
      await pass(UNDO_MS);
      expect((await card('ada')).text).toMatch(/awaits approval/i);
      expect((await chat.write('marek', 1, '!approve')).text).toMatch(/Somebody else/);
      await chat.write('ada', 1, '!send-back Be kinder');
      await chat.settle();
      expect((await chat.thread('marek', 1)).join('\n')).toContain('Be kinder');
      await chat.write('marek', 1, '!edit We are sorry');
      await chat.write('marek', 1, '!approve');
      await pass(UNDO_MS);
      expect(sent()).toHaveLength(0);
      await chat.write('ada', 1, '!approve');
      await pass(UNDO_MS);
      expect(sent()).toHaveLength(1);
      expect(sent()[0]).toContain('We are sorry');
    });

    it('the history is one story, and an export leads to the web desk', async () => {
      await comes();
      await chat.write('marek', 1, '!follow-up 3d');
      expect((await chat.desk.conversation(1)).followUpAt).toBeDefined();
      const { text } = await chat.write('marek', 1, '!history');
      for (const word of ['New conversation', 'It came broken.', 'follows it up']) expect(text).toContain(word);
      expect((await chat.write('marek', 1, '!export')).text).toContain('/c/1/export.html');
    });

    it('while somebody has the form open, the others see who', async () => {
      await comes();
      await (await card('anna')).open('reply');
      await chat.settle();
      expect((await card('marek')).text).toMatch(/Anna.* is answering/);
    });

    it('an uncertain answer asks a person, who settles it with one press', async () => {
      await comes();
      chat.desk.sink.dropAfterData();
      await (await card()).open('reply').then((form) => form.submit({ text: 'Did it arrive?' }));
      await pass(UNDO_MS);
      const [message] = (await chat.desk.messages(1)).filter(({ direction }) => direction === 'out');
      expect(message?.state).toBe('uncertain');
      const seen = await card();
      expect(seen.text).toMatch(/may have arrived/);
      await seen.press('arrived', { message: message?.id ?? '' });
      await pass(UNDO_MS);
      expect((await chat.desk.message(message!.id)).state).toBe('sent');
      expect(sent()).toHaveLength(1);
    });

    it('a mail that was refused says why, and what to do', async () => {
      await comes();
      chat.desk.sink.failNext({ stage: 'rcpt', code: 550, message: '5.1.1 no such user' });
      await (await card()).open('reply').then((form) => form.submit({ text: 'Hello?' }));
      await pass(UNDO_MS);
      expect((await card()).text).toMatch(/Not sent.*There is no such mailbox/s);
    });

    it('whoever is mentioned in a note, or given work, is told in their own chat, alone and once', async () => {
      await comes();
      // A name of the desk's, not of the platform, which would knock itself.
      await chat.write('marek', 1, 'Do you know this one, @Zielińska?');
      await chat.settle();
      await chat.settle();
      const told = await chat.told('anna');
      expect(told).toHaveLength(1);
      for (const word of ['#1', 'Broken cup', 'Marek Kos', 'Do you know this one']) expect(told[0]).toContain(word);
      for (const other of ['marek', 'ada']) expect(await chat.told(other)).toEqual([]);
      await chat.write('marek', 1, '!hand-over ada She wants her money back');
      await chat.settle();
      expect((await chat.told('ada')).join('\n')).toMatch(/#1.*She wants her money back/s);
      expect(await chat.told('anna')).toHaveLength(1);
    });

    it('a card says when an answer is due, and that it is overdue as soon as it is', async () => {
      await chat.close();
      chat = await open({ mailboxes: [aMailbox({ answerWithin: { normal: 120 } })] });
      await comes();
      // Friday, 13:00 by the clock of the desk.
      expect((await card()).text).toMatch(/Answer due 20 Nov 2026, 15:00/);
      await pass(2 * 3_600_000);
      await chat.desk.timer(`due:${(await chat.desk.conversation(1)).id}`);
      await chat.settle();
      expect((await card('ada')).text).toMatch(/Overdue since 20 Nov 2026, 15:00/);
      expect((await chat.write('ada', 1, '!overdue')).text).toMatch(/1 conversation is overdue.*Broken cup/s);
      await chat.write('marek', 1, '!reply It leaves today.');
      await pass(UNDO_MS);
      expect((await card()).text).not.toMatch(/Overdue|due 20 Nov/);
    });

    it('a pinned note stands on the card until it is unpinned', async () => {
      await comes();
      await chat.write('marek', 1, '!pin Always call her first');
      await chat.settle();
      expect((await card('ada')).text).toMatch(/Pinned.*Always call her first/s);
      await chat.write('marek', 1, '!unpin');
      await chat.settle();
      expect((await card('ada')).text).not.toContain('Always call her first');
    });

    it('a viewer reads and changes nothing', async () => {
      await comes();
      expect((await card('vera')).text).toContain('Broken cup');
      const refused = await chat.write('vera', 1, '!close');
      expect(refused.text).toMatch(/Ask Ada Chief/);
      expect((await chat.desk.conversation(1)).status).toBe('open');
    });

    it('a place that is for others takes nothing from those who may not see it, on whatever way they try', async () => {
      await comes();
      const old = await card();
      const before = await chat.desk.conversation(1);
      const desk = await chat.desk.store.desk.load();
      await chat.desk.store.desk.save({ ...desk, channels: desk.channels.map((channel) => ({ ...channel, visibleTo: { teams: ['care' as TeamId], agents: [] } })) });
      const tries = [await old.press('claim').catch(() => undefined), await chat.write('marek', 1, '!claim').catch(() => undefined), await chat.write('marek', 1, 'a note').catch(() => undefined)];
      for (const told of tries) expect(told?.text ?? '').not.toMatch(/Claimed|Note saved/);
      expect(await chat.desk.conversation(1)).toEqual(before);
      expect(await chat.desk.store.notes.of(before.id)).toEqual([]);
      await chat.write('anna', 1, '!weź');
      expect((await chat.desk.conversation(1)).assigneeId).toBe('anna');
    });

    it('everybody is told in their own language', async () => {
      await comes();
      expect((await chat.write('anna', 1, '!weź')).text).toMatch(/#1/);
      expect((await chat.write('anna', 1, '!clsoe')).text).toMatch(/Nie ma polecenia/);
    });
  });
}
