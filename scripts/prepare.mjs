// Makes a fresh clone (or one that was edited or updated) ready to run; does nothing, quickly, when there is nothing to do.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { oneAtATime } from './one-at-a-time.mjs';
import { Explained, ROOT } from './run.mjs';

/** Checks Node.js, installs libraries, generates the database clients, builds: each only when it is needed. Says so on standard error. */
export async function prepare() {
  checkNode();
  await oneAtATime(async () => {
    const { installIfNeeded } = await import('./install.mjs');
    await installIfNeeded();
    const { generateIfChanged } = await import('./generate.mjs');
    await generateIfChanged();
    const { buildIfChanged } = await import('./compile.mjs');
    await buildIfChanged();
  });
}

function checkNode() {
  const wanted = String(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).engines.node).replace('>=', '');
  const [major = 0, minor = 0] = wanted.split('.').map(Number);
  const [ourMajor = 0, ourMinor = 0] = process.versions.node.split('.').map(Number);
  if (ourMajor > major || (ourMajor === major && ourMinor >= minor)) return;
  throw new Explained(
    `Goniec needs Node.js ${wanted} or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      'Get the current LTS from https://nodejs.org, or with a version manager: nvm install --lts',
  );
}
