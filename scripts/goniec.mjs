// `npm run goniec -- <command>`: prepares what is needed, then is the program. Prints nothing of its own to standard output.
import process from 'node:process';

import { prepare } from './prepare.mjs';
import { main } from './run.mjs';
import { startProgram } from './start-program.mjs';

await main(async () => {
  await prepare();
  await startProgram(process.argv.slice(2));
});
