/** The app whose bridge is under test, as registered at Slack. One app may be installed in several workspaces. */
export const APP_ID = 'A0000000001';

export const APP_NAME = 'Goniec';

/** The deprecated verification token that still stands in every payload. */
export const VERIFICATION_TOKEN = 'legacy-verification-token';

/** Events of the app's subscription that this server can send, by the names that a manifest has (`settings.event_subscriptions.bot_events`). */
export const ALL_BOT_EVENTS = [
  'app_home_opened', 'app_mention', 'app_uninstalled', 'channel_archive', 'channel_left', 'channel_rename', 'channel_unarchive', 'file_shared', 'group_archive', 'group_left', 'group_rename', 'group_unarchive',
  'member_joined_channel', 'member_left_channel', 'message.channels', 'message.groups', 'message.im', 'reaction_added', 'reaction_removed', 'subteam_members_changed', 'team_join', 'tokens_revoked', 'user_change',
] as const;
