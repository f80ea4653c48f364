// Keeps two preparations of the same folder from treading on each other: `npm run demo` in one terminal, `npm test` in another.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

import { say } from './progress.mjs';
import { ROOT } from './run.mjs';

const POLL_MS = 100;

/**
 * Runs `work` while no other process does so for this folder.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function oneAtATime(work) {
  // Not in node_modules: that may not exist yet, and installing empties it.
  const lock = join(tmpdir(), `goniec-prepare-${createHash('sha256').update(ROOT).digest('hex').slice(0, 16)}`);
  let told = false;
  while (!take(lock)) {
    if (!told) say('Another preparation of this folder is under way; waiting for it ...');
    told = true;
    await sleep(POLL_MS);
  }
  const release = () => {
    rmSync(lock, { recursive: true, force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @param {string} lock a folder: making one either works or tells that it is there, in one step */
function take(lock) {
  try {
    mkdirSync(lock);
  } catch {
    if (isHeld(lock)) return false;
    rmSync(lock, { recursive: true, force: true });
    return false;
  }
  writeFileSync(join(lock, 'pid'), String(process.pid));
  return true;
}

/** Whether its owner still lives. @param {string} lock */
function isHeld(lock) {
  let pid;
  try {
    pid = Number(readFileSync(join(lock, 'pid'), 'utf8'));
  } catch {
    // Between its making and its naming, or just released.
    return true;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
