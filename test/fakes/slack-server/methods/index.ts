import * as app from './app.js';
import * as chat from './chat.js';
import * as conversations from './conversations.js';
import * as files from './files.js';
import * as marks from './marks.js';
import type { Method } from './method.js';
import * as people from './people.js';
import * as views from './views.js';

const ALL: readonly Method[] = [
  app.authTest, app.botsInfo, app.connectionsOpen, app.teamInfo,
  chat.getPermalink, chat.postEphemeral, chat.postMessage, chat.remove, chat.update,
  conversations.history, conversations.info, conversations.join, conversations.list, conversations.members, conversations.open, conversations.replies,
  files.completeUploadExternal, files.filesDelete, files.filesInfo, files.getUploadURLExternal,
  marks.pinsAdd, marks.pinsList, marks.pinsRemove, marks.reactionsAdd, marks.reactionsGet, marks.reactionsRemove,
  people.usergroupsList, people.usergroupsUsersList, people.usersInfo, people.usersList, people.usersLookupByEmail,
  views.open, views.publish, views.push, views.update,
];

/** The Web API that this server speaks; all other methods are unknown. */
export const METHODS: ReadonlyMap<string, Method> = new Map(ALL.map((one) => [one.name, one]));
