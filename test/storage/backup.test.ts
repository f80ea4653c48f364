import { createHash, randomBytes } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { MailboxId } from '../../src/core/ids.js';
import { audit } from '../../src/desk/audit.js';
import { createContentReader } from '../../src/desk/read-content.js';
import { openHouse, startGoniec, type House } from '../../src/main.js';
import { parseMail } from '../../src/mail/parse.js';
import { openAudit } from '../../src/storage/audit.js';
import { backUp, type BackupReport } from '../../src/storage/backup.js';
import { restore, type RestoreReport } from '../../src/storage/restore.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';
import { eventually } from '../support/eventually.js';
import { freshDatabase } from '../support/postgres.js';
import { quietLog } from '../support/quiet-log.js';
import { available, serverPath } from '../support/servers.js';
import { tempFolder } from '../support/temp-folder.js';
import { postgresqlDatabase } from './databases.js';
import { plainSearch } from '../../src/core/search/parse.js';

const SECRET = 'test secret, long enough for the vault';
const UNDO_MS = 15_000;
const temp = tempFolder('backup');
let desk: DeskUnderTest;
let folder = '';
let number = 0;

beforeEach(async () => {
  desk = await openDesk();
  folder = join(temp.path, String((number += 1)));
});
afterEach(() => desk.close());
afterAll(() => temp.remove());

const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 20, hour));
const save = (over: Partial<Parameters<typeof backUp>[0]> = {}): Promise<BackupReport> =>
  backUp({ databaseUrl: `file:${join(desk.folder, 'goniec.db')}`, blobs: join(desk.folder, 'blobs'), folder, version: '1.2.3', now: at(12), variables: {}, ...over });
const bringBack = (over: Partial<Parameters<typeof restore>[0]> = {}): Promise<RestoreReport> =>
  restore({ folder, databaseUrl: `file:${join(`${folder}-data`, 'goniec.db')}`, dataDir: `${folder}-data`, force: false, now: at(13), variables: {}, ...over });
const openRestored = (): Promise<House> => openHouse({ dataDir: `${folder}-data`, databaseUrl: `file:${join(`${folder}-data`, 'goniec.db')}`, appSecret: SECRET }, quietLog());

function mailWithFile(subject: string, content: Buffer): string {
  const part = 'edge-of-a-part';
  const body = [`--${part}`, 'Content-Type: text/plain; charset=utf-8', '', `${subject}, see the file`, `--${part}`, 'Content-Type: application/octet-stream', 'Content-Transfer-Encoding: base64', 'Content-Disposition: attachment; filename="data.bin"', '', content.toString('base64'), `--${part}--`];
  return mailFrom('Anna <anna@customer.example>', subject, body.join('\r\n'), { 'Content-Type': `multipart/mixed; boundary=${part}` });
}

/** The same look that `goniec audit` takes. */
async function auditOf(house: House, databaseUrl: string): ReturnType<typeof audit> {
  const opened = await openAudit(databaseUrl, quietLog());
  try {
    return await audit({ store: house.store, audit: opened.audit, blobs: house.blobs, desk: house.desk, intake: house.intake, listServerMails: async () => [] });
  } finally {
    await opened.close();
  }
}

describe('a backup', () => {
  it('made while mails come in is of one moment: restored, it passes the audit, and files are the same byte for byte', async () => {
    const files = new Map<string, Buffer>();
    let stopped = false;
    const busy = (async () => {
      for (let count = 1; !stopped; count += 1) {
        files.set(`Order ${count}`, randomBytes(20_000));
        await desk.receive(mailWithFile(`Order ${count}`, files.get(`Order ${count}`) ?? Buffer.alloc(0)));
        await desk.say('marek', 'note', count, { text: 'seen' });
      }
    })();
    await eventually(() => expect(files.size).toBeGreaterThan(3), { timeoutMs: 20_000 });
    const report = await save();
    const during = files.size;
    await eventually(() => expect(files.size).toBeGreaterThan(during), { timeoutMs: 20_000 });
    stopped = true;
    await busy;

    expect(report.missing).toEqual([]);
    const { manifest } = report;
    expect(manifest).toMatchObject({ format: 1, program: 'goniec', version: '1.2.3', createdAt: at(12).toISOString(), database: { engine: 'sqlite' } });
    const bytes = await readFile(join(folder, manifest.database.file));
    expect(manifest.database).toMatchObject({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    expect(manifest.counts.mails).toBeGreaterThan(2);

    const restored = await bringBack();
    expect(restored).toMatchObject({ damaged: [], movedAside: [], blobs: manifest.blobs.files });
    const house = await openRestored();
    const { ok, findings, checked } = await auditOf(house, `file:${join(`${folder}-data`, 'goniec.db')}`);
    expect(findings.filter(({ level }) => level === 'bad')).toEqual([]);
    expect(ok).toBe(true);
    expect(checked).toMatchObject({ mails: manifest.counts.mails, messages: manifest.counts.messages, conversations: manifest.counts.conversations });
    const content = createContentReader({ store: house.store, blobs: house.blobs, readMail: parseMail });
    for (let count = 1; count <= manifest.counts.conversations; count += 1) {
      const conversation = await house.store.conversations.byNumber(count);
      const [message] = conversation ? await house.store.messages.of(conversation.id) : [];
      const [file] = message?.attachments ?? [];
      if (!conversation || !file) throw new Error(`#${count} has no file`);
      expect(Buffer.compare(Buffer.from(await content.attachment(file.id)), files.get(conversation.subject) ?? Buffer.alloc(0)), conversation.subject).toBe(0);
    }
    expect(await house.store.search.find(plainSearch('order'), 50)).toHaveLength(manifest.counts.conversations);
    await house.close();
  });

  it('is brought up to date in its folder: only new files are copied, and one database lies there', async () => {
    await desk.receive(mailFrom('a@customer.example', 'One', 'one'));
    const first = await save();
    await desk.receive(mailFrom('b@customer.example', 'Two', 'two'));
    const second = await save({ now: at(14) });
    expect([first.copied, first.kept, second.copied, second.kept]).toEqual([1, 0, 1, 1]);
    expect((await readdir(folder)).sort()).toEqual(['blobs', second.manifest.database.file, 'manifest.json']);
    expect((await bringBack()).manifest.counts).toEqual({ conversations: 2, messages: 2, mails: 2 });
  });

  it('shares files with the data folder where one disk holds both', async () => {
    await desk.receive(mailFrom('a@customer.example', 'One', 'one'));
    await save();
    const [shard = ''] = await readdir(join(folder, 'blobs'));
    const [name = ''] = await readdir(join(folder, 'blobs', shard));
    const [ours, theirs] = [await stat(join(desk.folder, 'blobs', shard, name)), await stat(join(folder, 'blobs', shard, name))];
    expect(theirs.ino).toBe(ours.ino);
    // A restored desk stands on its own.
    await bringBack();
    expect((await stat(join(`${folder}-data`, 'blobs', shard, name))).ino).not.toBe(ours.ino);
  });

  it('names the files that were lost before', async () => {
    await desk.receive(mailFrom('a@customer.example', 'One', 'one'));
    await rm(join(desk.folder, 'blobs'), { recursive: true });
    expect((await save()).missing).toHaveLength(1);
  });

  it('does not go into a folder that holds something else, nor of a desk that is not there', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'holiday.jpg'), 'x');
    await expect(save()).rejects.toThrow(/is not empty and holds no backup/);
    await expect(save({ folder: `${folder}-b`, databaseUrl: `file:${join(temp.path, 'nowhere.db')}` })).rejects.toThrow(/nothing to back up/);
  });
});

describe('restoring', () => {
  beforeEach(async () => {
    await desk.receive(mailFrom('a@customer.example', 'One', 'one'));
    await save();
  });

  it('refuses a data folder that is in use, and moves aside what is there when told to', async () => {
    await bringBack();
    await expect(bringBack()).rejects.toThrow(/is there already.*--force/s);
    const house = await openRestored();
    await expect(bringBack({ force: true })).rejects.toThrow(/desk is at work/);
    await house.close();
    const { movedAside } = await bringBack({ force: true });
    expect(movedAside).toHaveLength(2);
    expect((await readdir(`${folder}-data`)).sort()).toEqual(['blobs', 'blobs.before-restore-2026-11-20T13-00-00-000Z', 'goniec.db', 'goniec.db.before-restore-2026-11-20T13-00-00-000Z']);
    const again = await openRestored();
    expect((await auditOf(again, `file:${join(`${folder}-data`, 'goniec.db')}`)).ok).toBe(true);
    await again.close();
  });

  it('refuses a data folder with anything else in it', async () => {
    await mkdir(`${folder}-data`);
    await writeFile(join(`${folder}-data`, 'notes.txt'), 'x');
    await expect(bringBack()).rejects.toThrow(/is not empty \(notes\.txt\)/);
    expect(await readdir(`${folder}-data`)).toEqual(['notes.txt']);
    await bringBack({ force: true });
    expect((await readdir(`${folder}-data`)).sort()).toEqual(['blobs', 'goniec.db', 'notes.txt']);
  });

  it('refuses a backup that is not whole, changed, or of another engine, before anything is written', async () => {
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as { database: { file: string } };
    await expect(bringBack({ databaseUrl: 'postgresql://nobody@127.0.0.1:1/none' })).rejects.toThrow(/of a SQLite database, and DATABASE_URL names PostgreSQL/);
    await appendFile(join(folder, manifest.database.file), 'x');
    await expect(bringBack()).rejects.toThrow(/damaged/);
    await rm(join(folder, manifest.database.file));
    await expect(bringBack()).rejects.toThrow(/is missing/);
    await save();
    await rm(join(folder, 'blobs'), { recursive: true });
    await expect(bringBack()).rejects.toThrow(/holds 0 files .* made with 1/);
    await writeFile(join(folder, 'manifest.json'), '{"format":99}');
    await expect(bringBack()).rejects.toThrow(/does not know/);
    await rm(join(folder, 'manifest.json'));
    await expect(bringBack()).rejects.toThrow(/holds no finished backup/);
    await expect(stat(`${folder}-data`)).rejects.toThrow(/ENOENT/);
  });

  it('refuses a backup of a newer version', async () => {
    const source = join(desk.folder, 'goniec.db');
    const connection = new Database(source);
    connection.exec(`INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name) VALUES ('x', 'x', 1, '29990101000000_later')`);
    connection.close();
    await save({ version: '9.0.0' });
    await expect(bringBack()).rejects.toThrow(/made by Goniec 9\.0\.0, which is newer/);
  });

  it('says which files were damaged, and restores the rest', async () => {
    await desk.receive(mailFrom('b@customer.example', 'Two', 'two'));
    await save({ now: at(14) });
    const [shard = ''] = await readdir(join(folder, 'blobs'));
    const [name = ''] = await readdir(join(folder, 'blobs', shard));
    await rm(join(folder, 'blobs', shard, name));
    await writeFile(join(folder, 'blobs', shard, name), 'not what it was');
    expect(await bringBack()).toMatchObject({ blobs: 2, damaged: [name] });
  });

  it('never sends again what may have left since: it is uncertain, and a person decides', async () => {
    await desk.say('marek', 'reply', 1, { text: 'We send a new one.' });
    await save();
    // After the backup the desk sends it; then its disk dies.
    desk.pass(UNDO_MS);
    await desk.settle();
    expect(desk.sink.mails).toHaveLength(1);
    expect(await bringBack({ now: new Date(desk.now().getTime() + 60_000) })).toMatchObject({ doubtful: 1 });

    const config = { host: '127.0.0.1', port: 0, dataDir: `${folder}-data`, appSecret: SECRET, databaseUrl: `file:${join(`${folder}-data`, 'goniec.db')}`, publicUrl: undefined, trustProxy: false, logLevel: 'silent', inboundSmtp: { host: '127.0.0.1', port: 0, tls: undefined } } as const;
    const goniec = await startGoniec(config, quietLog());
    await eventually(async () => {
      const conversation = await goniec.store.conversations.byNumber(1);
      const messages = conversation ? await goniec.store.messages.of(conversation.id) : [];
      expect(messages.map(({ state }) => state)).toEqual(['received', 'uncertain']);
    }, { timeoutMs: 15_000 });
    await goniec.stop();
    expect(desk.sink.mails).toHaveLength(1);
  });
});

describe.runIf(available('postgresql'))('a backup of PostgreSQL', () => {
  const variables = available('postgresql') ? { PATH: serverPath('postgresql') } : {};

  it('is restored into an empty database', async () => {
    const database = await postgresqlDatabase();
    const { store } = await database.open();
    await store.transaction((tx) => tx.desk.save(desk.desk));
    const report = await save({ databaseUrl: database.url, variables });
    expect(report.manifest.database).toMatchObject({ engine: 'postgresql' });
    const empty = await freshDatabase({ name: 'restored' });
    await bringBack({ databaseUrl: empty, variables });
    const house = await openHouse({ dataDir: `${folder}-data`, databaseUrl: empty, appSecret: 'an-app-secret-for-tests-only-0123456789' }, quietLog());
    expect((await house.desk()).mailboxes.map(({ id }) => id)).toEqual(['shop' as MailboxId]);
    await house.close();
    await rm(`${folder}-data`, { recursive: true });
    await expect(bringBack({ databaseUrl: empty, variables })).rejects.toThrow(/in use already.*createdb/s);
    await database.remove();
  });

  it('says what is missing where pg_dump is not installed, and never shows the password', async () => {
    const database = await postgresqlDatabase();
    const url = database.url.replace('goniec@', 'goniec:hunter2@');
    const attempt = save({ databaseUrl: url, variables: { PATH: temp.path } });
    await expect(attempt).rejects.toThrow(/pg_dump is not installed here.*postgresql-client/s);
    await expect(attempt).rejects.not.toThrow(/hunter2/);
    await database.remove();
  });
});
