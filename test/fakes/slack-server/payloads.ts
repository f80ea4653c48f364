/** What the app is sent when a person does something: https://docs.slack.dev/reference/interaction-payloads */
import { APP_ID, VERIFICATION_TOKEN } from './app.js';
import { isEphemeral, isView } from './controls.js';
import type { Conversation } from './conversation.js';
import { objectAt, onTheWire, stringAt, type JsonObject } from './json.js';
import { shown } from './methods/views.js';
import type { Ephemeral, Message, User } from './model.js';
import type { Slack } from './slack.js';
import { option, type Control, type Entry, type View } from './views.js';
import type { Workspace } from './workspace.js';

/** What every interaction has. */
export function interaction(type: string, user: User, workspace: Workspace, rest: JsonObject): JsonObject {
  return onTheWire({
    type,
    team: { id: workspace.id, domain: workspace.domain },
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
    api_app_id: APP_ID,
    token: VERIFICATION_TOKEN,
    enterprise: null,
    is_enterprise_install: false,
    ...rest,
  });
}

export function channelOf(place: Conversation): JsonObject {
  return { id: place.id, name: place.nameForApps };
}

/** The entry of `actions` for an element that was used. `value` is what it stands at now, when it has a state. */
export function actionOf(control: Control, value: JsonObject | undefined, entry: Entry | undefined, ts: string): JsonObject {
  const { element } = control;
  const type = stringAt(element, 'type') ?? '';
  const same = { action_id: control.actionId, block_id: control.blockId, type, action_ts: ts };
  if (type === 'button') return onTheWire({ ...same, text: element['text'], value: element['value'], url: element['url'], style: element['style'] });
  if (type === 'overflow') return onTheWire({ ...same, selected_option: option(element, typeof entry === 'string' ? entry : '') });
  return onTheWire({ ...same, ...value, placeholder: objectAt(element, 'placeholder') });
}

export function commandPayload(command: string, text: string, user: User, place: Conversation, workspace: Workspace, triggerId: string, responseUrl: string): JsonObject {
  return {
    token: VERIFICATION_TOKEN,
    team_id: workspace.id,
    team_domain: workspace.domain,
    channel_id: place.id,
    channel_name: place.nameForApps,
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    api_app_id: APP_ID,
    is_enterprise_install: 'false',
    response_url: responseUrl,
    trigger_id: triggerId,
  };
}

/** Where something was used: the parts of the payload that tell of the message or view. */
export function surroundingsOf(slack: Slack, workspace: Workspace, user: User, target: Message | Ephemeral | View, control: Control, value: JsonObject | undefined): JsonObject {
  if (isView(target)) {
    return { container: { type: 'view', view_id: target.id }, view: shown(workspace, target), trigger_id: slack.triggers.issue(user.id, target.type === 'modal' ? target.id : undefined) };
  }
  const place = workspace.conversations.get(target.channel);
  if (!place) throw new Error(`there is no channel ${target.channel}`);
  const ephemeral = isEphemeral(target);
  const { threadTs } = target;
  return {
    container: { type: 'message', message_ts: target.ts, channel_id: place.id, is_ephemeral: ephemeral, ...(threadTs === undefined ? {} : { thread_ts: threadTs }) },
    channel: channelOf(place),
    ...(ephemeral ? {} : { message: slack.events.shape(workspace, place, target) }),
    state: { values: value ? { [control.blockId]: { [control.actionId]: value } } : {} },
    trigger_id: slack.triggers.issue(user.id),
    response_url: slack.responseUrls.issue({ workspace, place, user: user.id, threadTs, ...(ephemeral ? { ephemeral: target } : { messageTs: target.ts }) }),
  };
}
