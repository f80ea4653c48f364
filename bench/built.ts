/** The built product, module by module: what is measured is what runs, not what a loader makes of the sources. */
import { existsSync } from 'node:fs';

const DIST = new URL('../dist/', import.meta.url);

async function built<Module>(path: string): Promise<Module> {
  const url = new URL(path, DIST);
  if (!existsSync(url)) throw new Error('The product is not built: run "npm run build" first.');
  return (await import(url.href)) as Module;
}

type Main = typeof import('../src/main.js');
type Receive = typeof import('../src/desk/receive-mail.js');
type Watch = typeof import('../src/mail/imap-watch.js');
type Parse = typeof import('../src/mail/parse.js');
type Patterns = typeof import('../src/patterns/re2.js');
type Quotes = typeof import('../src/core/quotes.js');
type NewId = typeof import('../src/storage/new-id.js');

export const { openHouse, startGoniec } = await built<Main>('main.js');
export const { receiveMail } = await built<Receive>('desk/receive-mail.js');
export const { watchMailbox } = await built<Watch>('mail/imap-watch.js');
export const { parseMail } = await built<Parse>('mail/parse.js');
export const { re2Patterns } = await built<Patterns>('patterns/re2.js');
export const { trimQuotes } = await built<Quotes>('core/quotes.js');
export const { newId } = await built<NewId>('storage/new-id.js');
