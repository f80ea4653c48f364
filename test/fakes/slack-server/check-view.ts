import { checkBlocks, lengthOf } from './check-blocks.js';
import { shapeOfModal } from './contracts.js';
import { objectsAt, stringAt, type JsonObject } from './json.js';
import * as limits from './limits.js';
import type { Fault } from './violations.js';

const HOME_KEYS = new Set(['type', 'blocks', 'private_metadata', 'callback_id', 'external_id']);

export interface ViewVerdict {
  readonly faults: readonly Fault[];
  /** More than 250 kB: `view_too_large`. */
  readonly tooLarge: boolean;
}

/** Checks a view as views.open, .push, .update and .publish do. */
export function checkView(view: JsonObject, expected: 'modal' | 'home'): ViewVerdict {
  const faults: Fault[] = [];
  const type = stringAt(view, 'type');
  if (type !== expected) faults.push({ pointer: '/view/type', message: `must be ${expected}, is ${type ?? '(none)'}` });
  else faults.push(...(expected === 'modal' ? checkModal(view) : checkHome(view)));
  for (const [key, most] of [
    ['private_metadata', limits.MAX_PRIVATE_METADATA_CHARS],
    ['callback_id', limits.MAX_CALLBACK_ID_CHARS],
    ['external_id', limits.MAX_CALLBACK_ID_CHARS],
  ] as const) {
    faults.push(...lengthOf(stringAt(view, key) ?? '', 0, most, `/view/${key}`));
  }
  faults.push(...checkBlocks(Array.isArray(view['blocks']) ? view['blocks'] : [], expected, '/view/blocks').faults);
  return { faults, tooLarge: Buffer.byteLength(JSON.stringify(view)) > limits.MAX_VIEW_BYTES };
}

function checkModal(view: JsonObject): Fault[] {
  const faults = shapeOfModal(view);
  for (const key of ['title', 'submit', 'close'] as const) {
    const text = view[key];
    if (text !== undefined) faults.push(...lengthOf(stringAt(text, 'text') ?? '', 1, limits.MAX_VIEW_TITLE_CHARS, `/view/${key}/text`));
  }
  const hasInputs = objectsAt(view, 'blocks').some((block) => block['type'] === 'input');
  if (hasInputs && view['submit'] === undefined) faults.push({ pointer: '/view', message: 'missing required field: submit (there are input blocks)' });
  return faults;
}

function checkHome(view: JsonObject): Fault[] {
  const faults = Object.keys(view).filter((key) => !HOME_KEYS.has(key)).map((key) => ({ pointer: `/view/${key}`, message: 'unknown field of a home tab' }));
  if (!Array.isArray(view['blocks'])) faults.push({ pointer: '/view/blocks', message: 'must be an array' });
  return faults;
}
