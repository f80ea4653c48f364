// Brings node_modules in line with package-lock.json, when it is not.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { isStamped, stamp } from './fingerprint.mjs';
import { say, step } from './progress.mjs';
import { Explained, npmCli, ROOT, run } from './run.mjs';

/**
 * @typedef {{ version?: string, optional?: boolean, peer?: boolean, link?: boolean, dependencies?: object, devDependencies?: object }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lockfile
 */

/** Prisma's installer would fetch an engine that is never used (see generate.mjs); any executable keeps it from doing so. */
const INSTALL_ENV = { PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath };

/** npm's code for a lockfile that it refuses. */
const LOCK_DOES_NOT_FIT = 'npm error code EUSAGE';

const ADVICE = 'Behind a proxy or a private registry, check "npm config list". A native library may need python3, make and a C++ compiler.';

/** Libraries with native parts are built for one binary interface of Node.js; another Node.js needs them built again. */
const ABI_STAMP = join(ROOT, 'node_modules/.cache/goniec/node-abi');
const NATIVE_LIBRARIES = ['better-sqlite3'];

export async function installIfNeeded() {
  const lock = readLock('package-lock.json');
  if (!isInstalled(lock)) {
    await step('Installing libraries (once, 1-3 minutes)', () => install(lock));
  } else if (existsSync(ABI_STAMP) && !isStamped(ABI_STAMP, process.versions.modules)) {
    await step(`Building native libraries for Node.js ${process.version}`, () => npm('Building native libraries', 'rebuild', ...NATIVE_LIBRARIES));
  }
  if (!isStamped(ABI_STAMP, process.versions.modules)) stamp(ABI_STAMP, process.versions.modules);
}

/**
 * Exactly what the lockfile says; where it does not fit (none there, or not made anew after an edit of package.json), what package.json allows.
 *
 * @param {Lockfile | undefined} lock
 */
async function install(lock) {
  if (lock && matchesManifest(lock)) {
    const { code, output } = await run(process.execPath, npmArgs('ci', '--include=dev'), { env: INSTALL_ENV });
    if (code === 0) return;
    if (!output.includes(LOCK_DOES_NOT_FIT)) throw new Explained(`Installing libraries failed (exit code ${code}).\n\n${output.trimEnd()}\n\n${ADVICE}`);
    say('package-lock.json does not fit package.json; installing without it.');
  }
  await npm('Installing libraries', 'install', '--include=dev');
}

/**
 * @param {string} what
 * @param {readonly string[]} args
 */
async function npm(what, ...args) {
  const { code, output } = await run(process.execPath, npmArgs(...args), { env: INSTALL_ENV });
  if (code !== 0) throw new Explained(`${what} failed (exit code ${code}).\n\n${output.trimEnd()}\n\n${ADVICE}`);
}

/** `npm -s run` is silent for its children as well; without the last option they would not say what went wrong. @param {readonly string[]} args */
function npmArgs(...args) {
  return [npmCli(), ...args, '--no-audit', '--no-fund', '--loglevel=warn'];
}

/**
 * npm notes in node_modules what it has put there, in the form of the lockfile.
 *
 * @param {Lockfile | undefined} lock
 */
function isInstalled(lock) {
  const installed = readLock('node_modules/.package-lock.json');
  if (!installed) return false;
  if (!lock) return true;
  if (!matchesManifest(lock)) return false;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '' || wanted.link) return true;
    const present = installed.packages[path];
    // Those for other systems are left out.
    return present ? present.version === wanted.version : wanted.optional === true || wanted.peer === true;
  });
}

/** Whether the lockfile was made from package.json as it is now. @param {Lockfile} lock */
function matchesManifest(lock) {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const locked = lock.packages[''];
  return (
    JSON.stringify(sorted(manifest.dependencies)) === JSON.stringify(sorted(locked?.dependencies)) &&
    JSON.stringify(sorted(manifest.devDependencies)) === JSON.stringify(sorted(locked?.devDependencies))
  );
}

/** @param {object | undefined} dependencies */
function sorted(dependencies) {
  return Object.entries(dependencies ?? {}).sort();
}

/**
 * @param {string} path
 * @returns {Lockfile | undefined}
 */
function readLock(path) {
  const file = join(ROOT, path);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
