// `npm test`: all tests, or those that are named: `npm test -- test/core`. In CI the checks of `npm run check` as well.
import process from 'node:process';

import { printChecks, runChecks } from './checks.mjs';
import { prepare } from './prepare.mjs';
import { step } from './progress.mjs';
import { main } from './run.mjs';
import { printCount, runTests } from './tests.mjs';

await main(async () => {
  await prepare();
  const checks = process.env.CI ? await step('Checking', runChecks) : [];
  if (checks.length > 0) printChecks(checks);
  const tests = await runTests(process.argv.slice(2));
  printCount(tests, checks);
  return tests.ok && checks.every(({ ok }) => ok) ? 0 : 1;
});
