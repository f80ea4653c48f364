import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';

import { tellerOf } from '../core/export-page.js';
import { EXPORT_FORMATS, exportConversation } from '../desk/export-conversation.js';
import { createContentReader } from '../desk/read-content.js';
import { createComposer } from '../mail/compose.js';
import { toHtml } from '../mail/markdown.js';
import { parseMail } from '../mail/parse.js';
import { zip } from '../mail/zip.js';
import { CommandLineError, print, withHouse } from './setting.js';

/** `goniec conversation 42 file.html|file.zip`: one conversation as a file, notes of the team only when asked for. */
export async function saveConversation(number: string, file: string, options: { notes?: boolean }): Promise<void> {
  const format = EXPORT_FORMATS.find((known) => `.${known}` === extname(file).toLowerCase());
  if (!format) throw new CommandLineError(`Name the file ….html (a page to read and print) or ….zip (the mails as .eml), not ${file}.`);
  const digits = /^#?(\d{1,9})$/.exec(number)?.[1];
  if (digits === undefined) throw new CommandLineError(`“${number}” is not the number of a conversation. Example: goniec conversation 42 ${file}`);
  await withHouse(async ({ store, blobs, desk, sign }) => {
    const conversation = await store.conversations.byNumber(Number(digits));
    if (!conversation) throw new CommandLineError(`There is no conversation #${digits}.`);
    const present = await desk();
    const content = createContentReader({ store, blobs, readMail: parseMail });
    const compose = createComposer({ readBlob: (hash) => blobs.get(hash), sign });
    const internal = options.notes ?? false;
    const made = await exportConversation({ store, content, compose, archive: zip, toHtml }, { conversation, desk: present, format, internal, teller: tellerOf(present.locale, present.hours.timeZone), now: new Date() });
    await writeFile(file, made.content, { mode: 0o600 });
    print(internal ? `Saved as ${file}, with notes of the team: not for customers.` : `Saved as ${file}. Notes of the team are left out; --notes takes them along.`);
  });
}
