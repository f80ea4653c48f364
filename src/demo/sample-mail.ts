import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** demo/ lies beside src/ and dist/. */
export const DEMO_FOLDER = fileURLToPath(new URL('../../demo', import.meta.url));

/** The sample mails in the order of their names, dated now: in the files the date stands still. */
export async function readSampleMails(now: Date): Promise<readonly { readonly name: string; readonly raw: Buffer }[]> {
  const folder = join(DEMO_FOLDER, 'mails');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.eml')).sort();
  return Promise.all(names.map(async (name) => ({ name, raw: redate(await readFile(join(folder, name)), now) })));
}

function redate(raw: Buffer, now: Date): Buffer {
  return Buffer.from(raw.toString('latin1').replace(/^Date: .*$/m, `Date: ${now.toUTCString().replace('GMT', '+0000')}`).replace(/\r?\n/g, '\r\n'), 'latin1');
}
