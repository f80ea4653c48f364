// The real servers that tests use, and where they are on this machine. Shared by scripts/test.mjs and test/support.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';

/**
 * @typedef {'dovecot' | 'postgresql' | 'chromium' | 'openssl'} ServerName
 * @typedef {{ path: string | undefined, problem: string | undefined }} Finding path when it can be used, otherwise the problem in words
 */

/** @type {readonly ServerName[]} */
export const SERVERS = ['dovecot', 'postgresql', 'chromium', 'openssl'];

/** @type {Readonly<Record<ServerName, readonly string[]>>} */
export const DEBIAN_PACKAGES = {
  dovecot: ['dovecot-core', 'dovecot-imapd', 'dovecot-lmtpd'],
  postgresql: ['postgresql'],
  chromium: ['chromium'],
  openssl: ['openssl'],
};

/** 2.4 reads another configuration language; the tests' own is written for 2.3 (Debian 12, Ubuntu 22.04 and 24.04). */
const DOVECOT_VERSION = '2.3.';

/**
 * Where a server's program is. `GONIEC_TEST_SKIP=dovecot,chromium` in the environment hides servers on purpose.
 *
 * @param {ServerName} name
 * @returns {Finding}
 */
export function findServer(name) {
  if (isSkippedOnPurpose(name)) return { path: undefined, problem: 'skipped by GONIEC_TEST_SKIP' };
  switch (name) {
    case 'dovecot':
      return findDovecot();
    case 'postgresql':
      return found(findPostgres(), 'initdb and postgres were not found');
    case 'chromium':
      return found(findChromium(), 'no Chromium or Chrome was found (CHROMIUM_PATH may name one)');
    case 'openssl':
      return found(onPath('openssl'), 'openssl was not found');
  }
}

/** @param {ServerName} name */
export function isSkippedOnPurpose(name) {
  return (process.env.GONIEC_TEST_SKIP ?? '').split(',').some((skipped) => skipped.trim() === name);
}

/** @returns {Finding} */
function findDovecot() {
  const path = firstExisting(['/usr/sbin/dovecot', '/usr/local/sbin/dovecot', '/opt/homebrew/sbin/dovecot']) ?? onPath('dovecot');
  if (path === undefined) return { path, problem: 'dovecot was not found' };
  const version = spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout.trim();
  if (!version.startsWith(DOVECOT_VERSION)) return { path: undefined, problem: `dovecot is ${version || 'not runnable'}; the tests know 2.3` };
  // IMAP and LMTP are packages of their own.
  const plugins = ['/usr/lib/dovecot', '/usr/libexec/dovecot', '/usr/local/libexec/dovecot', '/opt/homebrew/libexec/dovecot'];
  for (const part of ['imap', 'lmtp']) {
    if (firstExisting(plugins.map((folder) => join(folder, part))) === undefined) return { path: undefined, problem: `dovecot has no ${part} part` };
  }
  return { path, problem: undefined };
}

/** The folder with initdb and postgres; the newest version when there are several. */
function findPostgres() {
  const debian = '/usr/lib/postgresql';
  const folders = existsSync(debian)
    ? readdirSync(debian)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(debian, version, 'bin'))
    : [];
  folders.push('/opt/homebrew/bin', '/usr/local/bin', ...(process.env.PATH ?? '').split(delimiter));
  return folders.find((folder) => existsSync(join(folder, program('initdb'))) && existsSync(join(folder, program('postgres'))));
}

function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) return existsSync(named) ? named : undefined;
  return (
    firstExisting([
      '/usr/bin/chromium',
      '/usr/bin/google-chrome',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
    ]) ?? onPath('chromium')
  );
}

/**
 * @param {string | undefined} path
 * @param {string} problem
 * @returns {Finding}
 */
function found(path, problem) {
  return path === undefined ? { path, problem } : { path, problem: undefined };
}

/** @param {string} name */
function program(name) {
  return process.platform === 'win32' ? `${name}.exe` : name;
}

/** @param {string} name */
function onPath(name) {
  return firstExisting((process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program(name))));
}

/** @param {readonly string[]} paths */
function firstExisting(paths) {
  return paths.find((path) => existsSync(path));
}
