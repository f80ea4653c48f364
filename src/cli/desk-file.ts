import { readFile } from 'node:fs/promises';

import type { Desk } from '../core/model.js';
import { formatProblems } from '../deskfile/problems.js';
import { readDeskFile } from '../deskfile/read.js';
import type { Environment } from '../config.js';
import { re2Patterns } from '../patterns/re2.js';
import { CommandLineError } from './setting.js';

/** @throws CommandLineError that names every mistake with its line */
export async function loadDeskFile(file: string, environment: Environment): Promise<Desk> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new CommandLineError(cause.code === 'ENOENT' ? `There is no file ${file}. Copy desk.example.yaml to desk.yaml and change it.` : `${file} cannot be read: ${cause.message}`);
  });
  const read = readDeskFile(text, environment, re2Patterns());
  if ('problems' in read) throw new CommandLineError(formatProblems(read.problems, file, 'en'));
  return read.desk;
}
