// Tells whether inputs changed since something was made from them.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { ROOT } from './run.mjs';

/**
 * All files below a folder (or the file itself), sorted, absolute.
 *
 * @param {string} path
 * @param {(path: string) => boolean} [skip] folders and files left out
 * @returns {string[]}
 */
export function filesBelow(path, skip = () => false) {
  if (!existsSync(path) || skip(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name), skip));
}

/**
 * Changes when a file is added, removed or edited. Reads contents, so that a checkout or a copy with new dates is not a change.
 *
 * @param {readonly string[]} files
 * @param {readonly string[]} [facts] anything else the result depends on
 */
export function fingerprint(files, facts = []) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(relative(ROOT, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.update(facts.join('\0')).digest('hex');
}

/**
 * @param {string} stampFile
 * @param {string} print
 */
export function isStamped(stampFile, print) {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === print;
}

/**
 * @param {string} stampFile
 * @param {string} print
 */
export function stamp(stampFile, print) {
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, print);
}
