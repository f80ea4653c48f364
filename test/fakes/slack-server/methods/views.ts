import { APP_ID } from '../app.js';
import { checkView } from '../check-view.js';
import { withIds } from '../content.js';
import { isObject, objectsAt, parseJson, stringAt, type JsonObject } from '../json.js';
import * as limits from '../limits.js';
import type { Slack } from '../slack.js';
import { newHash, stateOf, viewJson, type View } from '../views.js';
import { refusal, refusalOf, SlackError } from '../violations.js';
import type { Workspace } from '../workspace.js';
import { id, json, method } from './method.js';

/** A view as the app sent it. @throws SlackError when it breaks the rules */
export function readView(given: unknown, expected: 'modal' | 'home'): JsonObject {
  const view = typeof given === 'string' ? parseJson(given) : given;
  if (!isObject(view)) throw refusal('invalid_arguments', 'view is not a JSON object');
  const { faults, tooLarge } = checkView(view, expected);
  if (faults.length > 0) throw refusalOf('invalid_arguments', faults);
  if (tooLarge) throw refusal('view_too_large', `${limits.MAX_VIEW_BYTES} bytes`);
  return { ...view, blocks: withIds(objectsAt(view, 'blocks')) };
}

function checkExternalId(workspace: Workspace, content: JsonObject, self?: View): void {
  const externalId = stringAt(content, 'external_id');
  if (externalId === undefined || externalId === '') return;
  const taken = workspace.allViews().some((view) => view !== self && stringAt(view.content, 'external_id') === externalId);
  if (taken) throw refusal('duplicate_external_id', externalId);
}

export function shown(workspace: Workspace, view: View): JsonObject {
  return viewJson(view, workspace.id, APP_ID, workspace.botId);
}

/** Puts a modal before a person: on top of what is open. @throws SlackError push_limit_reached */
export function openModal(slack: Slack, workspace: Workspace, user: string, content: JsonObject, onto: View | undefined): View {
  checkExternalId(workspace, content);
  const stack = onto ? (workspace.modals.get(user) ?? []) : [];
  if (stack.length >= limits.MAX_VIEW_STACK) throw refusal('push_limit_reached', `a stack has ${limits.MAX_VIEW_STACK} views`);
  const viewId = slack.ids.next('V');
  const view: View = { id: viewId, type: 'modal', user, rootId: onto?.rootId ?? viewId, previousId: onto?.id, content, state: stateOf(objectsAt(content, 'blocks')), hash: newHash() };
  workspace.modals.set(user, [...stack, view]);
  return view;
}

/** Changes a view that is open, keeping what was typed where blocks stay the same. */
export function changeView(workspace: Workspace, view: View, content: JsonObject): void {
  checkExternalId(workspace, content, view);
  view.content = content;
  view.state = stateOf(objectsAt(content, 'blocks'), view.state);
  view.hash = newHash();
}

function checkHash(view: View | undefined, hash: string | undefined): void {
  if (view && hash !== undefined && hash !== view.hash) throw new SlackError('hash_conflict');
}

export const open = method({
  name: 'views.open',
  tier: 4,
  args: { view: json, trigger_id: id },
  run: ({ args, slack, workspace }) => {
    const content = readView(args.view, 'modal');
    const trigger = slack.triggers.redeem(args.trigger_id);
    return { view: shown(workspace, openModal(slack, workspace, trigger.user, content, undefined)) };
  },
});

export const push = method({
  name: 'views.push',
  tier: 4,
  args: { view: json, trigger_id: id },
  run: ({ args, slack, workspace }) => {
    const content = readView(args.view, 'modal');
    const trigger = slack.triggers.redeem(args.trigger_id);
    const below = (workspace.modals.get(trigger.user) ?? []).at(-1);
    if (!below || trigger.viewId === undefined) throw refusal('not_found', 'views.push needs a trigger from a modal');
    return { view: shown(workspace, openModal(slack, workspace, trigger.user, content, below)) };
  },
});

export const update = method({
  name: 'views.update',
  tier: 4,
  args: { view: json, view_id: id.optional(), external_id: id.optional(), hash: id.optional() },
  run: ({ args, workspace }) => {
    if (args.view_id === undefined && args.external_id === undefined) throw refusal('invalid_arguments', 'view_id or external_id');
    const view = workspace.allViews().find((one) => (args.view_id === undefined ? stringAt(one.content, 'external_id') === args.external_id : one.id === args.view_id));
    const content = readView(args.view, view?.type ?? 'modal');
    if (!view) throw new SlackError('not_found');
    checkHash(view, args.hash);
    changeView(workspace, view, content);
    return { view: shown(workspace, view) };
  },
});

export const publish = method({
  name: 'views.publish',
  tier: 4,
  args: { view: json, user_id: id, hash: id.optional() },
  run: ({ args, slack, workspace }) => {
    const content = readView(args.view, 'home');
    if (!workspace.users.has(args.user_id)) throw new SlackError('user_not_found');
    const before = workspace.homes.get(args.user_id);
    checkHash(before, args.hash);
    if (before) {
      changeView(workspace, before, content);
      return { view: shown(workspace, before) };
    }
    checkExternalId(workspace, content);
    const viewId = slack.ids.next('V');
    const view: View = { id: viewId, type: 'home', user: args.user_id, rootId: viewId, previousId: undefined, content, state: stateOf(objectsAt(content, 'blocks')), hash: newHash() };
    workspace.homes.set(args.user_id, view);
    return { view: shown(workspace, view) };
  },
});
