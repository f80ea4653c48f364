/** Slack for the chat benches: our own server of it, one person. */
import type { ChannelId } from '../src/core/ids.js';
import { startSlackServer, type Message } from '../test/fakes/slack-server/index.js';
import { LATENCY_MS, PERSON, type ChatPlatform, type OpenPlatform } from './chat.js';

/** chat.postMessage lets one message a second into a channel, and a few more for a moment (test/fakes/slack-server/rate-limits.ts). */
const POST_MS = 1_000;
const POST_BURST = 3;

export const openSlack: OpenPlatform = async ({ channels, limited }): Promise<ChatPlatform> => {
  const slack = await startSlackServer({ limits: limited ? 'slack' : 'none', latencyMs: LATENCY_MS });
  const person = slack.addUser({ name: PERSON.id, email: PERSON.email });
  const places = Array.from({ length: channels }, (_, index) => slack.addChannel(`channel-${index + 1}`));
  const posted = (): ReturnType<typeof slack.calls> => slack.calls('chat.postMessage').filter(({ ok }) => ok);
  const card = (): Message => {
    const found = places[0]?.messages().find(({ botId }) => botId !== undefined);
    if (!found) throw new Error('there is no card');
    return found;
  };
  return {
    settings: { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: slack.apiUrl },
    channels: places.map(({ id, name }) => ({ id: name as ChannelId, name, bridge: 'slack', target: id })),
    async act(turn) {
      const { acked, ms } = await (turn % 2 === 0 ? person.press(card(), turn % 4 === 0 ? 'More' : 'Answer') : person.command('/mail', 'find order', places[0] ?? 'channel-1'));
      return acked ? ms : undefined;
    },
    posts: () => posted().map(({ at, args }) => ({ at: at.getTime() - performance.timeOrigin, isCard: args['thread_ts'] === undefined, channel: typeof args['channel'] === 'string' ? args['channel'] : '' })),
    refused: () => slack.calls().filter(({ status }) => status === 429).length,
    leastMs: (posts) => (posts - POST_BURST) * POST_MS,
    stop: () => slack.stop(),
  };
};
