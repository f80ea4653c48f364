import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { tellerOf } from '../../src/core/export-page.js';
import type { Blobs } from '../../src/core/ports/effects.js';
import { exportConversation, type ExportedFile } from '../../src/desk/export-conversation.js';
import { createContentReader } from '../../src/desk/read-content.js';
import { createComposer } from '../../src/mail/compose.js';
import { toHtml } from '../../src/mail/markdown.js';
import { parseMail } from '../../src/mail/parse.js';
import { zip } from '../../src/mail/zip.js';
import { BlobMissing, openBlobs } from '../../src/storage/blobs.js';
import { openVault } from '../../src/storage/vault.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';
import { unzip } from '../support/unzip.js';

let desk: DeskUnderTest;
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const WITH_PICTURE = ['--b', 'Content-Type: text/plain; charset=utf-8', '', 'It is **broken** <script>alert(1)</script> ![x](https://tracker.example/pixel.png)', '--b', 'Content-Type: image/png; name="cup.png"', 'Content-Disposition: attachment; filename="cup.png"', 'Content-Transfer-Encoding: base64', '', PNG, '--b--', ''].join('\r\n');
beforeEach(async () => {
  desk = await openDesk();
  await desk.receive(mailFrom('Anna Nowak <anna@customer.example>', 'Cup "<b>"', WITH_PICTURE, { 'Message-ID': '<first@customer.example>', 'Content-Type': 'multipart/mixed; boundary="b"' }));
  await desk.say('marek', 'note', 1, { text: 'She complains every month' });
  await desk.say('marek', 'reply', 1, { text: 'A new one leaves today.' });
  desk.pass(15_000);
  await desk.settle();
  await desk.say('marek', 'draft', 1, { text: 'Half a thought' });
});
afterEach(() => desk.close());

/** @param gone is not on the disk any more */
async function exported(format: 'html' | 'zip', internal = false, gone?: string): Promise<ExportedFile> {
  const kept = openBlobs(join(desk.folder, 'blobs'));
  const blobs: Blobs = { ...kept, get: (hash) => (hash === gone ? Promise.reject(new BlobMissing('gone')) : kept.get(hash)) };
  const vault = openVault('test secret, long enough for the vault');
  const content = createContentReader({ store: desk.store, blobs, readMail: parseMail });
  const compose = createComposer({ readBlob: (hash) => blobs.get(hash), sign: (text) => vault.sign(text) });
  return exportConversation({ store: desk.store, content, compose, archive: zip, toHtml }, { conversation: await desk.conversation(1), desk: desk.desk, format, internal, teller: tellerOf('en', 'Europe/Warsaw'), now: desk.now() });
}
const text = ({ content }: ExportedFile): string => Buffer.from(content).toString('utf8');

describe('the page', () => {
  it('has every mail that was exchanged, pictures inside, and nothing that is loaded or runs', async () => {
    const file = await exported('html');
    const page = text(file);
    expect(file.fileName).toBe('conversation-1.html');
    for (const word of ['Cup &quot;&lt;b&gt;&quot;', 'anna@customer.example', '<strong>broken</strong>', 'A new one leaves today.', 'Marek Kos', `data:image/png;base64,${PNG}`, 'cup.png']) expect(page).toContain(word);
    expect(page).not.toContain('Half a thought');
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<link|<iframe|\son\w+=|src="(?!data:)|url\(/i);
  });

  it('says that notes are left out, and has none of them', async () => {
    const page = text(await exported('html'));
    expect(page).toContain('Notes of the team are left out.');
    expect(page).not.toContain('complains');
    expect(page).not.toContain('class="event"');
  });

  it('has notes and events only when asked for, and says that they are internal', async () => {
    const file = await exported('html', true);
    expect(file.fileName).toBe('conversation-1-with-notes.html');
    expect(text(file)).toContain('They are internal: not for the customer.');
    expect(text(file)).toContain('She complains every month');
    expect(text(file)).toContain('New conversation');
  });
});

describe('the bundle', () => {
  it('has the mails byte for byte as they came and went', async () => {
    const files = unzip((await exported('zip')).content);
    const names = [...files.keys()];
    expect(names).toEqual(['contents.txt', '001 2026-11-20 in anna@customer.example.eml', '002 2026-11-20 out anna@customer.example.eml']);
    expect(files.get(names[1] ?? '')?.toString()).toContain('Message-ID: <first@customer.example>');
    expect(files.get(names[2] ?? '')?.toString('latin1').trim()).toBe(desk.sink.mails[0]?.raw.toString('latin1').trim());
    expect(files.get('contents.txt')?.toString()).toContain('Notes of the team are left out.');
    expect([...files.values()].map(String).join('\n')).not.toContain('complains');
  });

  it('has what the team wrote in a folder of its own, only when asked for', async () => {
    const history = unzip((await exported('zip', true)).content).get('team-only/history.txt')?.toString() ?? '';
    expect(history).toContain('They are internal');
    expect(history).toContain('She complains every month');
  });

  it('goes on where a mail is not stored any more, and says so', async () => {
    const [first] = await desk.messages(1);
    const raw = await desk.store.rawMails.get(first!.rawMailId!);
    const files = unzip((await exported('zip', false, raw?.blob)).content);
    expect([...files.keys()][1]).toBe('001 2026-11-20 in anna@customer.example.txt');
    expect([...files.values()][1]?.toString()).toContain('not stored here as it came');
  });
});

describe('history', () => {
  it('is one story of mails, notes and events, for whoever may read', async () => {
    const told = await desk.say('vera', 'history', 1);
    expect(told).toMatchObject({ kind: 'list', message: { key: 'history.heading' } });
    const lines = told.kind === 'list' ? told.items.map(({ text: line }) => line) : [];
    const order = ['New conversation', 'From the customer: Anna Nowak', 'Note, team only: Marek Kos: She complains', 'To the customer (Sent): Marek Kos: A new one', 'Marek began a draft'].map((word) => lines.findIndex((line) => line.includes(word)));
    expect(order.every((at) => at >= 0)).toBe(true);
    expect(order.slice(2)).toEqual([...order.slice(2)].sort((one, other) => one - other));
  });

  it('and the files of an export are where the web desk has them', async () => {
    expect(await desk.say('vera', 'export', 1, { notes: 'yes' })).toMatchObject({ kind: 'list', message: { key: 'export.with-notes' }, items: [{ path: '/c/1/export.html?notes=yes' }, { path: '/c/1/export.zip?notes=yes' }] });
  });
});
