import { objectAt, objectsAt, stringAt, type JsonObject } from './json.js';
import { changeView, openModal, readView } from './methods/views.js';
import type { Slack } from './slack.js';
import type { View } from './views.js';
import { SlackError } from './violations.js';
import type { Workspace } from './workspace.js';

/**
 * Does what the acknowledgement of a submission says: closes, updates, pushes, or complains (https://docs.slack.dev/surfaces/modals#response_actions).
 *
 * @returns block_id -> complaint, when the app complains
 * @throws SlackError when the answer is not one that Slack takes
 */
export function obey(slack: Slack, workspace: Workspace, user: string, view: View, answer: JsonObject): Readonly<Record<string, string>> | undefined {
  const stack = workspace.modals.get(user) ?? [];
  switch (answer['response_action']) {
    case undefined:
      workspace.modals.set(user, stack.filter((one) => one !== view));
      return undefined;
    case 'clear':
      workspace.modals.set(user, []);
      return undefined;
    case 'update':
      changeView(workspace, view, readView(answer['view'], 'modal'));
      return undefined;
    case 'push':
      openModal(slack, workspace, user, readView(answer['view'], 'modal'), view);
      return undefined;
    case 'errors':
      return fieldErrors(view, objectAt(answer, 'errors') ?? {});
    default:
      throw new SlackError('invalid_response_action', {}, JSON.stringify(answer['response_action']));
  }
}

function fieldErrors(view: View, errors: JsonObject): Readonly<Record<string, string>> {
  const inputs = new Set(objectsAt(view.content, 'blocks').filter((block) => block['type'] === 'input').map((block) => stringAt(block, 'block_id')));
  const stray = Object.keys(errors).filter((key) => !inputs.has(key));
  if (stray.length > 0 || Object.keys(errors).length === 0) throw new SlackError('invalid_errors', {}, `errors name input blocks; there are none called ${stray.join(', ')}`);
  return Object.fromEntries(Object.entries(errors).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]));
}
