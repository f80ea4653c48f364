/** Buttons carry what they do in their value: nothing about them is kept here, so they work after a restart. */
import type { ConversationId } from '../../core/ids.js';
import type { PostAction } from '../../core/post.js';
import { MAX_BUTTON_VALUE_CHARS } from './limits.js';

/** What a button or menu entry asks for. */
export interface Deed {
  readonly verb: string;
  readonly conversationId: ConversationId | undefined;
  readonly revision: number | undefined;
  readonly args: Readonly<Record<string, string>>;
}

/** Prefixes of action_id; a number makes it unique within its block. */
export const DO = 'do';
export const MORE = 'more';
/** Shows the folded text of the post that the button stands on. */
export const UNFOLD = 'unfold';
export const SEARCH = 'search';
/** Argument of a button that only says which field of its form the cursor stands in. */
export const FOCUS = 'focus';

/** undefined: it does not fit. */
export function valueOf({ verb, conversationId, revision, args }: PostAction): string | undefined {
  const value = JSON.stringify({ v: verb, c: conversationId, r: revision, ...(Object.keys(args).length > 0 && { a: args }) });
  return value.length <= MAX_BUTTON_VALUE_CHARS ? value : undefined;
}

/** undefined: it is none of ours. */
export function readDeed(value: string): Deed | undefined {
  try {
    const { v, c, r, a } = JSON.parse(value) as { v?: unknown; c?: unknown; r?: unknown; a?: unknown };
    if (typeof v !== 'string') return undefined;
    return { verb: v, conversationId: typeof c === 'string' && c !== '' ? (c as ConversationId) : undefined, revision: typeof r === 'number' ? r : undefined, args: textsOf(a) };
  } catch {
    return undefined;
  }
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
