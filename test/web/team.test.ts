import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TeamId } from '../../src/core/ids.js';
import { mailFrom } from '../support/desk-under-test.js';
import { aDesk } from '../support/samples.js';
import { hidden, loggedIn, type Visitor } from './visitor.js';
import { openWebDesk, type WebDesk } from './web-desk.js';

const CARE = 'care' as TeamId;
let desk: WebDesk;
let marek: Visitor;

beforeEach(async () => {
  desk = await openWebDesk({
    teams: [{ id: CARE, name: 'Care', dealing: 'round-robin', duty: [] }], agents: aDesk().agents.map((agent) => (['marek', 'anna'].includes(agent.id) ? { ...agent, teams: [CARE] } : { ...agent, teams: [] })),
  });
  await desk.under.receive(mailFrom('Eve Novak <eve@customer.example>', 'Broken cup', 'The cup is broken.'));
  marek = await loggedIn(desk);
});
afterEach(async () => { await desk.close(); });

const notesOf = async () => desk.under.store.notes.of((await desk.under.conversation(1)).id);
/** Sends the composer of the open conversation, with files. */
async function compose(fields: Readonly<Record<string, string>>, files: Readonly<Record<string, File>> = {}, verb = 'note') {
  const own = (await marek.get('/c/1')).text.split('id="composer-form"')[1] ?? '';
  const form = new FormData();
  for (const [name, value] of Object.entries({ _csrf: hidden(own, '_csrf'), revision: hidden(own, 'revision'), once: hidden(own, 'once'), in: 'open', note: '', answer: '', ...fields })) form.set(name, value);
  for (const [name, file] of Object.entries(files)) form.set(name, file);
  return marek.post(`/c/1/do/${verb}`, form);
}

describe('a note', () => {
  it('takes files, hands them out again, and leaves those of the answer alone', async () => {
    const saved = await compose({ mode: 'note', note: 'See the receipt' }, { 'note-attach': new File(['receipt'], 'receipt.txt', { type: 'text/plain' }), attach: new File(['for her'], 'answer.txt', { type: 'text/plain' }) });
    const [note] = await notesOf();
    expect(note?.files.map(({ fileName }) => fileName)).toEqual(['receipt.txt']);
    expect((await marek.get(`/notes/${note!.id}/files/0`)).text).toBe('receipt');
    // The file of the answer that is being written waits with it.
    expect(saved.text).toContain('answer.txt');
    expect(saved.text).not.toMatch(/name="kept-note"/);
  });

  it('is pinned and unpinned with its own button, and stands above the thread meanwhile', async () => {
    await compose({ mode: 'note', note: 'Always call first' });
    await compose({ mode: 'note', note: 'Newer' });
    const [first] = await notesOf();
    await marek.press(1, 'pin', { note: first!.id });
    expect((await marek.get('/c/1')).text).toContain('Pinned, Marek Kos: Always call first');
    await marek.press(1, 'unpin', { note: first!.id });
    expect((await marek.get('/c/1')).text).not.toContain('Pinned, Marek Kos');
  });

  it('tells whom it mentions: counted beside “For you” until they have looked', async () => {
    await compose({ mode: 'note', note: 'Do you know this one, @ada?' });
    const ada = await loggedIn(desk, 'ada@desk.example');
    expect((await ada.get('/')).text).toMatch(/For you<b class="n">1<\/b>/);
    const page = (await ada.get('/notices')).text;
    expect(page).toContain('Marek Kos mentioned you in a note');
    expect(page).toContain('Do you know this one');
    await ada.get('/c/1');
    expect((await ada.get('/')).text).not.toMatch(/For you<b class="n">/);
    await compose({ mode: 'note', note: '@ada again' });
    await ada.post('/notices/read', { _csrf: await ada.csrf('/notices') });
    expect((await desk.under.store.conversations.counts('ada' as never)).notices).toBe(0);
    expect((await marek.get('/notices')).text).not.toContain('mentioned you');
  });
});

describe('the team', () => {
  it('has a list of its own, with its number', async () => {
    await marek.press(1, 'assign', { to: 'care' });
    const page = (await marek.get('/team/care')).text;
    expect(page).toContain('id="card-1"');
    expect(page).toMatch(/Care<b class="n">1<\/b>/);
    expect((await marek.get('/team/nobody')).status).toBe(404);
  });

  it('its workload shows who has how much, who is on duty and who is away', async () => {
    await marek.press(1, 'assign', { to: 'care' });
    const page = (await marek.get('/workload')).text;
    expect(page).toMatch(/On duty now: Marek Kos, Anna Zielińska · work goes round by turns/);
    expect(page).toMatch(/Marek Kos<\/th><td>1<\/td>/);
    expect(page).toMatch(/Anna Zielińska<\/th><td>0<\/td>/);
  });

  it('is left and come back to with a form, for oneself; an administrator for others', async () => {
    const form = async (visitor: Visitor): Promise<Record<string, string>> => {
      const { text } = await visitor.get('/workload');
      return { _csrf: hidden(text, '_csrf'), once: hidden(text, 'once') };
    };
    const refused = await marek.post('/workload/do/away', { ...(await form(marek)), until: 'yesterday' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('is no time to come');
    const gone = await marek.post('/workload/do/away', { ...(await form(marek)), until: 'mon 9', 'stand-in': 'anna', from: '' });
    expect([gone.status, gone.location]).toEqual([303, '/workload']);
    const page = (await marek.get('/workload')).text;
    expect(page).toContain('Stands in: Anna Zielińska');
    expect(page).toMatch(/away until 23 Nov 2026, 09:00/);
    expect((await marek.post('/workload/do/back', { ...(await form(marek)), who: 'anna' })).status).toBe(422);
    const ada = await loggedIn(desk, 'ada@desk.example');
    expect((await ada.post('/workload/do/back', { ...(await form(ada)), who: 'marek' })).status).toBe(303);
    expect(await desk.under.store.absences.notOver(desk.under.now())).toEqual([]);
    const vera = await loggedIn(desk, 'vera@desk.example');
    expect((await vera.get('/workload')).text).not.toContain('/workload/do/away');
    expect((await vera.post('/workload/do/away', { _csrf: await vera.csrf('/settings'), until: 'mon 9' })).status).toBe(422);
    expect((await marek.post('/workload/do/close', await form(marek))).status).toBe(404);
  });

  it('a conversation is handed over with a note from its menu', async () => {
    await marek.press(1, 'hand-over', { to: 'anna', text: 'She wants her money back' });
    expect((await desk.under.conversation(1)).assigneeId).toBe('anna');
    expect(await notesOf()).toMatchObject([{ text: 'She wants her money back' }]);
  });
});
