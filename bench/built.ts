/** The built product, module by module: what is measured is what runs, not what a loader makes of the sources. */
import { existsSync } from 'node:fs';

import type * as Main from '../src/main.js';
import type * as Bulk from '../src/desk/bulk.js';
import type * as Receive from '../src/desk/receive-mail.js';
import type * as Watch from '../src/mail/imap-watch.js';
import type * as Parse from '../src/mail/parse.js';
import type * as Patterns from '../src/patterns/re2.js';
import type * as Quotes from '../src/core/quotes.js';
import type * as NewId from '../src/storage/new-id.js';

const DIST = new URL('../dist/', import.meta.url);

async function built<Module>(path: string): Promise<Module> {
  const url = new URL(path, DIST);
  if (!existsSync(url)) throw new Error('The product is not built: run "npm run build" first.');
  return (await import(url.href)) as Module;
}

export const { openHouse, startGoniec } = await built<typeof Main>('main.js');
export const { runBulk } = await built<typeof Bulk>('desk/bulk.js');
export const { receiveMail } = await built<typeof Receive>('desk/receive-mail.js');
export const { watchMailbox } = await built<typeof Watch>('mail/imap-watch.js');
export const { parseMail } = await built<typeof Parse>('mail/parse.js');
export const { re2Patterns } = await built<typeof Patterns>('patterns/re2.js');
export const { trimQuotes } = await built<typeof Quotes>('core/quotes.js');
export const { newId } = await built<typeof NewId>('storage/new-id.js');
