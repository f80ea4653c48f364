/** What a run stands on: real Dovecot, an SMTP server that outlives every kill, lines in between that can be disturbed, and a desk for the product to find. */
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { ImapFlow } from 'imapflow';

import type { AgentId, ChannelId, FolderId, MailboxId, RuleId } from '../src/core/ids.js';
import type { Desk } from '../src/core/model.js';
import { newId } from '../src/storage/new-id.js';
import { openStore } from '../src/storage/open.js';
import { openVault } from '../src/storage/vault.js';
import { hashPassword } from '../src/web/passwords.js';
import { startDovecot, type Dovecot } from '../test/support/dovecot.js';
import { freePort } from '../test/support/free-port.js';
import { ProductProcess } from '../test/support/product-process.js';
import { quietLog } from '../test/support/quiet-log.js';
import { aDesk, aMailbox, anAgent } from '../test/support/samples.js';
import { startSmtpSink, type SmtpSink } from '../test/support/smtp-sink.js';
import { tempFolder } from '../test/support/temp-folder.js';
import { mailboxAddress, mailboxName } from './plan.js';
import { Line } from './line.js';
import { Visitor } from './visitor.js';

/** Runs the product with a fault in it. */
const DRIVER = fileURLToPath(new URL('product.ts', import.meta.url));
const SECRET = 'a secret for chaos runs, long enough for the vault';
const PASSWORD = 'chaos password 1';
export const NEWS_FOLDER = 'news';
/** Short: what IDLE does not tell is found soon, and a run need not wait. */
const POLL_SECONDS = 3;
/** Long enough for a person to be seen undoing, short enough for a run. */
const UNDO_SECONDS = 1;

export interface House {
  readonly dovecot: Dovecot;
  readonly sink: SmtpSink;
  /** Between the product and the two servers. */
  readonly imapLine: Line;
  readonly smtpLine: Line;
  readonly product: ProductProcess;
  readonly visitor: Visitor;
  /** The product's data folder. */
  readonly data: string;
  readonly database: string;
  readonly mailboxes: number;
  /** Marks of the mails in a folder of a mailbox, as the IMAP server tells them, by a header. */
  readOnServer(mailbox: number, folder: string, header: string): Promise<readonly string[]>;
  /** Copies what the product left behind, to look into. */
  keep(folder: string): Promise<void>;
  close(): Promise<void>;
}

/** A disk of its own under the data folder. */
export interface Disk {
  remove(): Promise<void>;
}

export async function openHouse(options: { readonly mailboxes: number; readonly driver?: (folder: string) => Readonly<Record<string, string>>; readonly disk?: (folder: string) => Promise<Disk> }): Promise<House> {
  const { mailboxes } = options;
  const temp = tempFolder('chaos');
  const data = join(temp.path, 'data');
  await mkdir(data, { recursive: true });
  const disk = await options.disk?.(data);
  const dovecot = await startDovecot({ users: Object.fromEntries(Array.from({ length: mailboxes }, (_, index) => [mailboxName(index), 'secret'])) });
  const sink = await startSmtpSink();
  const imapLine = await Line.to(dovecot.imapPort);
  const smtpLine = await Line.to(sink.port);
  const database = join(data, 'goniec.db');
  await writeDesk(database, describeDesk(mailboxes, imapLine.port, smtpLine.port));
  const product = new ProductProcess({
    folder: temp.path, dataDir: join(temp.path, 'data'), port: await freePort(), secret: SECRET, logLevel: 'info',
    driver: options.driver && { script: DRIVER, env: options.driver(temp.path) },
  });

  return {
    dovecot, sink, imapLine, smtpLine, product, data, database, mailboxes,
    visitor: new Visitor(() => product.url, 'marek@desk.example', PASSWORD),
    async readOnServer(mailbox, folder, header) {
      const client = new ImapFlow({ host: '127.0.0.1', port: dovecot.imapPort, secure: false, doSTARTTLS: false, auth: { user: mailboxName(mailbox), pass: 'secret' }, logger: false });
      await client.connect();
      try {
        const { exists } = await client.mailboxOpen(folder, { readOnly: true });
        const marks: string[] = [];
        if (exists === 0) return marks;
        for await (const { headers } of client.fetch('1:*', { headers: [header] })) marks.push((headers?.toString('utf8') ?? '').replace(/^[^:]*:/, '').trim());
        return marks;
      } finally {
        await client.logout();
      }
    },
    async keep(folder) {
      await product.kill();
      await cp(temp.path, folder, { recursive: true });
    },
    async close() {
      await product.kill();
      await imapLine.close();
      await smtpLine.close();
      await sink.stop();
      await dovecot.close();
      await disk?.remove();
      await temp.remove();
    },
  };
}

function describeDesk(mailboxes: number, imapPort: number, smtpPort: number): Desk {
  const login = { host: '127.0.0.1', security: 'none', ca: undefined, trustAnyCertificate: false } as const;
  const channels = ['orders', 'returns'] as const;
  return aDesk({
    mailboxes: Array.from({ length: mailboxes }, (_, index) =>
      aMailbox({
        id: mailboxName(index) as MailboxId, kind: 'imap', address: mailboxAddress(index), channel: channels[index % channels.length] as ChannelId, undoSeconds: UNDO_SECONDS,
        imap: { ...login, port: imapPort, user: mailboxName(index), password: 'secret', folders: ['INBOX'], after: { do: 'leave' }, sentFolder: 'Sent', pollSeconds: POLL_SECONDS },
        smtp: { ...login, port: smtpPort, user: undefined, password: undefined },
      }),
    ),
    agents: [anAgent()],
    rules: [{ id: 'news' as RuleId, name: 'Newsletters', position: 1, when: { header: { name: 'List-Id', matches: 'news.shop.example' } }, then: [{ folder: NEWS_FOLDER as FolderId }] }],
  });
}

async function writeDesk(database: string, desk: Desk): Promise<void> {
  const { store } = await openStore({ databaseUrl: `file:${database}`, vault: openVault(SECRET), log: quietLog(), newId, clock: { now: () => new Date() } });
  const hash = await hashPassword(PASSWORD);
  await store.transaction(async (tx) => {
    await tx.desk.save(desk);
    await tx.desk.setPasswordHash('marek' as AgentId, hash);
  });
  await store.close();
}

/** The product's database beside the product; only read. */
export function readDatabase<Result>(file: string, read: (database: Database.Database) => Result): Result {
  const database = new Database(file, { readonly: true, timeout: 5_000 });
  try {
    return read(database);
  } finally {
    database.close();
  }
}
