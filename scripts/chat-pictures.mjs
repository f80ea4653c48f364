// `node scripts/chat-pictures.mjs`: draws the README's pictures of chat platforms from what the product really posts there.
import process from 'node:process';
import { join } from 'node:path';
import { register } from 'tsx/esm/api';

import { main, ROOT } from './run.mjs';

await main(async () => {
  register();
  const folder = join(ROOT, 'docs', 'pictures');
  const { takeSlackPictures } = await import(new URL('../test/pictures/slack.ts', import.meta.url).href);
  await takeSlackPictures(folder);
  const { takeDiscordPictures } = await import(new URL('../test/pictures/discord.ts', import.meta.url).href);
  await takeDiscordPictures(folder);
  process.exit(0);
});
