/** Modals and home tabs: what an app sees of them (`ViewOutput` of Bolt), and what a person has typed into them. */
import { optionsOf } from './check-blocks.js';
import { secret } from './ids.js';
import { objectAt, objectsAt, onTheWire, stringAt, type Json, type JsonObject } from './json.js';

/** block_id -> action_id -> value, as in `view.state.values`. */
export type StateValues = Record<string, Record<string, JsonObject>>;

export interface View {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly user: string;
  readonly rootId: string;
  readonly previousId: string | undefined;
  /** What the app sent, with block_ids and action_ids filled in. */
  content: JsonObject;
  state: StateValues;
  /** Changes with every update. */
  hash: string;
}

export function newHash(): string {
  return `${Math.floor(Date.now() / 1_000)}.${secret(4)}`;
}

/** A view as the app gets it. */
export function viewJson(view: View, teamId: string, appId: string, botId: string): JsonObject {
  const { content } = view;
  return onTheWire({
    id: view.id,
    team_id: teamId,
    type: view.type,
    blocks: content['blocks'] ?? [],
    private_metadata: stringAt(content, 'private_metadata') ?? '',
    callback_id: stringAt(content, 'callback_id') ?? '',
    state: { values: view.state },
    hash: view.hash,
    title: content['title'] ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: content['clear_on_close'] === true,
    notify_on_close: content['notify_on_close'] === true,
    close: content['close'] ?? null,
    submit: content['submit'] ?? null,
    previous_view_id: view.previousId ?? null,
    root_view_id: view.rootId,
    app_id: appId,
    external_id: stringAt(content, 'external_id') ?? '',
    app_installed_team_id: teamId,
    bot_id: botId,
  });
}

export interface Control {
  readonly blockId: string;
  readonly actionId: string;
  /** Has its type, options, limits. */
  readonly element: JsonObject;
  /** Undefined for elements outside of input blocks. */
  readonly input: JsonObject | undefined;
}

/** All elements that can be used, in order. */
export function controlsOf(blocks: readonly JsonObject[]): readonly Control[] {
  return blocks.flatMap((block) => {
    const blockId = stringAt(block, 'block_id') ?? '';
    const element = objectAt(block, 'element');
    const accessory = objectAt(block, 'accessory');
    const elements = [...objectsAt(block, 'elements'), ...(element ? [element] : []), ...(accessory ? [accessory] : [])];
    return elements
      .filter((one) => one['type'] !== 'image' && one['action_id'] !== undefined)
      .map((one) => ({ blockId, actionId: stringAt(one, 'action_id') ?? '', element: one, input: block['type'] === 'input' ? block : undefined }));
  });
}

/** Values at first; those that a person has set already stay where the block and action are the same. */
export function stateOf(blocks: readonly JsonObject[], before: StateValues = {}): StateValues {
  const state: StateValues = {};
  for (const { blockId, actionId, element } of controlsOf(blocks)) {
    const value = initialValue(element);
    if (!value) continue;
    const kept = before[blockId]?.[actionId];
    (state[blockId] ??= {})[actionId] = kept && kept['type'] === value['type'] ? kept : value;
  }
  return state;
}

/** undefined for elements without a state: buttons and overflow menus. */
function initialValue(element: JsonObject): JsonObject | undefined {
  const type = stringAt(element, 'type') ?? '';
  const initial = (key: string): Json => element[`initial_${key}`] ?? null;
  switch (type) {
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return { type, value: initial('value') };
    case 'rich_text_input':
      return { type, rich_text_value: initial('value') };
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return { type, selected_option: initial('option') };
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      return { type, selected_options: element['initial_options'] ?? [] };
    case 'users_select':
      return { type, selected_user: initial('user') };
    case 'multi_users_select':
      return { type, selected_users: element['initial_users'] ?? [] };
    case 'conversations_select':
      return { type, selected_conversation: initial('conversation') };
    case 'multi_conversations_select':
      return { type, selected_conversations: element['initial_conversations'] ?? [] };
    case 'channels_select':
      return { type, selected_channel: initial('channel') };
    case 'multi_channels_select':
      return { type, selected_channels: element['initial_channels'] ?? [] };
    case 'datepicker':
      return { type, selected_date: initial('date') };
    case 'timepicker':
      return { type, selected_time: initial('time') };
    case 'datetimepicker':
      return { type, selected_date_time: initial('date_time') };
    case 'file_input':
      return { type, files: [] };
    default:
      return undefined;
  }
}

/** What a person enters: text, an option's value, ids, a date; lists for what takes several; null empties it. */
export type Entry = string | number | null | readonly string[] | readonly JsonObject[];

/**
 * The value that an element has when a person enters something.
 *
 * @param offered options that came from outside (external menus)
 * @throws when the element does not offer that
 */
export function entered(element: JsonObject, entry: Entry, offered: readonly JsonObject[] = []): JsonObject {
  const initial = initialValue(element);
  const [key = 'value'] = Object.keys(initial ?? { value: null }).filter((one) => one !== 'type');
  const type = stringAt(element, 'type') ?? '';
  if (key === 'selected_option') return { type, selected_option: entry === null ? null : option(element, typeof entry === 'string' ? entry : '', offered) };
  if (key === 'selected_options') return { type, selected_options: list(entry).map((one) => option(element, typeof one === 'string' ? one : (stringAt(one, 'value') ?? ''), offered)) };
  if (key.startsWith('selected_') && key.endsWith('s')) return { type, [key]: list(entry) };
  if (key === 'files') return { type, files: list(entry) };
  // Cleared text is null, as Slack sends it.
  return { type, [key]: entry === '' ? null : (entry) };
}

function list(entry: Entry): readonly (string | JsonObject)[] {
  if (entry === null) return [];
  return Array.isArray(entry) ? (entry as readonly (string | JsonObject)[]) : [entry as string];
}

/** The option as payloads carry it. */
export function option(element: JsonObject, value: string, offered: readonly JsonObject[] = []): JsonObject {
  const all = [...optionsOf(element), ...offered];
  const found = all.find((one) => stringAt(one, 'value') === value) ?? all.find((one) => stringAt(one['text'], 'text') === value);
  if (found) return found;
  if ((stringAt(element, 'type') ?? '').includes('external')) return { text: { type: 'plain_text', text: value, emoji: true }, value };
  throw new Error(`there is no option "${value}"; there are: ${all.map((one) => stringAt(one, 'value') ?? '').join(', ')}`);
}

/** What Slack's client would complain about before it sends anything: block_id -> complaint. */
export function complaintsOf(view: View): Readonly<Record<string, string>> {
  const complaints: Record<string, string> = {};
  for (const { blockId, actionId, element, input } of controlsOf(objectsAt(view.content, 'blocks'))) {
    const value = view.state[blockId]?.[actionId];
    if (!input || !value) continue;
    const [entry] = Object.entries(value).filter(([key]) => key !== 'type').map(([, one]) => one);
    const empty = entry === null || entry === undefined || (Array.isArray(entry) && entry.length === 0);
    if (empty && input['optional'] !== true) complaints[blockId] = 'Please complete this required field.';
    if (typeof entry !== 'string') continue;
    const { min_length: least, max_length: most } = element;
    if (typeof most === 'number' && entry.length > most) complaints[blockId] = `Must be at most ${most} characters`;
    if (typeof least === 'number' && entry.length < least) complaints[blockId] = `Must be at least ${least} characters`;
  }
  return complaints;
}
