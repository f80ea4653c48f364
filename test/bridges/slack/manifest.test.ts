import { describe, expect, it } from 'vitest';

import { slackFromEnvironment } from '../../../src/bridges/slack/from-environment.js';
import { slackManifest } from '../../../src/bridges/slack/manifest.js';
import { readConfig } from '../../../src/config.js';

const SECRET = { APP_SECRET: 'a'.repeat(32) };

describe('the manifest', () => {
  it('asks for Socket Mode without an address, for HTTP with one, and for no right that is not used', () => {
    const socket = JSON.stringify(slackManifest({ requestUrl: undefined, reactions: true, userGroups: false }));
    expect(socket).toContain('"socket_mode_enabled":true');
    expect(socket).not.toMatch(/url"|usergroups|users:write|chat:write\.|admin/);
    const http = JSON.stringify(slackManifest({ requestUrl: 'https://desk.example/slack/events', reactions: false, userGroups: true }));
    expect(http.match(/https:\/\/desk\.example\/slack\/events/g)).toHaveLength(4);
    expect(http).toContain('usergroups:read');
    expect(http).not.toMatch(/reactions:read|reaction_added/);
  });

  it('keeps to Slack’s lengths', () => {
    const { display_information: display, features } = slackManifest({ requestUrl: undefined, reactions: true, userGroups: false }) as unknown as { display_information: { name: string; description: string }; features: { shortcuts: { name: string; description: string }[]; slash_commands: { command: string; description: string; usage_hint: string }[] } };
    expect(display.name.length).toBeLessThanOrEqual(35);
    expect(display.description.length).toBeLessThanOrEqual(140);
    for (const { name, description } of features.shortcuts) expect([name.length <= 24, description.length <= 150]).toEqual([true, true]);
    for (const { command, description, usage_hint: hint } of features.slash_commands) expect([command.length <= 32, description.length <= 2_000, hint.length <= 1_000]).toEqual([true, true, true]);
  });
});

describe('settings', () => {
  it('one workspace, several, none', () => {
    expect(readConfig(SECRET).slack).toBeUndefined();
    const two = readConfig({ ...SECRET, SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_BOT_TOKEN_2: 'xoxb-2', SLACK_SIGNING_SECRET_2: 'secret', SLACK_REACTIONS: 'none', SLACK_API_URL: 'http://127.0.0.1:9/api' }).slack;
    expect(two).toMatchObject([{ name: 'slack', appToken: 'xapp-1', reactions: {}, apiUrl: 'http://127.0.0.1:9/api/' }, { name: 'slack-2', botToken: 'xoxb-2', appToken: undefined, signingSecret: 'secret', http: { port: 3002 } }]);
    expect(slackFromEnvironment({ SLACK_PORT: 1, SLACK_API_URL: 'x', SLACK_ALLOW_GUESTS: false, SLACK_REACTIONS: 'eyes=claim, tada=close', HOST: 'h' }, { SLACK_BOT_TOKEN: 'xoxb-' })).toMatchObject([{ reactions: { eyes: 'claim', tada: 'close' } }]);
  });

  it('what is wrong is said', () => {
    const problems = (environment: Record<string, string>): string => {
      try {
        readConfig({ ...SECRET, ...environment });
        return '';
      } catch (error) {
        return String(error);
      }
    };
    expect(problems({ SLACK_BOT_TOKEN: 'xoxp-1', SLACK_APP_TOKEN: 'xapp-1' })).toContain('begins with xoxb-');
    expect(problems({ SLACK_BOT_TOKEN: 'xoxb-1' })).toContain('SLACK_APP_TOKEN is not set');
    expect(problems({ SLACK_APP_TOKEN: 'xapp-1' })).toContain('SLACK_BOT_TOKEN is not set');
    expect(problems({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_REACTIONS: 'eyes' })).toContain('emoji=verb');
  });
});
