/** The app as Slack sets it up from a description (https://docs.slack.dev/reference/app-manifest). */
import { SEND_TO_CUSTOMER } from './interactions.js';
import { BOT_SCOPES, GROUP_SCOPE } from './scopes.js';
import { COMMAND } from './words.js';

const EVENTS = ['app_home_opened', 'channel_archive', 'channel_left', 'channel_unarchive', 'group_archive', 'group_left', 'group_unarchive', 'member_joined_channel', 'message.channels', 'message.groups'];
/** What only reactions as shortcuts need. */
const REACTION_SCOPE = 'reactions:read';
const REACTION_EVENT = 'reaction_added';

export interface ManifestWishes {
  /** Public address that Slack sends to; undefined: Socket Mode. */
  readonly requestUrl: string | undefined;
  readonly reactions: boolean;
  /** User groups say who works here. */
  readonly userGroups: boolean;
}

export type Json = string | boolean | readonly Json[] | { readonly [key: string]: Json };

export function slackManifest({ requestUrl, reactions, userGroups }: ManifestWishes): Json {
  const url = requestUrl === undefined ? {} : { request_url: requestUrl };
  const scopes = [...Object.keys(BOT_SCOPES).filter((scope) => reactions || scope !== REACTION_SCOPE), ...(userGroups ? [GROUP_SCOPE] : [])];
  return {
    display_information: { name: 'Goniec', description: 'Answers customer e-mail from Slack', background_color: '#0f4c5c' },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
      bot_user: { display_name: 'Goniec', always_online: true },
      shortcuts: [{ name: 'Send to customer', type: 'message', callback_id: SEND_TO_CUSTOMER, description: 'Answer the customer with this message' }],
      slash_commands: [{ command: COMMAND, ...(requestUrl === undefined ? {} : { url: requestUrl }), description: 'Answer customers, find and settle conversations', usage_hint: 'help | reply 42 ... | find cup', should_escape: false }],
    },
    oauth_config: { scopes: { bot: scopes } },
    settings: {
      event_subscriptions: { ...url, bot_events: [...EVENTS, ...(reactions ? [REACTION_EVENT] : [])].sort() },
      interactivity: { is_enabled: true, ...url, ...(requestUrl === undefined ? {} : { message_menu_options_url: requestUrl }) },
      org_deploy_enabled: false, socket_mode_enabled: requestUrl === undefined, token_rotation_enabled: false,
    },
  };
}
