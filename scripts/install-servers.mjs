// Gets the real servers that tests use, where this system lets us.
import { mkdtempSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { say, step } from './progress.mjs';
import { mustRun, run } from './run.mjs';
import { DEBIAN_PACKAGES, findServer, isSkippedOnPurpose, SERVERS } from './servers.mjs';

/** Debian asks this script whether a package may start its service; exit code 101 says no. */
const POLICY = '/usr/sbin/policy-rc.d';
const POLICY_SCRIPT = '#!/bin/sh\nexit 101\n';

/** Waits for another apt-get instead of failing; tries a mirror again that stumbles. */
const APT_OPTIONS = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];

/**
 * Installs Debian packages for the servers that are missing, if this is Debian (or its like) and we may; tells which are missing in the end.
 *
 * @returns {Promise<{ name: import('./servers.mjs').ServerName, problem: string }[]>}
 */
export async function installMissingServers() {
  if (missing().length > 0) {
    const root = await asRoot();
    if (root && existsSync('/usr/bin/apt-get')) {
      const packages = missing().flatMap(({ name }) => DEBIAN_PACKAGES[name]);
      try {
        await step(`Installing servers for the tests: ${packages.join(' ')}`, () => aptInstall(root, packages));
      } catch (error) {
        say(error instanceof Error ? error.message : String(error));
      }
    }
  }
  return missing();
}

function missing() {
  return SERVERS.filter((name) => !isSkippedOnPurpose(name)).flatMap((name) => {
    const { problem } = findServer(name);
    return problem === undefined ? [] : [{ name, problem }];
  });
}

/** What goes before a command so that root runs it; undefined when we may not. */
async function asRoot() {
  if (process.getuid?.() === 0) return [];
  if (!existsSync('/usr/bin/sudo')) return undefined;
  return (await run('/usr/bin/sudo', ['-n', 'true'])).code === 0 ? ['/usr/bin/sudo', '-n'] : undefined;
}

/**
 * @param {readonly string[]} root
 * @param {readonly string[]} packages
 */
async function aptInstall(root, packages) {
  /** @param {readonly string[]} command */
  const privileged = async (...command) => {
    const [program = '', ...args] = [...root, ...command];
    await mustRun(command.slice(0, 2).join(' '), program, args);
  };
  const folder = mkdtempSync(join(tmpdir(), 'goniec-policy-'));
  const ourPolicy = !existsSync(POLICY);
  try {
    if (ourPolicy) {
      writeFileSync(join(folder, 'policy'), POLICY_SCRIPT);
      await privileged('install', '-m', '755', join(folder, 'policy'), POLICY);
    }
    await privileged('apt-get', ...APT_OPTIONS, 'update');
    await privileged('env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...APT_OPTIONS, 'install', '-y', '--no-install-recommends', ...packages);
  } finally {
    if (ourPolicy) await privileged('rm', '-f', POLICY);
    rmSync(folder, { recursive: true, force: true });
  }
}
