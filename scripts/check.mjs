// `npm run check`: lint, types, imports, unused code, then the tests. What a change has to pass.
import process from 'node:process';

import { printChecks, runChecks } from './checks.mjs';
import { prepare } from './prepare.mjs';
import { step } from './progress.mjs';
import { main } from './run.mjs';
import { printCount, runTests } from './tests.mjs';

await main(async () => {
  await prepare();
  const checks = await step('Checking', runChecks);
  printChecks(checks);
  const started = Date.now();
  const tests = await runTests(process.argv.slice(2));
  printChecks([...checks.map((check) => ({ ...check, output: '(shown above)' })), { name: 'tests', ok: tests.ok, seconds: (Date.now() - started) / 1000, output: '(shown above)' }]);
  printCount(tests, checks);
  return tests.ok && checks.every(({ ok }) => ok) ? 0 : 1;
});
