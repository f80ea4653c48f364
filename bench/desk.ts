/** Desks to measure on: the product's own composition, a folder of its own, mailboxes on a real Dovecot. */
import { join } from 'node:path';

import type { Config } from '../src/config.js';
import type { ChannelId, MailboxId } from '../src/core/ids.js';
import type { Desk, Mailbox } from '../src/core/model.js';
import type { House } from '../src/main.js';
import { quietLog } from '../test/support/quiet-log.js';
import { aDesk, aMailbox } from '../test/support/samples.js';
import { tempFolder, type TempFolder } from '../test/support/temp-folder.js';
import { newId, openHouse, parseMail, re2Patterns, receiveMail } from './built.js';

export const SECRET = 'a secret for measurements, long enough for the vault';
export const log = quietLog();
export const clock = { now: () => new Date() };

export const boxName = (index: number): string => `box${index + 1}`;

/** @param imapPort of Dovecot; undefined: mail is put in by hand */
export function boxes(count: number, imapPort: number | undefined): readonly Mailbox[] {
  const login = { host: '127.0.0.1', security: 'none', ca: undefined, trustAnyCertificate: false } as const;
  return Array.from({ length: count }, (_, index) =>
    aMailbox({
      id: boxName(index) as MailboxId, kind: 'imap', address: `${boxName(index)}@desk.example`, channel: 'orders' as ChannelId,
      imap: imapPort === undefined ? undefined : { ...login, port: imapPort, user: boxName(index), password: 'secret', folders: ['INBOX'], after: { do: 'leave' }, sentFolder: undefined, pollSeconds: 60 },
    }),
  );
}

export interface BenchDesk {
  readonly house: House;
  readonly config: Config;
  readonly folder: TempFolder;
  readonly database: string;
  readonly mailboxes: readonly Mailbox[];
  /** Reads, routes and queues what is stored of the first mailbox, as the receive job does. */
  receive(): Promise<void>;
  close(): Promise<void>;
}

/** @param over channels on a chat platform, and who works there */
export async function openBenchDesk(mailboxes: readonly Mailbox[], over: Partial<Desk> = {}): Promise<BenchDesk> {
  const folder = tempFolder('bench');
  const config = configOf(folder.path);
  const house = await openHouse(config, log);
  await house.store.transaction((tx) => tx.desk.save(aDesk({ mailboxes, ...over })));
  // The new desk is read again after the change.
  await house.desk();
  const needs = { store: house.store, blobs: house.blobs, readMail: parseMail, desk: house.desk, patterns: re2Patterns(), clock, newId, sign: house.sign, log };
  const [first] = mailboxes;
  return {
    house, config, folder, database: join(folder.path, 'goniec.db'), mailboxes,
    receive: () => receiveMail(needs, (first?.id ?? '') as MailboxId),
    async close() {
      await house.close();
      await folder.remove();
    },
  };
}

export function configOf(dataDir: string): Config {
  return {
    host: '127.0.0.1', port: 0, dataDir, appSecret: SECRET, databaseUrl: `file:${join(dataDir, 'goniec.db')}`, publicUrl: undefined, trustProxy: false, logLevel: 'silent',
    inboundSmtp: { host: '127.0.0.1', port: 0, tls: undefined },
  };
}
