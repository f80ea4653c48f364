import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

import { ROOT } from './run.mjs';

/**
 * Becomes the built program: it runs in this very process, so that signals, input, output and exit code are its own.
 *
 * @param {readonly string[]} args
 */
export async function startProgram(args) {
  const program = join(ROOT, 'bin/goniec.js');
  process.argv = [process.execPath, program, ...args];
  await import(pathToFileURL(program).href);
}
