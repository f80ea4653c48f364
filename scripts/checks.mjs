// Everything that can be said about the code without running it. Used by check.mjs and, in CI, by test.mjs.
import process from 'node:process';

import { packageFile, run } from './run.mjs';

/** As many as there are cores on a small machine: more only wait for each other. */
const AT_ONCE = 2;

/**
 * @typedef {{ name: string, ok: boolean, seconds: number, output: string }} CheckResult
 */

/** The slowest first, so that the others fit beside it. */
const CHECKS = [
  { name: 'lint', commands: [[packageFile('eslint', 'bin/eslint.js'), '.']] },
  {
    name: 'types',
    commands: [
      [packageFile('typescript', 'bin/tsc'), '-p', 'tsconfig.json'],
      [packageFile('typescript', 'bin/tsc'), '-p', 'tsconfig.scripts.json'],
    ],
  },
  { name: 'imports', commands: [[packageFile('dependency-cruiser', 'bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', 'src']] },
  { name: 'unused', commands: [[packageFile('knip', 'bin/knip.js')]] },
];

/**
 * Runs all of them, two at a time.
 *
 * @returns {Promise<CheckResult[]>} in the order above
 */
export async function runChecks() {
  const queue = CHECKS.map((check, place) => ({ ...check, place }));
  /** @type {CheckResult[]} */
  const results = [];
  const worker = async () => {
    for (let check = queue.shift(); check; check = queue.shift()) results[check.place] = await runCheck(check);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/**
 * @param {{ name: string, commands: readonly string[][] }} check
 * @returns {Promise<CheckResult>}
 */
async function runCheck({ name, commands }) {
  const started = Date.now();
  let output = '';
  let ok = true;
  for (const command of commands) {
    const result = await run(process.execPath, command, { env: { FORCE_COLOR: process.stdout.isTTY ? '1' : '0' } });
    ok &&= result.code === 0;
    output += result.output;
  }
  return { name, ok, seconds: (Date.now() - started) / 1000, output };
}

/**
 * A short table; what failed is shown in full above it.
 *
 * @param {readonly CheckResult[]} results
 */
export function printChecks(results) {
  for (const { name, ok, output } of results) {
    if (!ok) console.log(`\n--- ${name} ---\n${output.trimEnd()}`);
  }
  console.log('');
  for (const { name, ok, seconds } of results) console.log(`${name.padEnd(10)} ${ok ? 'ok    ' : 'FAILED'} ${seconds.toFixed(1).padStart(6)} s`);
}
