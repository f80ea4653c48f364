/** Answers that wait, drafts, approval, receivers, files of the conversation and exports, on the web desk. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Message } from '../../src/core/model.js';
import { aDesk } from '../support/samples.js';
import { mailFrom } from '../support/desk-under-test.js';
import { hidden, loggedIn, type Visitor } from './visitor.js';
import { openWebDesk, type WebDesk } from './web-desk.js';

let desk: WebDesk;
let ada: Visitor;
let marek: Visitor;
const EVE = 'Eve Novak <eve@customer.example>';
const PDF = ['--b', 'Content-Type: text/plain', '', 'It is broken', '--b', 'Content-Type: application/pdf; name="bill.pdf"', 'Content-Disposition: attachment; filename="bill.pdf"', 'Content-Transfer-Encoding: base64', '', 'JVBERi0xLjQK', '--b--', ''].join('\r\n');

/** What Marek writes, a colleague has to approve. */
beforeEach(async () => {
  desk = await openWebDesk({ agents: aDesk().agents.map((agent) => ({ ...agent, approval: agent.id === 'marek' })) });
  await desk.under.receive(mailFrom(EVE, 'Broken cup', PDF, { 'Message-ID': '<first@customer.example>', Cc: 'Bob <bob@customer.example>', 'Content-Type': 'multipart/mixed; boundary="b"' }));
  ada = await loggedIn(desk, 'ada@desk.example');
  marek = await loggedIn(desk);
});
afterEach(() => desk.close());

async function write(visitor: Visitor, verb: string, fields: Readonly<Record<string, string>>): Promise<Awaited<ReturnType<Visitor['post']>>> {
  const { text } = await visitor.get('/c/1');
  const own = text.slice(text.indexOf('id="composer-form"'));
  return visitor.post(`/c/1/do/${verb}`, { _csrf: hidden(own, '_csrf'), revision: hidden(own, 'revision'), once: hidden(own, 'once'), mode: 'answer', note: '', ...fields });
}
const answer = async (): Promise<Message> => {
  const found = (await desk.under.messages(1)).findLast(({ direction }) => direction === 'out');
  if (!found) throw new Error('no answer');
  return found;
};
const leave = async (): Promise<void> => {
  desk.under.pass(15_000);
  await desk.under.settle();
};

describe('receivers', () => {
  it('stand in fields; what was not changed there is not said, so that the newest mail decides', async () => {
    const { text } = await ada.get('/c/1');
    expect(text).toContain('name="to-was" value="eve@customer.example"');
    expect(text).toContain('name="cc-was" value="bob@customer.example"');
    await write(ada, 'reply', { answer: 'Hello', to: 'old@customer.example', 'to-was': 'old@customer.example', cc: '', 'cc-was': 'bob@customer.example' });
    expect(await answer()).toMatchObject({ to: [{ address: 'eve@customer.example' }], cc: [] });
  });

  it('who were not part of it are warned of; the text stays, and one press sends it all the same', async () => {
    const held = await write(ada, 'reply', { answer: 'Your bill', to: 'eva@customer.example', 'to-was': 'eve@customer.example' });
    expect(held.status).toBe(409);
    expect(held.text).toContain('eva@customer.example was not part of this conversation.');
    expect(held.text).toContain('>Your bill</textarea>');
    expect(held.text).toMatch(/name="to" value="eva@customer\.example"/);
    await write(ada, 'reply', { answer: 'Your bill', to: 'eva@customer.example', 'to-was': 'eve@customer.example', warned: 'eva@customer.example' });
    await leave();
    expect(desk.under.sink.mails.map(({ to }) => to)).toEqual([['eva@customer.example', 'bob@customer.example']]);
  });
});

describe('an answer that waits', () => {
  it('is changed where it stands, and says when it leaves', async () => {
    await write(ada, 'reply', { answer: 'On Mondey', at: '2h', 'at-was': '' });
    const { text } = await ada.get('/c/1');
    expect(text).toContain('Queued, leaves ');
    const { id } = await answer();
    const own = text.slice(text.indexOf(`id="edit-${id}"`));
    expect(own).toContain('>On Mondey</textarea>');
    await ada.post('/c/1/do/edit', { _csrf: hidden(own, '_csrf'), revision: hidden(own, 'revision'), once: hidden(own, 'once'), message: id, text: 'On Monday', at: '', 'at-was': '' });
    expect((await ada.get('/c/1')).text).toContain('On Monday');
    desk.under.pass(2 * 3_600_000);
    await desk.under.settle();
    expect(desk.under.sink.mails[0]?.raw.toString()).toContain('On Monday');
  });

  it('takes files of the conversation along', async () => {
    const { text } = await ada.get('/c/1');
    const box = /name="(thread-file-[^"]+)"/.exec(text)?.[1] ?? '';
    await write(ada, 'reply', { answer: 'Here is your bill', [box]: 'yes' });
    await leave();
    expect(desk.under.sink.mails[0]?.raw.toString()).toMatch(/filename="?bill\.pdf/);
  });
});

describe('approval', () => {
  it('is asked for with the same box, given with a button, and nothing leaves before', async () => {
    expect((await marek.get('/c/1')).text).toContain('Ask for approval');
    await write(marek, 'reply', { answer: 'A new one leaves today.' });
    await leave();
    expect(desk.under.sink.mails).toEqual([]);
    expect((await ada.get('/')).text).toContain('Awaits approval');
    const { id } = await answer();
    expect((await marek.press(1, 'approve', { message: id })).status).toBe(422);
    expect((await ada.press(1, 'approve', { message: id })).status).toBe(303);
    await leave();
    expect(desk.under.sink.mails).toHaveLength(1);
  });

  it('is refused with a reason that the author reads; a draft is kept, sent or thrown away', async () => {
    await write(marek, 'reply', { answer: 'No.' });
    await ada.press(1, 'send-back', { message: (await answer()).id, text: 'Be kinder' });
    expect((await marek.get('/c/1')).text).toContain('Sent back by Ada Chief: Be kinder');
    await marek.press(1, 'undo', { message: (await answer()).id, discard: 'yes' });
    expect((await answer()).state).toBe('cancelled');
    await write(ada, 'draft', { answer: 'Half a thought' });
    expect((await marek.get('/c/1')).text).toContain('Anybody of the team may finish it.');
    await ada.press(1, 'approve', { message: (await answer()).id });
    await leave();
    expect(desk.under.sink.mails).toHaveLength(1);
  });
});

describe('presence', () => {
  it('shows who reads and who writes; a reader does not hide that somebody writes', async () => {
    const say = async (visitor: Visitor, state: string): Promise<void> => {
      await visitor.post('/c/1/presence', { _csrf: await visitor.csrf(), state });
    };
    await say(marek, 'read');
    expect((await ada.get('/c/1')).text).toContain('Marek is reading');
    await say(marek, 'begin');
    await say(marek, 'read');
    expect((await ada.get('/c/1')).text).toContain('Marek is answering');
    expect((await ada.get('/')).text).toContain('Marek is answering');
    await say(marek, 'end');
    expect((await ada.get('/c/1')).text).not.toContain('Marek is');
  });
});

describe('an export', () => {
  it('is a file to save, without notes unless asked for, and stands in the history', async () => {
    await desk.under.say('ada', 'note', 1, { text: 'She complains every month' });
    const page = await ada.get('/c/1/export.html');
    expect([page.status, page.headers.get('Content-Type'), page.headers.get('Content-Disposition')]).toEqual([200, 'text/html; charset=utf-8', expect.stringContaining('attachment; filename="conversation-1.html"')]);
    expect(page.text).not.toContain('complains');
    expect((await ada.get('/c/1/export.html?notes=yes')).text).toContain('complains');
    expect((await ada.get('/c/1/export.zip')).headers.get('Content-Type')).toBe('application/zip');
    expect((await ada.get('/c/99/export.zip')).status).toBe(404);
    expect((await ada.get('/c/1')).text).toContain('You exported the conversation (ZIP)');
  });
});
