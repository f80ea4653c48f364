import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailFrom } from '../support/desk-under-test.js';
import { loggedIn, Visitor } from './visitor.js';
import { openWebDesk, type WebDesk } from './web-desk.js';

/** The smallest PNG there is. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
let desk: WebDesk;
let marek: Visitor;
const files = new Map<string, string>();
let mailId = '';

const part = (type: string, name: string, base64: string, more = ''): string => ['--p', `Content-Type: ${type}`, `Content-Disposition: attachment; filename*=UTF-8''${encodeURIComponent(name)}`, 'Content-Transfer-Encoding: base64', more, '', base64].filter((line, index) => line !== '' || index > 3).join('\r\n');

beforeAll(async () => {
  desk = await openWebDesk();
  const html = `<p onclick="alert(1)">Hello <img src="https://tracker.example/x.gif"><img src="cid:logo@x"></p><script>alert(2)</script>`;
  const body = [
    '--p', 'Content-Type: text/html; charset=utf-8', '', html,
    part('image/png', 'zdjęcie.png', PNG), part('image/svg+xml', 'drawing.svg', Buffer.from('<svg onload="alert(1)"/>').toString('base64')), part('text/html', 'page.html', Buffer.from('<script>alert(1)</script>').toString('base64')),
    ['--p', 'Content-Type: image/png', 'Content-ID: <logo@x>', 'Content-Disposition: inline; filename=logo.png', 'Content-Transfer-Encoding: base64', '', PNG].join('\r\n'),
    '--p--',
  ].join('\r\n');
  await desk.under.receive(mailFrom('Eve <eve@customer.example>', 'Files', body, { 'Content-Type': 'multipart/related; boundary=p' }));
  const [message] = await desk.under.messages(1);
  mailId = message?.id ?? '';
  for (const { id, fileName } of message?.attachments ?? []) files.set(fileName, id);
  marek = await loggedIn(desk);
});
afterAll(async () => { await desk.close(); });

describe('files', () => {
  it('that are pictures are shown; everything else is only ever saved', async () => {
    const picture = await marek.get(`/files/${files.get('zdjęcie.png')}`);
    expect(picture.headers.get('Content-Type')).toBe('image/png');
    expect(picture.headers.get('Content-Disposition')).toBe(`inline; filename="zdj_cie.png"; filename*=UTF-8''zdj%C4%99cie.png`);
    for (const name of ['drawing.svg', 'page.html']) {
      const { headers } = await marek.get(`/files/${files.get(name)}`);
      expect(headers.get('Content-Type'), name).toBe('application/octet-stream');
      expect(headers.get('Content-Disposition'), name).toContain('attachment');
      expect(headers.get('Content-Security-Policy'), name).toContain('sandbox');
      expect(headers.get('X-Content-Type-Options'), name).toBe('nosniff');
    }
  });
  it('are for staff only', async () => {
    const stranger = new Visitor(desk);
    for (const path of [`/files/${files.get('zdjęcie.png')}`, `/mail/${mailId}/html`, `/mail/${mailId}/source`]) expect((await stranger.get(path)).status, path).toBe(303);
  });
  it('that do not exist are not there', async () => {
    expect((await marek.get('/files/none')).status).toBe(404);
    expect((await marek.get('/mail/none/html')).status).toBe(404);
    expect((await marek.get('/quarantine/none/mail.eml')).status).toBe(404);
  });
});

describe('a mail as it was sent', () => {
  it('is sanitised, sandboxed, and loads nothing from outside until asked', async () => {
    const { text, headers } = await marek.get(`/mail/${mailId}/html`);
    const policy = headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain('sandbox');
    expect(policy).not.toContain('allow-scripts');
    expect(policy).not.toContain('allow-same-origin');
    expect(policy).toContain("img-src data:;");
    expect(headers.get('Referrer-Policy')).toMatch(/no-referrer|same-origin/);
    expect(text).not.toContain('tracker.example');
    expect(text).not.toContain('<script');
    expect(text).not.toContain('onclick');
    expect(text).toContain('1 image from outside was not loaded');
    expect(text).toContain(`data:image/png;base64,${PNG.slice(0, 20)}`);
    const asked = await marek.get(`/mail/${mailId}/html?images=1`);
    expect(asked.text).toContain('tracker.example');
    expect(asked.headers.get('Content-Security-Policy')).toContain('img-src data: https: http:');
  });
  it('can be saved whole', async () => {
    const { text, headers } = await marek.get(`/mail/${mailId}/source`);
    expect(headers.get('Content-Type')).toBe('message/rfc822');
    expect(headers.get('Content-Disposition')).toContain('1.eml');
    expect(text).toContain('Subject: Files');
  });
});

describe('quarantine', () => {
  it('lists what is held, shows its source and hands it out, and retries', async () => {
    await desk.under.keep(mailFrom('Odd <odd@customer.example>', 'Odd <b>mail</b>', 'Text'));
    const [raw] = await desk.under.store.rawMails.waiting(desk.under.desk.mailboxes[0]?.id as never, 10);
    await desk.under.store.transaction((tx) => tx.rawMails.settle(raw?.id as never, { state: 'quarantined', outcome: 'the header is broken' }));
    const page = (await marek.get('/quarantine')).text;
    expect(page).toContain('the header is broken');
    expect(page).not.toContain('<b>mail</b>');
    const source = await marek.get(`/quarantine/${raw?.id}`);
    expect(source.text).toContain('Message-ID: &lt;');
    expect((await marek.get(`/quarantine/${raw?.id}/mail.eml`)).headers.get('Content-Disposition')).toContain('attachment');
    const retried = await marek.post(`/quarantine/${raw?.id}/retry`, { _csrf: await marek.csrf('/quarantine') });
    expect(retried.status).toBe(303);
    await desk.under.settle();
    expect((await marek.get('/quarantine')).text).toContain('Nothing is in quarantine.');
  });
});

describe('our own files', () => {
  it('may be kept for ever under their version, and hold no script but ours', async () => {
    const page = (await marek.get('/')).text;
    const address = /href="(\/assets\/[0-9a-f]+\/desk\.css)"/.exec(page)?.[1] ?? '';
    const { headers, text } = await marek.get(address);
    expect(headers.get('Cache-Control')).toContain('immutable');
    expect(text).toBe(readFileSync(new URL('../../src/web/public/desk.css', import.meta.url), 'utf8'));
    expect((await marek.get('/assets/0/..%2f..%2fserver.tsx')).status).toBe(404);
  });
});
