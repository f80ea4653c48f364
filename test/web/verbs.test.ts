import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mailFrom } from '../support/desk-under-test.js';
import { hidden, loggedIn, type Visitor } from './visitor.js';
import { openWebDesk, type WebDesk } from './web-desk.js';

let desk: WebDesk;
let marek: Visitor;
const EVE = 'Eve Novak <eve@customer.example>';

beforeEach(async () => {
  desk = await openWebDesk();
  await desk.under.receive(mailFrom(EVE, 'Broken cup', 'The cup is broken.', { 'Message-ID': '<first@customer.example>' }));
  marek = await loggedIn(desk);
});
afterEach(async () => { await desk.close(); });

/** A form of the composer as the page shows it. */
async function composer(visitor: Visitor, fields: Readonly<Record<string, string>>, path = '/c/1'): Promise<FormData> {
  const { text } = await visitor.get(path);
  const form = new FormData();
  const at = text.indexOf('id="composer-form"');
  const own = text.slice(at);
  for (const [name, value] of Object.entries({ _csrf: hidden(own, '_csrf'), revision: hidden(own, 'revision'), once: hidden(own, 'once'), in: 'open', note: '', answer: '', ...fields })) form.set(name, value);
  return form;
}
const events = async (): Promise<readonly string[]> => (await desk.under.store.events.of((await desk.under.conversation(1)).id)).map(({ what }) => what);

describe('without a script', () => {
  it('claims, and says so on the next page, once', async () => {
    const pressed = await marek.press(1, 'claim');
    expect([pressed.status, pressed.location]).toEqual([303, '/c/1']);
    const page = await marek.get('/c/1');
    expect(page.text).toContain('Claimed #1');
    expect(page.text).toContain('Yours');
    expect((await marek.get('/c/1')).text).not.toContain('Claimed #1');
  });

  it('tells the second one who was first (C26)', async () => {
    const anna = await loggedIn(desk, 'anna@desk.example');
    const page = (await anna.get('/c/1')).text;
    await marek.press(1, 'claim');
    const refused = await anna.post('/c/1/do/claim', { _csrf: hidden(page, '_csrf'), revision: hidden(page, 'revision'), once: 'late' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Marek Kos');
    expect((await desk.under.conversation(1)).assigneeId).toBe('marek');
  });

  it('keeps a note, and mails nothing (C24)', async () => {
    const saved = await marek.post('/c/1/do/note', await composer(marek, { mode: 'note', note: 'Only for us: **send** a new one.' }));
    expect(saved.status).toBe(303);
    const page = (await marek.get('/c/1')).text;
    expect(page).toContain('Note, team only');
    expect(page).toContain('<strong>send</strong>');
    expect((await desk.under.messages(1)).filter(({ direction }) => direction === 'out')).toEqual([]);
  });

  it('answers, shows who gets it and how long it can be undone, and takes it back into the box', async () => {
    const page = (await marek.get('/c/1')).text;
    expect(page).toContain('eve@customer.example');
    await marek.post('/c/1/do/reply', await composer(marek, { mode: 'answer', answer: 'We send a new one today.' }));
    const [answer] = (await desk.under.messages(1)).filter(({ direction }) => direction === 'out');
    expect(answer).toMatchObject({ state: 'queued', text: 'We send a new one today.', authorId: 'marek' });
    const elsewhere = (await marek.get('/')).text;
    expect(elsewhere).toContain('until it goes to eve@customer.example');
    const undone = await marek.post('/c/1/do/undo', { _csrf: hidden(elsewhere, '_csrf'), once: 'undo-1', message: answer?.id ?? '' });
    expect(undone.location).toBe(`/c/1?draft=${answer?.id}`);
    const back = (await marek.get(undone.location ?? '')).text;
    expect(back).toContain('Taken back. Nothing was sent.');
    expect(back).toMatch(/<textarea[^>]*id="text"[^>]*>We send a new one today\.<\/textarea>/);
    desk.under.pass(60_000);
    await desk.under.settle();
    expect(desk.under.sink.mails).toEqual([]);
  });

  it('holds an answer when the customer wrote since, keeps the text, and sends it when told to', async () => {
    const form = await composer(marek, { mode: 'answer', answer: 'A new cup is on its way.' });
    await desk.under.receive(mailFrom(EVE, 'Re: Broken cup', 'I would rather have my money back.', { 'In-Reply-To': '<first@customer.example>', References: '<first@customer.example>' }));
    const held = await marek.post('/c/1/do/reply', form);
    expect(held.status).toBe(409);
    expect(held.text).toContain('Held: Eve Novak wrote at');
    expect(held.text).toContain('New since you began your answer');
    expect(held.text).toContain('>A new cup is on its way.</textarea>');
    expect((await desk.under.messages(1)).filter(({ direction }) => direction === 'out')).toEqual([]);

    const seen = /name="seen" value="(\d+)"/.exec(held.text)?.[1] ?? '';
    const own = held.text.slice(held.text.indexOf('id="composer-form"'));
    const again = { _csrf: hidden(own, '_csrf'), revision: hidden(own, 'revision'), mode: 'answer', note: '', answer: 'A new cup is on its way.', seen };
    // Even newer: what was not on the screen is not overruled.
    await desk.under.receive(mailFrom(EVE, 'Re: Broken cup', 'Please answer.', { 'In-Reply-To': '<first@customer.example>', References: '<first@customer.example>' }));
    const heldAgain = await marek.post('/c/1/do/reply', { ...again, once: 'anyway-1' });
    expect(heldAgain.status).toBe(409);
    const seenNow = /name="seen" value="(\d+)"/.exec(heldAgain.text)?.[1] ?? '';
    expect((await marek.post('/c/1/do/reply', { ...again, seen: seenNow, once: 'anyway-2' })).status).toBe(303);
    expect((await desk.under.messages(1)).filter(({ direction, state }) => direction === 'out' && state === 'queued')).toHaveLength(1);
  });

  it('does a form that is sent twice only once', async () => {
    const form = await composer(marek, { mode: 'note', note: 'Twice?' });
    await marek.post('/c/1/do/note', form);
    await marek.post('/c/1/do/note', form);
    expect(await desk.under.store.notes.of((await desk.under.conversation(1)).id)).toHaveLength(1);
  });

  it('shows what would be sent before it is sent', async () => {
    const shown = await marek.post('/c/1/do/reply', await composer(marek, { mode: 'answer', answer: 'Hello {{customer.firstName}}', preview: 'yes' }));
    expect(shown.status).toBe(200);
    expect(shown.text).toContain('What will be sent');
    expect(shown.text).toContain('Hello Eve');
    expect((await desk.under.messages(1)).filter(({ direction }) => direction === 'out')).toEqual([]);
  });

  it('fills a template into the box, where it can be changed', async () => {
    expect((await marek.get('/c/1?template=hello')).text).toContain('>Hello Eve, we are on it.</textarea>');
    expect(JSON.parse((await marek.get('/c/1/template/hello')).text)).toEqual({ id: 'hello', text: 'Hello Eve, we are on it.', files: [] });
  });
});

describe('words typed into the composer', () => {
  it('are commands when they begin with a slash, in either box', async () => {
    await marek.post('/c/1/do/note', await composer(marek, { mode: 'note', note: '/claim' }));
    expect(await events()).toContain('claimed');
    await marek.post('/c/1/do/reply', await composer(marek, { mode: 'answer', answer: '/assign anna' }));
    expect((await desk.under.conversation(1)).assigneeId).toBe('anna');
    await marek.post('/c/1/do/note', await composer(marek, { mode: 'note', note: '/reply template:hello See you.' }));
    const [answer] = (await desk.under.messages(1)).filter(({ direction }) => direction === 'out');
    expect(answer?.text).toBe('Hello Eve, we are on it.\n\nSee you.');
  });

  it('that are no command are neither saved nor sent, and stay in the box', async () => {
    const refused = await marek.post('/c/1/do/reply', await composer(marek, { mode: 'answer', answer: '/clam now' }));
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('There is no command /clam.');
    expect(refused.text).toContain('Did you mean /claim?');
    expect(refused.text).toContain('>/clam now</textarea>');
    expect((await desk.under.messages(1)).filter(({ direction }) => direction === 'out')).toEqual([]);
  });

  it('list help and search results', async () => {
    const help = await marek.post('/c/1/do/note', await composer(marek, { mode: 'note', note: '/help' }));
    expect(help.text).toContain('/assign to');
    const found = await marek.post('/c/1/do/note', await composer(marek, { mode: 'note', note: '/find cup' }));
    expect(found.text).toMatch(/<a href="\/c\/1">#1 Broken cup<\/a>/);
  });
});

describe('files', () => {
  it('go out with the answer, byte for byte, under a safe name (C22)', async () => {
    const form = await composer(marek, { mode: 'answer', answer: 'See the plan.' });
    const content = new Uint8Array([0, 255, 13, 10, 0, 128, 65]);
    form.append('attach', new File([content], '../../etc/plan "final"\u202e.pdf', { type: 'application/pdf' }));
    expect((await marek.post('/c/1/do/reply', form)).status).toBe(303);
    const [answer] = (await desk.under.messages(1)).filter(({ direction }) => direction === 'out');
    expect(answer?.attachments).toMatchObject([{ fileName: 'plan "final".pdf', contentType: 'application/pdf', bytes: 7 }]);
    const id = answer?.attachments[0]?.id ?? '';
    const response = await desk.app.request(`https://desk.example/files/${id}`, { headers: { Cookie: `goniec=${marek.cookies.get('goniec')}` } });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(content);
  });

  it('of an answer that was held are still there', async () => {
    const form = await composer(marek, { mode: 'answer', answer: 'See the plan.' });
    form.append('attach', new File(['plan'], 'plan.txt', { type: 'text/plain' }));
    await desk.under.receive(mailFrom(EVE, 'Re: Broken cup', 'Wait.', { 'In-Reply-To': '<first@customer.example>', References: '<first@customer.example>' }));
    const held = await marek.post('/c/1/do/reply', form);
    expect(held.status).toBe(409);
    expect(held.text).toContain('plan.txt');
    expect(held.text).toContain('name="kept"');
  });

  it('that are far too large are refused before they are read', async () => {
    const form = await composer(marek, { mode: 'answer', answer: 'See.' });
    form.append('attach', new File([new Uint8Array(26 * 1024 * 1024)], 'film.mov'));
    const refused = await marek.post('/c/1/do/reply', form);
    expect(refused.status).toBe(413);
    expect(refused.text).toContain('The file is too large.');
  });
});

describe('whoever may only read', () => {
  it('sees no composer, and is refused all the same', async () => {
    const vera = await loggedIn(desk, 'vera@desk.example');
    const page = (await vera.get('/c/1')).text;
    expect(page).not.toContain('composer-form');
    const refused = await vera.post('/c/1/do/claim', { _csrf: await vera.csrf(), revision: '1', once: 'x' });
    expect(refused.status).toBe(422);
    expect((await desk.under.conversation(1)).assigneeId).toBeUndefined();
  });
});

describe('with htmx', () => {
  it('sends back only the parts that changed, by id', async () => {
    const claimed = await marek.press(1, 'claim', {}, { 'HX-Request': 'true' });
    expect(claimed.status).toBe(200);
    for (const id of ['conv-head', 'thread', 'said', 'undo', 'presence', 'stale']) expect(claimed.text).toMatch(new RegExp(`id="${id}"[^>]*hx-swap-oob="true"`));
    expect(claimed.text).not.toContain('<html');
    expect(claimed.text).not.toContain('id="composer"');
  });

  it('marks what is new since the answer was begun, without touching the text', async () => {
    const begun = (await desk.under.conversation(1)).revision;
    await desk.under.receive(mailFrom(EVE, 'Re: Broken cup', 'One more thing.', { 'In-Reply-To': '<first@customer.example>', References: '<first@customer.example>' }));
    const news = (await marek.get(`/parts/c/1?in=open&begun=${begun}`, { 'HX-Request': 'true' })).text;
    expect(news).toContain('New since you began your answer');
    expect(news).toContain('Held: Eve Novak wrote at');
    expect(news).not.toMatch(/<textarea[^>]+id="(?:text|note-text)"/);
    expect((await marek.get('/parts/c/1?in=open', { 'HX-Request': 'true' })).text).not.toContain('New since you began');
  });
});

describe('presence', () => {
  it('is shown to colleagues, not to oneself, and taken back', async () => {
    await marek.post('/c/1/presence', { state: 'begin', _csrf: await marek.csrf() });
    const anna = await loggedIn(desk, 'anna@desk.example');
    expect((await anna.get('/')).text).toContain('Marek odpowiada');
    expect((await marek.get('/c/1')).text).not.toContain('Marek is answering');
    await marek.post('/c/1/presence', { state: 'end', _csrf: await marek.csrf() });
    expect((await anna.get('/')).text).not.toContain('Marek odpowiada');
  });
});
