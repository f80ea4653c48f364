/** The lengths and numbers of Block Kit, which the schemas do not have. Worded as Slack words them, in so far as that is known. */
import { shapeOfBlock } from './contracts.js';
import { isObject, objectAt, objectsAt, stringAt, type Json, type JsonObject } from './json.js';
import * as limits from './limits.js';
import type { Fault } from './violations.js';

export interface BlocksVerdict {
  readonly faults: readonly Fault[];
  /** Every block is fine by itself, together they are too long: `msg_blocks_too_long`. */
  readonly tooLong: boolean;
}

export type Surface = 'message' | 'modal' | 'home';

/** Checks the blocks of a message, modal or home tab. `pointer` is where they stand: "/blocks", "/view/blocks". */
export function checkBlocks(blocks: readonly unknown[], surface: Surface, pointer: string): BlocksVerdict {
  const faults: Fault[] = [];
  const most = surface === 'message' ? limits.MAX_MESSAGE_BLOCKS : limits.MAX_VIEW_BLOCKS;
  if (blocks.length > most) faults.push({ pointer, message: `no more than ${most} items allowed` });
  const ids = new Set<string>();
  let markdown = 0;
  blocks.forEach((block, index) => {
    const at = `${pointer}/${index}`;
    faults.push(...shapeOfBlock(block, at));
    if (!isObject(block)) return;
    const id = stringAt(block, 'block_id');
    if (id !== undefined) {
      if (ids.has(id)) faults.push({ pointer: `${at}/block_id`, message: `block_id already exists: ${id}` });
      ids.add(id);
      faults.push(...lengthOf(id, 1, limits.MAX_BLOCK_ID_CHARS, `${at}/block_id`));
    }
    if (surface === 'home' && block['type'] === 'markdown') faults.push({ pointer: at, message: 'unsupported type: markdown' });
    if (block['type'] === 'markdown') markdown += (stringAt(block, 'text') ?? '').length;
    faults.push(...checkBlock(block, at));
  });
  if (markdown > limits.MAX_MARKDOWN_CHARS) faults.push({ pointer, message: `markdown blocks have more than ${limits.MAX_MARKDOWN_CHARS} characters in all` });
  const tooLong = surface === 'message' && charsOf(blocks as readonly Json[]) + blocks.length * limits.BLOCK_CONTAINER_CHARS > limits.MAX_BLOCKS_CHARS;
  return { faults, tooLong };
}

function checkBlock(block: JsonObject, at: string): Fault[] {
  switch (block['type']) {
    case 'section':
      return checkSection(block, at);
    case 'header':
      return textOf(block['text'], 1, limits.MAX_HEADER_CHARS, `${at}/text`);
    case 'actions':
      return [...countOf(block['elements'], 1, limits.MAX_ACTIONS, `${at}/elements`), ...checkElements(block, at)];
    case 'context':
      return [...countOf(block['elements'], 1, limits.MAX_CONTEXT_ELEMENTS, `${at}/elements`), ...checkContext(block, at)];
    case 'image':
      return [...optionalLength(block['alt_text'], limits.MAX_ALT_TEXT_CHARS, `${at}/alt_text`), ...optionalLength(block['image_url'], limits.MAX_URL_CHARS, `${at}/image_url`), ...textOf(block['title'], 1, limits.MAX_LABEL_CHARS, `${at}/title`)];
    case 'input':
      return [
        ...textOf(block['label'], 1, limits.MAX_LABEL_CHARS, `${at}/label`),
        ...textOf(block['hint'], 1, limits.MAX_LABEL_CHARS, `${at}/hint`),
        ...checkElement(objectAt(block, 'element') ?? {}, `${at}/element`),
      ];
    default:
      return [];
  }
}

function checkSection(block: JsonObject, at: string): Fault[] {
  const faults = textOf(block['text'], 1, limits.MAX_SECTION_CHARS, `${at}/text`);
  if (block['text'] === undefined && block['fields'] === undefined) faults.push({ pointer: at, message: 'missing required field: text or fields' });
  if (block['fields'] !== undefined) faults.push(...countOf(block['fields'], 1, limits.MAX_SECTION_FIELDS, `${at}/fields`));
  objectsAt(block, 'fields').forEach((field, index) => faults.push(...textOf(field, 1, limits.MAX_FIELD_CHARS, `${at}/fields/${index}`)));
  const accessory = objectAt(block, 'accessory');
  if (accessory) faults.push(...checkElement(accessory, `${at}/accessory`));
  return faults;
}

function checkElements(block: JsonObject, at: string): Fault[] {
  const ids = new Set<string>();
  return objectsAt(block, 'elements').flatMap((element, index) => {
    const faults = checkElement(element, `${at}/elements/${index}`);
    const id = stringAt(element, 'action_id');
    if (id !== undefined && ids.has(id)) faults.push({ pointer: `${at}/elements/${index}/action_id`, message: `action_id already exists: ${id}` });
    if (id !== undefined) ids.add(id);
    return faults;
  });
}

function checkContext(block: JsonObject, at: string): Fault[] {
  return objectsAt(block, 'elements').flatMap((element, index) =>
    element['type'] === 'image' ? checkElement(element, `${at}/elements/${index}`) : textOf(element, 1, limits.MAX_SECTION_CHARS, `${at}/elements/${index}`),
  );
}

/** Buttons, menus, inputs: whatever has an action_id. */
function checkElement(element: JsonObject, at: string): Fault[] {
  const faults = [...optionalLength(element['action_id'], limits.MAX_ACTION_ID_CHARS, `${at}/action_id`), ...textOf(element['placeholder'], 1, limits.MAX_PLACEHOLDER_CHARS, `${at}/placeholder`), ...checkConfirm(element, at)];
  switch (element['type']) {
    case 'button':
      faults.push(...textOf(element['text'], 1, limits.MAX_BUTTON_CHARS, `${at}/text`), ...optionalLength(element['value'], limits.MAX_BUTTON_VALUE_CHARS, `${at}/value`));
      faults.push(...optionalLength(element['url'], limits.MAX_URL_CHARS, `${at}/url`), ...optionalLength(element['accessibility_label'], limits.MAX_BUTTON_CHARS, `${at}/accessibility_label`));
      break;
    case 'overflow':
      faults.push(...checkOptions(element, at, limits.MAX_OVERFLOW_OPTIONS));
      break;
    case 'checkboxes':
    case 'radio_buttons':
      faults.push(...checkOptions(element, at, limits.MAX_CHOICES));
      break;
    case 'static_select':
    case 'multi_static_select':
      faults.push(...checkMenu(element, at));
      break;
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
      faults.push(...checkTextInput(element, at));
      break;
    case 'image':
      faults.push(...optionalLength(element['alt_text'], limits.MAX_ALT_TEXT_CHARS, `${at}/alt_text`), ...optionalLength(element['image_url'], limits.MAX_URL_CHARS, `${at}/image_url`));
      break;
    default:
  }
  return faults;
}

function checkConfirm(element: JsonObject, at: string): Fault[] {
  const confirm = objectAt(element, 'confirm');
  if (!confirm) return [];
  return [
    ...textOf(confirm['title'], 1, limits.MAX_CONFIRM_TITLE_CHARS, `${at}/confirm/title`),
    ...textOf(confirm['text'], 1, limits.MAX_CONFIRM_TEXT_CHARS, `${at}/confirm/text`),
    ...textOf(confirm['confirm'], 1, limits.MAX_CONFIRM_BUTTON_CHARS, `${at}/confirm/confirm`),
    ...textOf(confirm['deny'], 1, limits.MAX_CONFIRM_BUTTON_CHARS, `${at}/confirm/deny`),
  ];
}

function checkMenu(element: JsonObject, at: string): Fault[] {
  const groups = element['option_groups'];
  if (groups === undefined) return checkOptions(element, at, limits.MAX_OPTIONS);
  const faults = countOf(groups, 1, limits.MAX_OPTIONS, `${at}/option_groups`);
  if (element['options'] !== undefined) faults.push({ pointer: at, message: 'must have either options or option_groups' });
  objectsAt(element, 'option_groups').forEach((group, index) => {
    faults.push(...textOf(group['label'], 1, limits.MAX_OPTION_CHARS, `${at}/option_groups/${index}/label`), ...checkOptions(group, `${at}/option_groups/${index}`, limits.MAX_OPTIONS));
  });
  return [...faults, ...checkInitial(element, at)];
}

/** Checks `options`; also used for what the app answers when it is asked for the options of an external menu. */
export function checkOptions(element: JsonObject, at: string, most: number, least = 1): Fault[] {
  const faults = countOf(element['options'], least, most, `${at}/options`);
  objectsAt(element, 'options').forEach((option, index) => {
    const here = `${at}/options/${index}`;
    faults.push(...textOf(option['text'], 1, limits.MAX_OPTION_CHARS, `${here}/text`), ...optionalLength(option['value'], limits.MAX_OPTION_CHARS, `${here}/value`));
    faults.push(...textOf(option['description'], 1, limits.MAX_OPTION_CHARS, `${here}/description`), ...optionalLength(option['url'], limits.MAX_URL_CHARS, `${here}/url`));
  });
  return [...faults, ...checkInitial(element, at)];
}

/** What is chosen at first must be among the options. */
function checkInitial(element: JsonObject, at: string): Fault[] {
  const chosen = [...objectsAt(element, 'initial_options'), ...(isObject(element['initial_option']) ? [element['initial_option']] : [])];
  const offered = new Set(optionsOf(element).map((option) => stringAt(option, 'value')));
  return chosen.filter((option) => !offered.has(stringAt(option, 'value'))).map((option) => ({ pointer: at, message: `initial option is not one of the options: ${stringAt(option, 'value') ?? ''}` }));
}

/** The options of a menu, those in groups as well. */
export function optionsOf(element: JsonObject): readonly JsonObject[] {
  return [...objectsAt(element, 'options'), ...objectsAt(element, 'option_groups').flatMap((group) => objectsAt(group, 'options'))];
}

function checkTextInput(element: JsonObject, at: string): Fault[] {
  const faults: Fault[] = [];
  const { max_length: longest, min_length: shortest, initial_value: initial } = element;
  for (const [key, value] of [['max_length', longest], ['min_length', shortest]] as const) {
    if (typeof value === 'number' && value > limits.MAX_INPUT_CHARS) faults.push({ pointer: `${at}/${key}`, message: `must be less than ${limits.MAX_INPUT_CHARS + 1}` });
  }
  const room = typeof longest === 'number' ? Math.min(longest, limits.MAX_INPUT_CHARS) : limits.MAX_INPUT_CHARS;
  return [...faults, ...optionalLength(initial, room, `${at}/initial_value`)];
}

function textOf(text: Json | undefined, least: number, most: number, at: string): Fault[] {
  if (!isObject(text)) return [];
  return typeof text['text'] === 'string' ? lengthOf(text['text'], least, most, `${at}/text`) : [];
}

function optionalLength(value: Json | undefined, most: number, at: string): Fault[] {
  return typeof value === 'string' ? lengthOf(value, 0, most, at) : [];
}

/** Length as JavaScript counts it; Slack counts at least as much for the texts that matter here. */
export function lengthOf(value: string, least: number, most: number, pointer: string): Fault[] {
  if (value.length > most) return [{ pointer, message: `must be less than ${most + 1} characters` }];
  if (value.length < least) return [{ pointer, message: `must be more than ${least - 1} characters` }];
  return [];
}

function countOf(list: Json | undefined, least: number, most: number, pointer: string): Fault[] {
  const count = Array.isArray(list) ? list.length : 0;
  if (count > most) return [{ pointer, message: `no more than ${most} items allowed` }];
  if (count < least) return [{ pointer, message: `must provide at least ${least} item${least === 1 ? '' : 's'}` }];
  return [];
}

/** All characters under keys named `text`, as in the measurements of bolt-js#2867. */
function charsOf(value: Json | undefined): number {
  if (Array.isArray(value)) return (value as readonly Json[]).reduce<number>((sum, item) => sum + charsOf(item), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce((sum, [key, item]) => sum + (key === 'text' && typeof item === 'string' ? item.length : charsOf(item)), 0);
}
