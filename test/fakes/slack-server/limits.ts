/**
 * Slack's lengths and numbers. From https://docs.slack.dev/reference/block-kit and /reference/views unless a line says otherwise; the same table stands in design/platforms.md.
 */

/** Longer text of a message is cut off by chat.postMessage and refused by chat.update. */
export const MAX_TEXT_CHARS = 40_000;
export const MAX_MESSAGE_BLOCKS = 50;
export const MAX_VIEW_BLOCKS = 100;
/**
 * Undocumented: "12,000 text characters with a buffer for block containers" (bolt-js#2509). With 50 characters for each container, 13,200 in all agrees with what was measured
 * in bolt-js#2867: 9,597 characters in 50 blocks were taken, 11,341 in 45 blocks were not.
 */
export const MAX_BLOCKS_CHARS = 13_200;
export const BLOCK_CONTAINER_CHARS = 50;

export const MAX_BLOCK_ID_CHARS = 255;
export const MAX_ACTION_ID_CHARS = 255;
export const MAX_SECTION_CHARS = 3_000;
export const MAX_SECTION_FIELDS = 10;
export const MAX_FIELD_CHARS = 2_000;
export const MAX_HEADER_CHARS = 150;
export const MAX_ACTIONS = 25;
export const MAX_CONTEXT_ELEMENTS = 10;
/** All markdown blocks of a payload together. */
export const MAX_MARKDOWN_CHARS = 12_000;
export const MAX_LABEL_CHARS = 2_000;
export const MAX_URL_CHARS = 3_000;
export const MAX_ALT_TEXT_CHARS = 2_000;

export const MAX_BUTTON_CHARS = 75;
export const MAX_BUTTON_VALUE_CHARS = 2_000;
export const MAX_PLACEHOLDER_CHARS = 150;
export const MAX_OPTIONS = 100;
export const MAX_OVERFLOW_OPTIONS = 5;
export const MAX_CHOICES = 10;
export const MAX_OPTION_CHARS = 75;
export const MAX_INPUT_CHARS = 3_000;
export const MAX_CONFIRM_TITLE_CHARS = 100;
export const MAX_CONFIRM_TEXT_CHARS = 300;
export const MAX_CONFIRM_BUTTON_CHARS = 30;

export const MAX_VIEW_TITLE_CHARS = 24;
export const MAX_PRIVATE_METADATA_CHARS = 3_000;
export const MAX_CALLBACK_ID_CHARS = 255;
export const MAX_VIEW_BYTES = 250_000;
export const MAX_VIEW_STACK = 3;

/** An app has this long to acknowledge (https://docs.slack.dev/interactivity/handling-user-interaction). */
export const ACK_MS = 3_000;
export const TRIGGER_MS = 3_000;
export const RESPONSE_URL_USES = 5;
export const RESPONSE_URL_MS = 30 * 60_000;
/** Sockets that an app may hold. */
export const MAX_SOCKETS = 10;
/** conversations.history and .replies of distributed apps outside the Marketplace (since May 2025). */
export const DISTRIBUTED_PAGE = 15;
