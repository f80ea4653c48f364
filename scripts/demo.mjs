// `npm run demo`: from a fresh clone to a desk that can be tried, with nothing to set up.
import process from 'node:process';

import { prepare } from './prepare.mjs';
import { main } from './run.mjs';
import { startProgram } from './start-program.mjs';

await main(async () => {
  await prepare();
  await startProgram(['demo', ...process.argv.slice(2)]);
});
