// Runs the tests with the real servers they need, and counts.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { installMissingServers } from './install-servers.mjs';
import { Explained, packageFile, run } from './run.mjs';
import { isSkippedOnPurpose, SERVERS } from './servers.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {Counts & { ok: boolean, absent: { name: string, problem: string }[] }} TestResult
 */

/**
 * @param {readonly string[]} args passed on to Vitest: names of files, `-t "part of a name"`
 * @returns {Promise<TestResult>}
 */
export async function runTests(args) {
  const missing = await installMissingServers();
  if (missing.length > 0 && process.env.CI) {
    const list = missing.map(({ name, problem }) => `  ${name}: ${problem}`).join('\n');
    throw new Explained(`CI runs all tests, and these servers for them could not be had:\n${list}`);
  }
  const onPurpose = SERVERS.filter(isSkippedOnPurpose).map((name) => ({ name, problem: 'GONIEC_TEST_SKIP names it' }));
  const absent = [...onPurpose, ...missing];
  const skip = absent.map(({ name }) => name).join(',');
  const folder = mkdtempSync(join(tmpdir(), 'goniec-summary-'));
  const summary = join(folder, 'summary.json');
  try {
    const reporters = ['--reporter=default', '--reporter=./test/support/summary-reporter.ts'];
    const { code } = await run(process.execPath, [packageFile('vitest', 'vitest.mjs'), 'run', ...reporters, ...args], {
      env: { GONIEC_TEST_SKIP: skip, GONIEC_TEST_SUMMARY: summary },
      show: true,
    });
    /** @type {Counts} */
    const counts = existsSync(summary) ? JSON.parse(readFileSync(summary, 'utf8')) : { passed: 0, failed: 0, skipped: 0 };
    // A run that broke off before or after its tests has failed as well.
    if (code !== 0 && counts.failed === 0) counts.failed = 1;
    return { ...counts, ok: code === 0 && counts.failed === 0 && counts.passed > 0, absent };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Says what was left out and why, then the line that people and CI look for: "N passed, N failed" alone, the very last. A check that failed
 * counts as a failure.
 *
 * @param {TestResult} tests
 * @param {readonly { ok: boolean }[]} [checks]
 */
export function printCount(tests, checks = []) {
  for (const { name, problem } of tests.absent) console.log(`Tests that need ${name} were skipped: ${problem}.`);
  const failed = tests.failed + checks.filter(({ ok }) => !ok).length;
  console.log(`\n${tests.passed} passed, ${failed} failed${tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''}`);
}
