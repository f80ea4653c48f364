import { APP_ID, APP_NAME } from '../app.js';
import { SlackError } from '../violations.js';
import { id, method, text } from './method.js';

export const authTest = method({
  name: 'auth.test',
  tier: 'none',
  args: {},
  run: ({ workspace }) => ({
    url: `https://${workspace.domain}.slack.com/`,
    team: workspace.name,
    user: workspace.botUser.name,
    team_id: workspace.id,
    user_id: workspace.botUser.id,
    bot_id: workspace.botId,
    is_enterprise_install: false,
  }),
});

export const connectionsOpen = method({
  name: 'apps.connections.open',
  token: 'app',
  scopes: ['connections:write'],
  tier: 1,
  args: {},
  run: ({ slack }) => ({ url: slack.sockets.url(Number(new URL(slack.baseUrl).port)) }),
});

export const teamInfo = method({
  name: 'team.info',
  scopes: ['team:read'],
  tier: 3,
  args: { team: text.optional() },
  run: ({ workspace }) => ({ team: { id: workspace.id, name: workspace.name, domain: workspace.domain, email_domain: '', icon: {}, url: `https://${workspace.domain}.slack.com/` } }),
});

export const botsInfo = method({
  name: 'bots.info',
  scopes: ['users:read'],
  tier: 3,
  args: { bot: id },
  run: ({ args, workspace }) => {
    if (args.bot !== workspace.botId) throw new SlackError('bot_not_found');
    return { bot: { id: workspace.botId, deleted: false, name: APP_NAME, updated: 1_700_000_000, app_id: APP_ID, user_id: workspace.botUser.id, icons: {} } };
  },
});
