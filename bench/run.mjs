// `npm run bench`: builds what is needed, then measures (bench/main.ts).
import process from 'node:process';
import { register } from 'tsx/esm/api';

import { prepare } from '../scripts/prepare.mjs';
import { main } from '../scripts/run.mjs';

await main(async () => {
  await prepare();
  register();
  const benches = await import(new URL('main.ts', import.meta.url).href);
  // Servers that a failed measurement left behind must not keep it alive.
  process.exit(await benches.main(process.argv.slice(2)));
});
