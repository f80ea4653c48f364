import { join, resolve } from 'node:path';

import { backUp } from '../storage/backup.js';
import { BackupRefused } from '../storage/backup-manifest.js';
import { restore } from '../storage/restore.js';
import { CommandLineError, print, printJson, readSetting } from './setting.js';
import { VERSION } from './version.js';

/** Hashes shown on a terminal; `--json` has all. */
const SHOWN = 5;

/** `goniec backup <folder>`: beside a desk that runs. Ends with 1 when the data folder had lost something before. */
export async function runBackup(folder: string, options: { json?: boolean } = {}): Promise<void> {
  const { config, environment } = readSetting();
  const target = resolve(folder);
  const { manifest, copied, kept, missing } = await explained(
    backUp({ databaseUrl: config.databaseUrl, blobs: join(config.dataDir, 'blobs'), folder: target, version: VERSION, now: new Date(), variables: environment }),
  );
  if (options.json) printJson({ ok: missing.length === 0, folder: target, manifest, copied, kept, missing });
  else {
    const { counts, database, blobs } = manifest;
    print(`Backed up to ${target}: ${counts.conversations} conversations, ${counts.messages} messages, ${counts.mails} mails.`);
    print(`Database: ${database.bytes} bytes. Files of mails and attachments: ${blobs.files}, ${blobs.bytes} bytes; ${copied} of them new.`);
    print('Keep APP_SECRET (.env) and desk.yaml as well, somewhere else: neither is in the backup, and passwords of mailboxes cannot be read without APP_SECRET.');
    if (missing.length > 0) print(`${missing.length} files were missing before already (${shown(missing)}). goniec audit --repair fetches what the mail servers still have.`);
  }
  if (missing.length > 0) process.exitCode = 1;
}

/** `goniec restore <folder>`. Ends with 1 when a file in the backup was damaged; the rest is restored all the same. */
export async function runRestore(folder: string, options: { force?: boolean; json?: boolean } = {}): Promise<void> {
  const { config, environment } = readSetting();
  const report = await explained(restore({ folder: resolve(folder), databaseUrl: config.databaseUrl, dataDir: config.dataDir, force: options.force ?? false, now: new Date(), variables: environment }));
  const { manifest, blobs, damaged, movedAside, doubtful } = report;
  if (options.json) printJson({ ok: damaged.length === 0, ...report });
  else {
    print(`Restored the state of ${manifest.createdAt} (Goniec ${manifest.version}): ${manifest.counts.conversations} conversations, ${manifest.counts.messages} messages, ${blobs} files.`);
    for (const path of movedAside) print(`What was there before lies in ${path}`);
    if (doubtful > 0) print(`${doubtful} answers were in line at that time and may have left since. They are looked for in Sent at the next start; what is not found there is shown as uncertain, and a person decides.`);
    if (damaged.length > 0) print(`${damaged.length} files of the backup are damaged (${shown(damaged)}). goniec audit --repair fetches what the mail servers still have.`);
    print('Now run: goniec audit');
  }
  if (damaged.length > 0) process.exitCode = 1;
}

const shown = (hashes: readonly string[]): string => `${hashes.slice(0, SHOWN).join(' ')}${hashes.length > SHOWN ? ' …' : ''}`;

/** What a person can put right is said without a stack. */
async function explained<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof BackupRefused ? new CommandLineError(error.message, { cause: error }) : error;
  }
}
