import type { JsonObject } from '../json.js';
import type { User } from '../model.js';
import { groupJson, userJson } from '../shapes.js';
import { SlackError } from '../violations.js';
import { count, flag, id, method, page, text, type Call } from './method.js';

const DEFAULT_PAGE = 200;

function shown(call: Call<unknown>, user: User, locale = false): JsonObject {
  return userJson(user, call.workspace, { email: call.workspace.scopes.has('users:read.email'), locale });
}

export const usersInfo = method({
  name: 'users.info',
  scopes: ['users:read'],
  tier: 4,
  args: { user: id, include_locale: flag },
  run: (call) => {
    const user = call.workspace.users.get(call.args.user);
    if (!user) throw new SlackError('user_not_found');
    return { user: shown(call, user, call.args.include_locale ?? false) };
  },
});

export const usersLookupByEmail = method({
  name: 'users.lookupByEmail',
  scopes: ['users:read.email'],
  tier: 3,
  args: { email: id },
  run: (call) => {
    const wanted = call.args.email.toLowerCase();
    // People from outside cannot be found by their address.
    const user = [...call.workspace.users.values()].find((one) => one.email?.toLowerCase() === wanted && !one.isStranger && !one.deleted);
    if (!user) throw new SlackError('users_not_found');
    return { user: shown(call, user) };
  },
});

export const usersList = method({
  name: 'users.list',
  scopes: ['users:read'],
  tier: 2,
  args: { limit: count.optional(), cursor: text.optional(), include_locale: flag },
  run: (call) => {
    const { items, metadata } = page([...call.workspace.users.values()], call.args.limit ?? DEFAULT_PAGE, call.args.cursor);
    return { members: items.map((user) => shown(call, user, call.args.include_locale ?? false)), cache_ts: 1_700_000_000, response_metadata: metadata };
  },
});

export const usergroupsList = method({
  name: 'usergroups.list',
  scopes: ['usergroups:read'],
  tier: 2,
  args: { include_count: flag, include_disabled: flag, include_users: flag },
  run: (call) => {
    const groups = [...call.workspace.groups.values()].filter((group) => !group.disabled || call.args.include_disabled === true);
    return { usergroups: groups.map((group) => groupJson(group, call.workspace, call.args.include_users ?? false)) };
  },
});

export const usergroupsUsersList = method({
  name: 'usergroups.users.list',
  scopes: ['usergroups:read'],
  tier: 2,
  args: { usergroup: id, include_disabled: flag },
  run: (call) => {
    const group = call.workspace.groups.get(call.args.usergroup);
    if (!group || (group.disabled && call.args.include_disabled !== true)) throw new SlackError('no_such_subteam');
    return { users: group.users };
  },
});
