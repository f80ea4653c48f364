// Compiles src to dist and copies what is not TypeScript (style sheets, pictures, scripts for the browser).
import { copyFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import process from 'node:process';

import { filesBelow, fingerprint, isStamped, stamp } from './fingerprint.mjs';
import { step } from './progress.mjs';
import { mustRun, packageFile, ROOT } from './run.mjs';

const SRC = join(ROOT, 'src');
const DIST = join(ROOT, 'dist');
const STAMP = join(DIST, '.made-from');
const BUILD_INFO = join(ROOT, 'node_modules/.cache/goniec/build.tsbuildinfo');
const COMPILED = new Set(['.ts', '.tsx', '.mts']);

export async function buildIfChanged() {
  const sources = filesBelow(SRC);
  const print = inputs(sources);
  if (isStamped(STAMP, print)) return;
  await step('Building', () => build(sources, print));
}

/**
 * @param {readonly string[]} [sources]
 * @param {string} [print]
 */
async function build(sources = filesBelow(SRC), print = inputs(sources)) {
  // The compiler's notes say what is in dist; without one the other is a lie.
  if (!existsSync(STAMP)) rmSync(BUILD_INFO, { force: true });
  await mustRun('Building', process.execPath, [packageFile('typescript', 'bin/tsc'), '-p', 'tsconfig.build.json', '--pretty', 'false']);
  const wanted = new Set([STAMP]);
  for (const source of sources) {
    const target = join(DIST, relative(SRC, source));
    if (COMPILED.has(extname(source))) {
      const script = target.replace(/\.(m?)tsx?$/, '.$1js');
      wanted.add(script).add(`${script}.map`);
    } else if (!basename(source).startsWith('.')) {
      wanted.add(target);
      copyIfNewer(source, target);
    }
  }
  // What was made from files that are no longer there.
  for (const file of filesBelow(DIST)) {
    if (!wanted.has(file)) rmSync(file);
  }
  stamp(STAMP, print);
}

/** @param {readonly string[]} sources */
function inputs(sources) {
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map((name) => join(ROOT, name)).filter((file) => existsSync(file));
  return fingerprint([...sources, ...settings]);
}

/**
 * @param {string} source
 * @param {string} target
 */
function copyIfNewer(source, target) {
  if (existsSync(target) && statSync(target).mtimeMs >= statSync(source).mtimeMs && statSync(target).size === statSync(source).size) return;
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(source, target);
}
