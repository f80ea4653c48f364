/** What a machine can do: its disk, other programs on it, its clock. */
import { execFile } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';

import { CannotHappenHere, type Fault } from './fault.js';

const run = promisify(execFile);

/** Room for the data of a run, and little enough to be filled at once. */
const DISK_MB = 96;
const PIECE_BYTES = 64 * 1024;

/** A real disk without room: a file system in memory that a large file fills. */
export const diskFull: Fault = {
  name: 'disk-full',
  what: 'no room left on the disk of the data folder',
  lastsMs: 12_000,
  async disk(folder) {
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'goniec-chaos', folder]);
    } catch (cause) {
      throw new CannotHappenHere('mounting a small file system takes root', { cause });
    }
    return {
      async remove() {
        await run('umount', ['-l', folder]);
      },
    };
  },
  async begin({ data }) {
    const filler = join(data, 'filler');
    fill(filler);
    return async () => {
      rmSync(filler);
    };
  },
  told: /ENOSPC|SQLITE_FULL|DiskFull|disk is full/i,
};

/** To the last byte: in smaller and smaller pieces. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let bytes = PIECE_BYTES; bytes >= 1; bytes = Math.floor(bytes / 2)) {
      for (;;) {
        try {
          if (writeSync(file, Buffer.alloc(bytes)) < bytes) break;
        } catch {
          break;
        }
      }
    }
  } finally {
    closeSync(file);
  }
}

/** Another program (a backup, a person with a shell) holds the write lock for longer than the product waits for it. */
export const databaseLocked: Fault = {
  name: 'database-locked',
  what: 'another process holds the write lock of the database',
  lastsMs: 15_000,
  async begin({ database }) {
    const other = new Database(database, { timeout: 30_000 });
    other.exec('BEGIN IMMEDIATE');
    return async () => {
      other.exec('ROLLBACK');
      other.close();
    };
  },
  told: /database-locked|SQLITE_BUSY|P1008/,
};

const HOUR_MS = 3_600_000;
/** From the true time, one after the other. It goes back by a minute only: what was due before that waits as much longer. */
const OFFSETS_MS = [HOUR_MS, HOUR_MS - 60_000, 24 * HOUR_MS] as const;
const BETWEEN_JUMPS_MS = 4_000;

/** The clock of the machine is put right, or wrong. */
export const clockJumps: Fault = {
  name: 'clock-jumps',
  what: 'the clock goes an hour ahead, a minute back, a day ahead',
  lastsMs: BETWEEN_JUMPS_MS * OFFSETS_MS.length,
  driver: (folder) => {
    const file = join(folder, 'clock');
    writeFileSync(file, '0');
    return { CHAOS_CLOCK: file };
  },
  async begin({ data }) {
    const jump = (offsetMs: number): void => writeFileSync(join(data, '..', 'clock'), String(offsetMs));
    const timers = OFFSETS_MS.map((offsetMs, index) => setTimeout(() => jump(offsetMs), index * BETWEEN_JUMPS_MS));
    return async () => {
      timers.forEach((timer) => clearTimeout(timer));
    };
  },
  told: undefined,
};
