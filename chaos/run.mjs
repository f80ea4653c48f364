// `npm run chaos`: builds what is needed, then runs the harness (chaos/main.ts).
import process from 'node:process';
import { register } from 'tsx/esm/api';

import { prepare } from '../scripts/prepare.mjs';
import { main } from '../scripts/run.mjs';

await main(async () => {
  await prepare();
  register();
  const harness = await import(new URL('main.ts', import.meta.url).href);
  // Servers and timers that a failed run left behind must not keep it alive.
  process.exit(await harness.main(process.argv.slice(2)));
});
