/** Text, blocks and metadata of a message, as the app sent them: read, checked and made whole. */
import { checkBlocks } from './check-blocks.js';
import { shortId } from './ids.js';
import { isObject, parseJson, type Json, type JsonObject } from './json.js';
import * as limits from './limits.js';
import { refusal, refusalOf } from './violations.js';

export interface GivenContent {
  readonly text?: string | undefined;
  readonly markdown_text?: string | undefined;
  readonly blocks?: unknown;
  readonly attachments?: unknown;
  readonly metadata?: unknown;
}

export interface Content {
  readonly text: string;
  /** Undefined when the call did not speak of blocks. */
  readonly blocks: readonly JsonObject[] | undefined;
  readonly attachments: readonly JsonObject[] | undefined;
  readonly metadata: JsonObject | undefined;
  /** Longer than Slack keeps. */
  readonly tooLong: boolean;
}

/** @throws SlackError for what Slack refuses */
export function readContent(given: GivenContent): Content {
  const blocks = readBlocks(given.blocks);
  const attachments = readList(given.attachments, 'invalid_attachments');
  const text = given.text ?? given.markdown_text ?? '';
  if (given.markdown_text !== undefined && (given.text !== undefined || blocks !== undefined)) throw refusal('markdown_text_conflict', 'markdown_text goes with neither text nor blocks');
  if (text.trim() === '' && (blocks?.length ?? 0) === 0 && (attachments?.length ?? 0) === 0) throw refusal('no_text', 'neither text nor blocks nor attachments');
  return { text, blocks, attachments, metadata: readMetadata(given.metadata), tooLong: text.length > limits.MAX_TEXT_CHARS };
}

/** @throws SlackError when they are not blocks of a message */
export function readBlocks(given: unknown): readonly JsonObject[] | undefined {
  const blocks = readList(given, 'invalid_blocks_format');
  if (!blocks) return undefined;
  const { faults, tooLong } = checkBlocks(blocks, 'message', '/blocks');
  if (faults.length > 0) throw refusalOf('invalid_blocks', faults);
  if (tooLong) throw refusal('msg_blocks_too_long', `blocks have more than about ${limits.MAX_BLOCKS_CHARS} characters in all`);
  return withIds(blocks);
}

function readList(given: unknown, error: string): readonly JsonObject[] | undefined {
  if (given === undefined) return undefined;
  const value = typeof given === 'string' ? (given === '' ? [] : parseJson(given)) : given;
  if (!Array.isArray(value) || !value.every(isObject)) throw refusal(error, 'not a JSON array of objects');
  return value;
}

function readMetadata(given: unknown): JsonObject | undefined {
  if (given === undefined) return undefined;
  const value = typeof given === 'string' ? parseJson(given) : given;
  if (!isObject(value)) throw refusal('invalid_metadata_format', 'metadata is not a JSON object');
  const good = typeof value['event_type'] === 'string' && value['event_type'] !== '' && isObject(value['event_payload']);
  if (!good) throw refusal('invalid_metadata_schema', 'metadata has event_type (text) and event_payload (object)');
  return value;
}

/** Gives a block_id and action_ids to what has none, as Slack does; the app sees them in interactions. */
export function withIds(blocks: readonly JsonObject[]): readonly JsonObject[] {
  return blocks.map((block) => ({ ...(withActionIds(block) as JsonObject), block_id: block['block_id'] ?? shortId() }));
}

/** Things that people can use. */
const INTERACTIVE = /^(?:button|overflow|checkboxes|radio_buttons|datepicker|timepicker|datetimepicker|\w+_input|\w+_select|workflow_button)$/;

function withActionIds(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => withActionIds(item) ?? null);
  if (!isObject(value)) return value;
  const copy: Record<string, Json | undefined> = {};
  for (const [key, item] of Object.entries(value)) copy[key] = withActionIds(item);
  if (typeof value['type'] === 'string' && INTERACTIVE.test(value['type'])) copy['action_id'] ??= shortId();
  return copy;
}
