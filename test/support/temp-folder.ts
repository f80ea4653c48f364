import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { atExit } from './at-exit.js';

/** On Windows a folder can stay busy for a moment after the process that used it has ended. */
const REMOVE_RETRIES = 5;

export interface TempFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** An empty folder of its own, removed by `remove()` or when the process ends. */
export function tempFolder(name = 'test'): TempFolder {
  const path = mkdtempSync(join(tmpdir(), `goniec-${name}-`));
  const forget = atExit(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: REMOVE_RETRIES });
      forget();
    },
  };
}
