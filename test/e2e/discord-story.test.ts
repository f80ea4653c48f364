/** 3 people, 50 customers, 200 mails through a real Dovecot, answers over real SMTP, on Discord; with everything going wrong that does. */
import { describe, it } from 'vitest';

import { discordStory } from '../bridges/discord/story-platform.js';
import { available } from '../support/servers.js';
import { runStory } from '../support/story/run.js';
import { judge } from '../support/story/verdict.js';

const STORY_TIMEOUT_MS = 600_000;

describe.runIf(available('dovecot'))('a story on Discord', () => {
  it('loses nothing, does nothing twice and keeps the order of each thread', async () => {
    const platform = await discordStory();
    const end = await runStory(platform, { customers: 50, mails: 200 });
    judge(end);
    platform.check();
    await end.close();
    await platform.stop();
  }, STORY_TIMEOUT_MS);
});
