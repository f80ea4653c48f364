import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { CommandOutcome } from '../../src/core/calls.js';
import type { AgentId, BlobHash, PostRef, RuleId, TeamId, ThreadRef } from '../../src/core/ids.js';
import { say } from '../../src/core/language/say.js';
import type { Notice } from '../../src/core/model.js';
import { runTimer } from '../../src/desk/snooze.js';
import { newId } from '../../src/storage/new-id.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';
import { aDesk, anAgent } from '../support/samples.js';
import { plainSearch } from '../../src/core/search/parse.js';

let desk: DeskUnderTest;
beforeEach(async () => {
  desk = await openDesk();
  await comes();
});
afterEach(() => desk.close());

const comes = (): Promise<void> => desk.receive(mailFrom('Eve Novak <eve@customer.example>', 'Cup', 'It is broken'));
const ANNA = 'anna' as AgentId;
const notices = (agent = ANNA): Promise<readonly Notice[]> => desk.store.notices.of(agent, 10);
const said = (outcome: CommandOutcome): string => say('en', outcome.message.key, outcome.message.params);
const told = (): readonly string[] => desk.bridge.told.map(({ agent, post }) => `${agent}: ${post.text}`);

describe('a mention in a note', () => {
  it('is told in person, in the language of whom it is for, and kept until they look', async () => {
    expect(said(await desk.say('marek', 'note', 1, { text: 'Do you know this one, @Anna?' }))).toBe('Note saved on #1. Told: Anna Zielińska');
    await desk.settle();
    expect(told()).toEqual(['anna: Marek Kos wspomina o Tobie w notatce\nDo you know this one, @Anna?']);
    expect(desk.bridge.told[0]?.post).toMatchObject({ heading: '#1 Eve Novak: Cup', url: 'https://desk.example/c/1' });
    expect(await notices()).toMatchObject([{ kind: 'mentioned', byId: 'marek', readAt: undefined }]);
    expect((await desk.store.conversations.counts(ANNA)).notices).toBe(1);
    await desk.store.notices.read(ANNA, (await desk.conversation(1)).id, desk.now());
    expect((await desk.store.conversations.counts(ANNA)).notices).toBe(0);
  });

  it('of oneself, or of nobody, tells nobody', async () => {
    expect(said(await desk.say('marek', 'note', 1, { text: '@marek buy milk, write to x@anna.example' }))).toBe('Note saved on #1');
    await desk.settle();
    expect(told()).toEqual([]);
  });

  it('that may mean several is kept, and its writer is told to be clear', async () => {
    await desk.close();
    desk = await openDesk({ agents: [...aDesk().agents, anAgent({ id: 'anna2' as AgentId, name: 'Anna Wilk', email: 'aw@desk.example' })].map((agent) => (agent.id === ANNA ? { ...agent, id: 'zielinska' as AgentId } : agent)) });
    await comes();
    expect(said(await desk.say('marek', 'note', 1, { text: '@Anna look' }))).toMatch(/^Note saved on #1. @anna may be Anna Zielińska, Anna Wilk/);
    expect(await desk.store.notes.of((await desk.conversation(1)).id)).toHaveLength(1);
    await desk.settle();
    expect(told()).toEqual([]);
  });

  it('said in chat is told, and when the words are edited only those who are new in them', async () => {
    const person = { bridge: 'web', id: 'marek', email: 'marek@desk.example' };
    await desk.settle();
    const thread = (await desk.conversation(1)).threadRef as ThreadRef;
    const post = 'p1' as PostRef;
    await desk.door.words({ person, eventId: 'e1', thread, text: '@anna look', post, files: [] });
    await desk.door.wordsChanged({ person, eventId: 'e2', post, text: '@anna look, and @ada too' });
    await desk.settle();
    expect(told().map((line) => line.split(':')[0])).toEqual(['anna', 'ada']);
  });

  it('that the platform told itself is not said there once more, but kept for them', async () => {
    await desk.settle();
    const thread = (await desk.conversation(1)).threadRef as ThreadRef;
    await desk.door.words({ person: { bridge: 'web', id: 'marek', email: 'marek@desk.example' }, eventId: 'e1', thread, text: '@anna look, and @ada too', post: 'p1' as PostRef, files: [], pinged: [ANNA] });
    await desk.settle();
    expect(told().map((line) => line.split(':')[0])).toEqual(['ada']);
    expect(await notices()).toMatchObject([{ kind: 'mentioned' }]);
  });

  it('of somebody who may not see the conversation tells them nothing, and they are given nothing of it', async () => {
    await desk.close();
    const care = 'care' as TeamId;
    const sample = aDesk();
    desk = await openDesk({
      channels: sample.channels.map((channel) => ({ ...channel, visibleTo: { teams: [], agents: ['marek' as AgentId, 'ada' as AgentId] } })),
      teams: [{ id: care, name: 'Care', dealing: 'round-robin', duty: [] }], agents: sample.agents.map((agent) => ({ ...agent, teams: [care] })),
      rules: [{ id: 'all' as RuleId, name: 'All', position: 1, when: { always: true }, then: [{ team: care }] }],
    });
    for (let count = 0; count < 3; count += 1) await comes();
    expect(await Promise.all([1, 2, 3].map(async (number) => (await desk.conversation(number)).assigneeId))).toEqual(['marek', 'ada', 'marek']);
    expect(said(await desk.say('marek', 'note', 1, { text: '@anna and @ada look' }))).toBe('Note saved on #1. Told: Ada Chief');
    expect(said(await desk.say('marek', 'assign', 1, { to: 'care' }))).toContain('Ada Chief has it');
    await desk.say('marek', 'claim', 3);
    await desk.say('marek', 'away', undefined, { until: '2 days', 'stand-in': 'anna' });
    const [absence] = await desk.store.absences.notOver(desk.now());
    await runTimer({ store: desk.store, desk: async () => desk.desk, clock: { now: desk.now }, newId, sign: (text) => text }, `away:${absence!.id}`);
    expect((await desk.conversation(3)).assigneeId).toBe('ada');
    await desk.settle();
    expect(told().filter((line) => line.startsWith('anna'))).toEqual([]);
  });

  it('is not told once the note is deleted, or when it was seen on the desk before', async () => {
    await desk.say('marek', 'note', 1, { text: '@anna one' });
    const [note] = await desk.store.notes.of((await desk.conversation(1)).id);
    await desk.store.notes.update(note!.id, { deletedAt: desk.now() });
    await desk.say('marek', 'note', 1, { text: '@ada two' });
    await desk.store.notices.read('ada' as AgentId, undefined, desk.now());
    await desk.settle();
    expect(told()).toEqual([]);
  });

  it('is told later when the chat is down, and once', async () => {
    await desk.settle();
    await desk.say('marek', 'note', 1, { text: '@anna look' });
    // The card comes first in its own lane; whichever fails is tried again.
    desk.bridge.failNext('unavailable');
    desk.bridge.failNext('unavailable');
    desk.bridge.failNext('unavailable');
    await desk.settle();
    for (let tries = 0; tries < 4; tries += 1) {
      desk.pass(60_000);
      await desk.settle();
    }
    expect(told()).toHaveLength(1);
  });
});

describe('who else is told in person', () => {
  it('whoever is assigned something by a colleague, but not who takes it', async () => {
    await desk.say('marek', 'claim', 1);
    await desk.say('marek', 'assign', 1, { to: 'me' });
    await desk.say('marek', 'assign', 1, { to: 'anna' });
    await desk.say('marek', 'hand-over', 1, { to: 'ada', text: 'She called, @ada' });
    await desk.settle();
    expect(told()).toEqual(['anna: Marek Kos przydziela sprawę Tobie\nIt is broken', 'ada: Marek Kos assigned it to you\nShe called, @ada']);
  });

  it('whose turn it is in a team, and who stands in', async () => {
    await desk.close();
    const care = 'care' as TeamId;
    desk = await openDesk({
      teams: [{ id: care, name: 'Care', dealing: 'round-robin', duty: [] }], agents: aDesk().agents.map((agent) => (agent.id === 'marek' ? { ...agent, teams: [care] } : { ...agent, teams: [] })),
      rules: [{ id: 'all' as RuleId, name: 'All', position: 1, when: { always: true }, then: [{ team: care }] }],
    });
    await comes();
    await desk.say('marek', 'away', undefined, { until: '2 days', 'stand-in': 'anna' });
    const [absence] = await desk.store.absences.notOver(desk.now());
    await runTimer({ store: desk.store, desk: async () => desk.desk, clock: { now: desk.now }, newId, sign: (text) => text }, `away:${absence!.id}`);
    await desk.settle();
    expect(told().map((line) => line.split('\n')[0])).toEqual(['marek: It is your turn: your team gave it to you', 'anna: Marek Kos: nieobecność, więc sprawa jest teraz Twoja']);
  });

  it('who asked to be reminded', async () => {
    await desk.say('anna', 'remind', 1, { at: '2h', text: 'call her' });
    const [reminder] = await desk.store.reminders.of((await desk.conversation(1)).id);
    desk.pass(2 * 3_600_000);
    for (const _ of [1, 2]) await runTimer({ store: desk.store, desk: async () => desk.desk, clock: { now: desk.now }, newId, sign: (text) => text }, `remind:${reminder!.id}`);
    await desk.settle();
    expect(told()).toEqual(['anna: Przypomnienie na Twoją prośbę\n@anna call her']);
  });
});

describe('pinned notes', () => {
  const card = (): string => desk.bridge.cards()[0]?.post.text ?? '';

  it('stand on the card, the newest first, follow an edit and go with their note', async () => {
    await desk.say('marek', 'note', 1, { text: 'Regular customer' });
    await desk.say('marek', 'pin', 1);
    desk.pass(1_000);
    await desk.say('anna', 'pin', 1, { text: 'Always call first' });
    await desk.settle();
    expect(card()).toBe('Pinned, Anna Zielińska: Always call first\nPinned, Marek Kos: Regular customer');
    const [first, second] = await desk.store.notes.of((await desk.conversation(1)).id);
    expect(await desk.say('ada', 'unpin', 1, { note: first!.id })).toMatchObject({ kind: 'done' });
    await desk.store.notes.update(second!.id, { deletedAt: desk.now() });
    await desk.say('ada', 'priority', 1, { priority: 'high' });
    await desk.settle();
    expect(card()).toBe('');
    expect((await desk.store.events.of((await desk.conversation(1)).id)).map(({ what }) => what)).toEqual(expect.arrayContaining(['note-pinned', 'note-unpinned']));
  });

  it('are refused where there is nothing to pin or unpin, with what to do', async () => {
    expect(await desk.say('marek', 'pin', 1)).toMatchObject({ kind: 'refused', message: { key: 'refused.no-note' } });
    expect(await desk.say('marek', 'unpin', 1)).toMatchObject({ kind: 'refused', message: { key: 'refused.nothing-pinned' } });
    expect(await desk.say('vera', 'pin', 1, { text: 'x' })).toMatchObject({ kind: 'refused', message: { key: 'refused.not-allowed' } });
    await desk.say('marek', 'pin', 1, { text: 'x' });
    const before = (await desk.conversation(1)).revision;
    expect((await desk.say('ada', 'pin', 1)).kind).toBe('done');
    expect((await desk.conversation(1)).revision).toBe(before);
  });
});

describe('files on notes', () => {
  it('are kept, found by name, and shown in the thread', async () => {
    const file = { name: 'receipt.pdf', contentType: 'application/pdf', bytes: 7, read: async () => Buffer.from('receipt') };
    const person = { bridge: 'elsewhere', id: 'marek', email: 'marek@desk.example' };
    const form = await desk.door.form({ person, eventId: 'e1', thread: undefined, verb: 'note', conversationId: (await desk.conversation(1)).id, prefill: {}, files: [file] });
    if (!('fields' in form)) throw new Error(form.text);
    await desk.door.act({ person, eventId: 'e2', thread: undefined, verb: 'note', args: { ...form.hidden, text: '' }, conversationId: form.conversationId, revision: form.revision });
    await desk.settle();
    const [note] = desk.bridge.thread(1).filter(({ post }) => post.kind === 'note');
    expect(note?.post.files.map(({ name }) => name)).toEqual(['receipt.pdf']);
    expect(Buffer.from((await note!.post.files[0]!.read())).toString()).toBe('receipt');
    expect((await desk.store.search.find(plainSearch('receipt'), 5)).map(({ conversation }) => conversation.number)).toEqual([1]);
    expect(await desk.say('marek', 'note', 1, { text: ' ' })).toMatchObject({ kind: 'refused', message: { key: 'refused.empty-text' } });
    expect((await desk.store.notes.of((await desk.conversation(1)).id))[0]?.files[0]?.blob satisfies BlobHash | undefined).toMatch(/^[0-9a-f]{64}$/);
  });
});
