import { writeFile } from 'node:fs/promises';

import type { RawMail } from '../core/model.js';
import type { Store } from '../core/ports/store.js';
import { wakeReceiver } from '../desk/quarantine.js';
import { CommandLineError, print, printJson, withHouse } from './setting.js';

/** `goniec quarantine list` */
export async function listQuarantine(options: { json?: boolean }): Promise<void> {
  await withHouse(async ({ store }) => {
    const held = await store.rawMails.quarantined();
    if (options.json) return printJson(held);
    if (held.length === 0) return print('Nothing is in quarantine.');
    for (const mail of held) print(`${mail.id}  ${mail.receivedAt.toISOString()}  ${mail.mailboxId}  ${mail.bytes} bytes\n    ${mail.outcome ?? ''}`);
  });
}

/** `goniec quarantine show <id>` */
export async function showQuarantined(id: string): Promise<void> {
  await withHouse(async ({ store, blobs }) => {
    const mail = await heldMail(store, id);
    print(`Why: ${mail.outcome ?? ''}\nMailbox: ${mail.mailboxId}\nReceived: ${mail.receivedAt.toISOString()}\n`);
    if (mail.blob) process.stdout.write(await blobs.get(mail.blob));
  });
}

/** `goniec quarantine retry <id>|all` */
export async function retryQuarantine(id: string): Promise<void> {
  await withHouse(async ({ store }) => {
    const mails = id === 'all' ? await store.rawMails.quarantined() : [await heldMail(store, id)];
    await store.transaction(async (tx) => {
      for (const mail of mails) {
        await tx.rawMails.settle(mail.id, { state: 'stored', outcome: 'retry' });
        await wakeReceiver({ tx, now: new Date() }, mail.mailboxId);
      }
    });
    print(`${mails.length} back in line. A running desk reads them now, otherwise the next start does.`);
  });
}

/** `goniec quarantine save <id> <file>` */
export async function saveQuarantined(id: string, file: string): Promise<void> {
  await withHouse(async ({ store, blobs }) => {
    const mail = await heldMail(store, id);
    if (!mail.blob) throw new CommandLineError('This mail is over the limit and was left on the mail server.');
    await writeFile(file, await blobs.get(mail.blob));
    print(`Saved as ${file}`);
  });
}

async function heldMail(store: Store, id: string): Promise<RawMail> {
  const found = (await store.rawMails.quarantined()).filter((mail) => mail.id.startsWith(id));
  const [mail, another] = found;
  if (!mail || another) throw new CommandLineError(mail ? `More than one held mail begins with ${id}. Give more of its id.` : `No held mail has the id ${id}. goniec quarantine list shows them.`);
  return mail;
}
