import { access, constants, open, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { formatBytes } from '../core/language/say.js';
import { bad, ok, warn, type Finding } from './finding.js';

/** A day of mail with attachments; less than that deserves to be known before the night. */
const LOW_BYTES = 1_000_000_000;
/** SQLite needs room for its write-ahead log, and one large mail must fit. */
const FULL_BYTES = 100_000_000;

/** Whether what comes in can be kept. Makes nothing: a folder that is not there yet is made by the first start. */
export async function checkDataFolder(path: string): Promise<readonly Finding[]> {
  const isThere = await exists(path);
  const standing = isThere ? path : await nearestStanding(path);
  const problem = isThere ? await writeProblem(path) : await permissionProblem(standing);
  if (problem !== undefined) return [bad('doctor.data-dir-unwritable', { path }, problem)];
  return [isThere ? ok('doctor.data-dir-ok', { path }) : ok('doctor.data-dir-new', { path }), ...(await checkSpace(path, standing))];
}

async function checkSpace(path: string, standing: string): Promise<readonly Finding[]> {
  const free = await statfs(standing).then(({ bavail, bsize }) => bavail * bsize, () => undefined);
  if (free === undefined || free >= LOW_BYTES) return [];
  return [(free < FULL_BYTES ? bad : warn)('doctor.disk-low', { path, size: formatBytes(free, 'en') })];
}

/** Really writes: what permissions say is not all there is (read-only mounts, quotas). */
async function writeProblem(path: string): Promise<string | undefined> {
  const probe = join(path, `.doctor-${process.pid}.tmp`);
  try {
    const file = await open(probe, 'wx');
    await file.close();
    return undefined;
  } catch (error) {
    return wordsOf(error);
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

async function permissionProblem(folder: string): Promise<string | undefined> {
  try {
    if (!(await stat(folder)).isDirectory()) return `${folder} is a file`;
    await access(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return wordsOf(error);
  }
}

async function nearestStanding(path: string): Promise<string> {
  const parent = dirname(path);
  return parent === path || (await exists(parent)) ? parent : nearestStanding(parent);
}

const exists = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
