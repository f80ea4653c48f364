/** Slack, Discord and the web desk at once, a channel on each, the same three people on all of them; with all that goes wrong on each. */
import { describe, expect, it } from 'vitest';

import { discordStory } from '../bridges/discord/story-platform.js';
import { slackStory } from '../bridges/slack/story-platform.js';
import { available } from '../support/servers.js';
import { runStory } from '../support/story/run.js';
import { together } from '../support/story/together.js';
import { judge } from '../support/story/verdict.js';
import { webStory } from '../web/story-platform.js';

const STORY_TIMEOUT_MS = 600_000;

describe.runIf(available('dovecot'))('a story on three platforms', () => {
  it('loses nothing, does nothing twice and keeps the order of each thread; everybody is one person everywhere', async () => {
    const [slack, discord, web] = [await slackStory(), await discordStory(), await webStory()];
    const all = together(slack, discord, web);
    const end = await runStory(all, { customers: 24, mails: 96 });
    judge(end);
    all.check();
    const shares = [slack.cards(), discord.cards()].map((cards) => cards.length);
    expect(shares).toEqual([8, 8]);
    // The web desk shows what is elsewhere, too.
    expect(web.cards()).toHaveLength(24);
    await end.close();
    await all.stop();
  }, STORY_TIMEOUT_MS);
});
