import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { runAudit } from '../../src/cli/audit.js';
import { runDoctor } from '../../src/cli/doctor.js';
import type { Desk } from '../../src/core/model.js';
import { exportDesk } from '../../src/deskfile/export.js';
import { openHouse } from '../../src/main.js';
import { mailFrom } from '../support/desk-under-test.js';
import { startDovecot, type Dovecot } from '../support/dovecot.js';
import { quietLog } from '../support/quiet-log.js';
import { aDesk, aMailbox } from '../support/samples.js';
import { available } from '../support/servers.js';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.js';
import { tempFolder } from '../support/temp-folder.js';

interface Printed {
  readonly ok: boolean;
  readonly findings: readonly { readonly level: string; readonly key: string; readonly text: string; readonly params: object; readonly detail?: string; readonly kind?: string; readonly ids?: readonly string[] }[];
  readonly repaired?: number;
  readonly left?: readonly object[];
}

const SECRET = 'a secret that is long enough for tests';
const temp = tempFolder('cli');
const home = process.cwd();
let folder = '';
let number = 0;

beforeEach(async () => {
  folder = join(temp.path, String((number += 1)));
  await mkdir(folder);
  process.chdir(folder);
  process.exitCode = undefined;
  for (const name of ['APP_SECRET', 'GONIEC_DATA_DIR', 'DATABASE_URL', 'PORT', 'PUBLIC_URL']) vi.stubEnv(name, undefined);
  await writeFile('.env', `APP_SECRET=${SECRET}\n`);
});
afterEach(() => {
  process.chdir(home);
  process.exitCode = undefined;
});
afterAll(() => temp.remove());

/** What a command prints to standard output, and the code it would end with. */
async function run(command: () => Promise<void>): Promise<{ text: string; code: typeof process.exitCode }> {
  let text = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  process.exitCode = undefined;
  await command();
  spy.mockRestore();
  return { text, code: process.exitCode };
}
async function json(command: (options: { json: boolean }) => Promise<void>): Promise<Printed & { code: typeof process.exitCode }> {
  const { text, code } = await run(() => command({ json: true }));
  return { ...(JSON.parse(text) as Printed), code };
}
const keysOf = ({ findings }: Printed): readonly string[] => findings.map(({ level, key }) => `${level} ${key}`);
const houseHere = () => openHouse({ dataDir: join(folder, 'data'), databaseUrl: `file:${join(folder, 'data', 'goniec.db')}`, appSecret: SECRET }, quietLog());

describe('goniec doctor, before there is anything', () => {
  it('says which settings are wrong and what they are for', async () => {
    await writeFile('.env', 'APP_SECRET=short\nPORT=many\n');
    const { text, code } = await run(() => runDoctor({}));
    expect(code).toBe(1);
    expect(text).toContain('bad  APP_SECRET is too short: it needs 32 characters or more\n     Encrypts the passwords');
    expect(text).toContain('bad  PORT is not a port');
    expect(text).toContain('warn Nothing else was looked at.');
    expect(text).toMatch(/2 things do not work\n1 thing to know\n$/);
    expect(keysOf(await json(runDoctor))).toEqual(['bad doctor.setting', 'bad doctor.setting', 'warn doctor.rest-unchecked']);
  });

  it('makes neither folder nor database', async () => {
    const look = await json(runDoctor);
    expect(look).toMatchObject({ ok: false, code: 1 });
    expect(keysOf(look)).toEqual(['ok doctor.settings-ok', 'ok doctor.data-dir-new', 'ok doctor.database-new', 'bad doctor.desk-empty']);
    expect(keysOf(await json(runDoctor))).toEqual(keysOf(look));
  });
});

describe.runIf(available('dovecot'))('goniec doctor and audit on real servers', () => {
  let dovecot: Dovecot;
  let relay: SmtpSink;
  beforeAll(async () => {
    dovecot = await startDovecot({ users: { shop: 'secret' } });
    relay = await startSmtpSink({ auth: { user: 'shop', pass: 'secret' }, startTls: true });
    await dovecot.deliver('shop', mailFrom('Anna <anna@customer.example>', 'One', 'one'), mailFrom('Anna <anna@customer.example>', 'Two', 'two'));
  });
  afterAll(async () => {
    await relay.stop();
    await dovecot.close();
  });
  const theDesk = (): Desk =>
    aDesk({
      agents: [],
      mailboxes: [aMailbox({
        kind: 'imap',
        imap: { host: 'localhost', port: dovecot.imapsPort, security: 'tls', user: 'shop', password: 'secret', ca: dovecot.ca, trustAnyCertificate: false, folders: ['INBOX'], after: { do: 'leave' }, sentFolder: 'Sent', pollSeconds: 60 },
        smtp: { host: 'localhost', port: relay.port, security: 'starttls', user: 'shop', password: 'secret', ca: relay.ca, trustAnyCertificate: false },
      })],
    });

  it('checks desk.yaml before it is applied, and finds everything in order once it is, while a desk runs', async () => {
    await writeFile('desk.yaml', exportDesk(theDesk()));
    await writeFile('.env', `APP_SECRET=${SECRET}\nSHOP_IMAP_PASSWORD=secret\nSHOP_SMTP_PASSWORD=secret\n`);
    const before = await json(runDoctor);
    expect(keysOf(before)).toEqual(['ok doctor.settings-ok', 'ok doctor.data-dir-new', 'ok doctor.database-new', 'ok doctor.desk-ok', 'warn doctor.desk-unapplied', 'ok doctor.imap-ok', 'ok doctor.smtp-ok']);
    expect(before).toMatchObject({ ok: true, code: undefined });

    const house = await houseHere();
    await house.store.transaction((tx) => tx.desk.save(theDesk()));
    const after = await json(runDoctor);
    expect(after.findings.filter(({ level }) => level === 'bad')).toEqual([]);
    expect(after.findings.find(({ key }) => key === 'doctor.imap-ok')).toEqual({ level: 'ok', key: 'doctor.imap-ok', text: 'shop: reading works (localhost)', params: { mailbox: 'shop', host: 'localhost' } });
    await house.close();
    expect(relay.mails).toEqual([]);

    // Another APP_SECRET: said once, and no login is tried with a password that cannot be read.
    await writeFile('.env', 'APP_SECRET=another secret that is long enough\nSHOP_IMAP_PASSWORD=secret\nSHOP_SMTP_PASSWORD=secret\n');
    const changed = await json(runDoctor);
    expect(changed.findings.filter(({ level }) => level === 'bad').map(({ key }) => key)).toEqual(['doctor.secret-changed']);
    expect(keysOf(changed).filter((key) => /imap|smtp/.test(key))).toEqual([]);
  });

  it('audit finds mails that were lost between server and ledger, and takes them in', async () => {
    const house = await houseHere();
    await house.store.transaction(async (tx) => {
      await tx.desk.save(theDesk());
    });
    const inbox = { mailboxId: theDesk().mailboxes[0]?.id ?? ('shop' as never), folder: 'INBOX' };
    const empty = await json(runAudit);
    expect(empty).toMatchObject({ ok: true, findings: [] });
    // A cursor that moved before the mails were stored: what must never happen.
    const uidValidity = await uidValidityOf();
    await house.store.transaction((tx) => tx.cursors.save({ ...inbox, uidValidity, lastUid: 2, historyUid: 0 }));
    const later = await json(runAudit);
    // Both came before the first connection, so they were left alone: with a history mark below them they are lost.
    expect(later).toMatchObject({ ok: true, findings: [] });
    await house.store.transaction((tx) => tx.cursors.save({ ...inbox, uidValidity, lastUid: 2, historyUid: 1 }));
    const lost = await json(runAudit);
    expect(lost).toMatchObject({ ok: false, code: 1, findings: [{ level: 'bad', kind: 'lost', ids: ['2'], text: 'shop, INBOX: 1 mail lies on the server and was never taken in' }], repaired: 0 });
    const { text } = await run(() => runAudit({}));
    expect(text).toContain('bad  shop, INBOX: 1 mail lies on the server and was never taken in\n     2\n');
    expect(text).toContain('goniec audit --repair');

    const repaired = await json((options) => runAudit({ ...options, repair: true }));
    expect(repaired).toMatchObject({ ok: true, code: undefined, repaired: 1, left: [{ kind: 'waiting' }] });
    expect(await house.store.rawMails.waiting(inbox.mailboxId, 10)).toHaveLength(1);
    await house.close();
  });

  async function uidValidityOf(): Promise<number> {
    const { listServerMails } = await import('../../src/mail/list-uids.js');
    const [mailbox] = theDesk().mailboxes;
    if (!mailbox) throw new Error('no mailbox');
    const [inbox] = await listServerMails(mailbox, [{ folder: 'INBOX', above: 0 }]);
    if (!inbox || 'problem' in inbox) throw new Error('no INBOX');
    return inbox.uidValidity;
  }
});
