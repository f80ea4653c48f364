/** Looks at tokens, rights and channels, for `goniec doctor`. Changes nothing. */
import { BridgeError } from '../../core/errors.js';
import type { Channel, Group } from '../../core/model.js';
import type { BridgeFinding } from '../../core/ports/chat.js';
import { Channels } from './channels.js';
import { call, clientOptions, createClient, quietLogger, type Client } from './client.js';
import { userGroupId } from './people.js';
import { BOT_SCOPES, GROUP_SCOPE } from './scopes.js';
import type { SlackSettings } from './settings.js';
import type { Log } from '../../core/ports/effects.js';
import { webApi } from '@slack/bolt';

export async function inspectSlack(settings: SlackSettings, channels: readonly Channel[], groups: readonly Group[], log: Log): Promise<readonly BridgeFinding[]> {
  const logger = quietLogger(log);
  const client = createClient(settings, logger);
  try {
    const findings: BridgeFinding[] = [...tokenKinds(settings)];
    const identity = await call('auth.test', () => client.auth.test());
    findings.push({ level: 'ok', text: `Slack: connected to ${identity.team ?? 'the workspace'} as @${identity.user ?? 'Goniec'}` }, ...missingScopes(settings, groups, identity.response_metadata?.scopes));
    if (settings.appToken) {
      const app = new webApi.WebClient('', { ...clientOptions(settings, logger), headers: { Authorization: `Bearer ${settings.appToken}` } });
      await call('apps.connections.open', () => app.apps.connections.open({}));
      findings.push({ level: 'ok', text: 'Slack: Socket Mode works' });
    }
    const ids = new Channels(client, log, settings.name);
    for (const channel of channels) findings.push(await channelFinding(client, ids, channel));
    for (const group of groups) findings.push(await groupFinding(client, group));
    return findings;
  } catch (error) {
    return [{ level: 'bad', text: `Slack: ${messageOf(error)}` }];
  }
}

function tokenKinds({ botToken, appToken, signingSecret }: SlackSettings): readonly BridgeFinding[] {
  return [
    ...(botToken.startsWith('xoxb-') ? [] : [{ level: 'bad', text: 'Slack: SLACK_BOT_TOKEN is no bot token: it begins with xoxb- ("OAuth & Permissions").' } as const]),
    ...(appToken === undefined || appToken.startsWith('xapp-') ? [] : [{ level: 'bad', text: 'Slack: SLACK_APP_TOKEN is no app token: it begins with xapp- ("Basic Information", App-Level Tokens).' } as const]),
    ...(appToken === undefined && signingSecret === undefined ? [{ level: 'bad', text: 'Slack: nothing can be heard. Set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP).' } as const] : []),
  ];
}

function missingScopes({ staff }: SlackSettings, groups: readonly Group[], granted: readonly string[] | undefined): readonly BridgeFinding[] {
  if (!granted) return [];
  const wanted = [...Object.entries(BOT_SCOPES), ...([...groups.map(({ target }) => target), staff ?? ''].some((target) => /^[S@]/.test(target)) ? [[GROUP_SCOPE, 'see who is in a user group (SLACK_STAFF, or groups of desk.yaml)'] as const] : [])];
  return wanted.filter(([scope]) => !granted.includes(scope)).map(([scope, what]) => ({ level: 'bad', text: `Slack: the app lacks the right ${scope}, so it cannot ${what}. Take the manifest from "goniec slack manifest" over and install the app again.` }));
}

async function channelFinding(client: Client, ids: Channels, channel: Channel): Promise<BridgeFinding> {
  try {
    const id = await ids.idOf(channel);
    const { channel: found } = await call('conversations.info', () => client.conversations.info({ channel: id }));
    if (found?.is_archived) return { level: 'bad', channel, text: `#${channel.name}: the channel is archived. Unarchive it, or choose another in desk.yaml.` };
    if (!found?.is_member) return { level: 'bad', channel, text: `#${channel.name}: the app is not in the channel. Write /invite @Goniec there.` };
    if (channel.visibleTo && !found.is_private) return { level: 'warn', channel, text: `#${channel.name}: on the desk it is for some only, but in Slack everybody can join the channel. Make it private there.` };
    if (found.is_ext_shared) return { level: 'warn', channel, text: `#${channel.name}: people of another organisation are in this channel and read the mails of your customers.` };
    return { level: 'ok', channel, text: `#${channel.name}: the app is in the channel` };
  } catch (error) {
    return { level: 'bad', channel, text: `#${channel.name}: ${messageOf(error)}` };
  }
}

async function groupFinding(client: Client, { id, target, role }: Group): Promise<BridgeFinding> {
  try {
    const group = await userGroupId(client, target);
    const count = group === undefined ? (await call('conversations.info', () => client.conversations.info({ channel: target, include_num_members: true }))).channel?.num_members : (await call('usergroups.users.list', () => client.usergroups.users.list({ usergroup: group }))).users?.length;
    return { level: 'ok', text: `Group ${id}: ${count ?? 'the'} people of ${target} are on the desk as ${role}` };
  } catch (error) {
    return { level: 'bad', text: `Group ${id}: nobody is in it, since ${target} cannot be looked at. Write a user group (@handle, or its id S...) or the id of a channel that the app is in (C...). ${messageOf(error)}` };
  }
}

const messageOf = (error: unknown): string => (error instanceof BridgeError || error instanceof Error ? error.message : String(error));
