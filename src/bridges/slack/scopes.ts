/** What the app may do, and for what: the manifest and the doctor read it. No wider than used. */
export const BOT_SCOPES = {
  'channels:history': 'read what is written in the threads of public channels (notes, "!reply"), and what was written while Goniec was not running',
  'channels:read': 'find the channels of desk.yaml and see whether they are archived and the app is in them',
  'chat:write': 'post cards and mails, edit them, and tell people things that only they see, also in direct messages',
  commands: 'the command /mail and the shortcut "Send to customer"',
  'files:read': 'fetch files that people attach to notes and answers',
  'files:write': 'show the attachments of mails in their threads',
  'groups:history': 'the same as channels:history, for private channels',
  'groups:read': 'the same as channels:read, for private channels',
  'reactions:read': 'reactions as shortcuts (eyes: claim, check mark: close)',
  'reactions:write': 'the mark on a message that says: stored as a note',
  'users:read': 'who somebody is, and that they are no guest',
  'users:read.email': 'match people with the agents of the desk by their address',
} as const satisfies Readonly<Record<string, string>>;

/** Only where a user group says who works here: SLACK_STAFF, or groups of desk.yaml. */
export const GROUP_SCOPE = 'usergroups:read';
