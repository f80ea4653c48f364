/** Commands that keep a desk safe: backup, restore, rotate-secret, as a person at a terminal sees them. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { runBackup, runRestore } from '../../src/cli/backup.js';
import { rotateSecret } from '../../src/cli/rotate-secret.js';
import { openHouse, type House } from '../../src/main.js';
import { resealSecrets } from '../../src/storage/reseal.js';
import { openVault } from '../../src/storage/vault.js';
import { quietLog } from '../support/quiet-log.js';
import { aDesk, aMailbox } from '../support/samples.js';
import { available } from '../support/servers.js';
import { tempFolder } from '../support/temp-folder.js';
import { postgresqlDatabase } from '../storage/databases.js';

const OLD = 'a secret that is long enough for tests';
const NEW = 'another secret, as long as it has to be';
const login = { port: 993, security: 'tls', user: 'shop', ca: undefined, trustAnyCertificate: false } as const;
const theDesk = aDesk({
  mailboxes: [aMailbox({ kind: 'imap', imap: { ...login, host: 'imap.example', password: 'first password', folders: ['INBOX'], after: { do: 'leave' }, sentFolder: undefined, pollSeconds: 60 }, smtp: { ...login, host: 'smtp.example', password: 'second password' } })],
});
const temp = tempFolder('keeping');
const home = process.cwd();
let folder = '';
let number = 0;

beforeEach(async () => {
  folder = join(temp.path, String((number += 1)));
  await mkdir(folder);
  process.chdir(folder);
  for (const name of ['APP_SECRET', 'NEW_APP_SECRET', 'GONIEC_DATA_DIR', 'DATABASE_URL']) vi.stubEnv(name, undefined);
  await writeFile('.env', `APP_SECRET=${OLD}\n`);
});
afterEach(() => {
  process.chdir(home);
  process.exitCode = undefined;
});
afterAll(() => temp.remove());

const house = (appSecret: string, data = 'data'): Promise<House> => openHouse({ dataDir: join(folder, data), databaseUrl: `file:${join(folder, data, 'goniec.db')}`, appSecret }, quietLog());
async function printed(command: () => Promise<void>): Promise<string> {
  let text = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  await command().finally(() => spy.mockRestore());
  return text;
}
async function withDesk(): Promise<void> {
  const open = await house(OLD);
  await open.store.transaction((tx) => tx.desk.save(theDesk));
  // Whoever follows the desk reads it again now; closed in the middle of that, a connection would stay open.
  await open.desk();
  await open.close();
}

describe('goniec backup and restore', () => {
  it('say what they did and what comes next', async () => {
    await withDesk();
    expect(await printed(() => runBackup('backup'))).toMatch(/^Backed up to .*backup: 0 conversations[^]*Keep APP_SECRET/);
    await expect(runRestore('backup')).rejects.toThrow(/is there already/);
    expect(await printed(() => runRestore('backup', { force: true }))).toMatch(/Restored the state of 20[^]*What was there before lies in [^]*Now run: goniec audit\n$/);
    vi.stubEnv('GONIEC_DATA_DIR', 'elsewhere');
    await printed(() => runRestore('backup'));
    const open = await house(OLD, 'elsewhere');
    expect((await open.desk()).mailboxes[0]?.imap?.password).toBe('first password');
    await open.close();
    expect(process.exitCode).toBeUndefined();
  });

  it('keep secrets as they are in the database: sealed', async () => {
    await withDesk();
    const { manifest } = JSON.parse(await printed(() => runBackup('backup', { json: true }))) as { manifest: { database: { file: string } } };
    const bytes = await readFile(join('backup', manifest.database.file), 'latin1');
    expect(bytes).toContain('imap.example');
    expect(bytes).not.toContain('first password');
    expect(bytes).not.toContain(OLD);
  });
});

describe('goniec rotate-secret', () => {
  it('seals every stored password anew; the old secret opens nothing any more', async () => {
    await withDesk();
    vi.stubEnv('NEW_APP_SECRET', NEW);
    expect(await printed(rotateSecret)).toMatch(/^2 stored passwords are sealed with the new secret now\.\nIn \.env, set APP_SECRET/);
    await expect(house(OLD)).rejects.toThrow(/APP_SECRET/);
    const open = await house(NEW);
    const [mailbox] = (await open.desk()).mailboxes;
    expect(mailbox).toEqual(theDesk.mailboxes[0]);
    await open.close();
  });

  it('can be run again when .env was not changed yet', async () => {
    await withDesk();
    vi.stubEnv('NEW_APP_SECRET', NEW);
    await printed(rotateSecret);
    expect(await printed(rotateSecret)).toMatch(/^0 stored passwords are sealed with the new secret now; 2 were before\./);
  });

  it('refuses while a desk runs, without a new secret, with a short one, and with the same', async () => {
    await expect(rotateSecret()).rejects.toThrow(/NEW_APP_SECRET is not set/);
    vi.stubEnv('NEW_APP_SECRET', 'short');
    await expect(rotateSecret()).rejects.toThrow(/too short/);
    vi.stubEnv('NEW_APP_SECRET', OLD);
    await expect(rotateSecret()).rejects.toThrow(/the same/);
    vi.stubEnv('NEW_APP_SECRET', NEW);
    await expect(rotateSecret()).rejects.toThrow(/database is empty/);
    await withDesk();
    const open = await house(OLD);
    await expect(rotateSecret()).rejects.toThrow(/The desk is running.*Stop it/);
    await open.close();
    const again = await house(OLD);
    expect((await again.desk()).mailboxes[0]?.smtp?.password).toBe('second password');
    await again.close();
  });

  it('changes nothing when one password was sealed with a third secret', async () => {
    const open = await house(OLD);
    await open.store.transaction((tx) => tx.desk.save(aDesk({ mailboxes: [...theDesk.mailboxes, ...theDesk.mailboxes.map((mailbox) => ({ ...mailbox, id: 'other' as typeof mailbox.id, address: 'other@desk.example' }))] })));
    await open.close();
    const url = `file:${join(folder, 'data', 'goniec.db')}`;
    const present = openVault(OLD);
    let opened = 0;
    // The third of four passwords cannot be opened.
    const failing = { ...present, open: (sealed: string): string => { if ((opened += 1) === 3) throw new Error('sealed with another APP_SECRET'); return present.open(sealed); } };
    await expect(resealSecrets(url, failing, openVault(NEW))).rejects.toThrow(/another APP_SECRET/);
    const again = await house(OLD);
    expect((await again.desk()).mailboxes.map(({ smtp }) => smtp?.password)).toEqual(['second password', 'second password']);
    await again.close();
  });

  it.runIf(available('postgresql'))('works on PostgreSQL, and refuses there too while a desk runs', async () => {
    const database = await postgresqlDatabase();
    const vault = openVault('an-app-secret-for-tests-only-0123456789');
    const { store } = await database.open();
    await store.transaction((tx) => tx.desk.save(theDesk));
    await expect(resealSecrets(database.url, vault, openVault(NEW))).rejects.toThrow(/at work/);
    await store.close();
    expect(await resealSecrets(database.url, vault, openVault(NEW))).toEqual({ changed: 2, already: 0 });
    const open = await openHouse({ dataDir: join(folder, 'data'), databaseUrl: database.url, appSecret: NEW }, quietLog());
    expect((await open.desk()).mailboxes).toEqual(theDesk.mailboxes);
    await open.close();
  });
});
