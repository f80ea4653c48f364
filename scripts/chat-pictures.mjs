// `node scripts/chat-pictures.mjs`: draws the README's pictures of chat platforms from what the product really posts there.
import process from 'node:process';
import { join } from 'node:path';
import { register } from 'tsx/esm/api';

import { main, ROOT } from './run.mjs';

await main(async () => {
  register();
  const { takeSlackPictures } = await import(new URL('../test/pictures/slack.ts', import.meta.url).href);
  await takeSlackPictures(join(ROOT, 'docs', 'pictures'));
  process.exit(0);
});
