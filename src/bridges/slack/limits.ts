/** Slack's lengths (https://docs.slack.dev/reference/block-kit and /reference/views), and the room that we give ourselves within them. In characters unless said otherwise. */

export const MAX_SECTION_CHARS = 3_000;
/**
 * Blocks of one message together: undocumented, 13,200 with about 50 for each block was measured (bolt-js#2509, #2867). What is longer goes into a file, so we stay well below.
 */
export const MAX_BODY_CHARS = 8_000;
export const MAX_HEADING_CHARS = 300;
export const MAX_FACTS_CHARS = 600;
export const MAX_QUOTE_CHARS = 280;
export const MAX_ALERT_CHARS = 800;
/** Shown in notifications and read aloud; longer than any screen. */
export const MAX_SUMMARY_CHARS = 400;
export const MAX_BUTTON_CHARS = 75;
export const MAX_BUTTON_VALUE_CHARS = 2_000;
/** Of menus: text and value of an option. */
export const MAX_OPTION_CHARS = 75;
/** Elements of an actions block. */
export const MAX_ACTIONS = 25;
export const MAX_SELECT_OPTIONS = 100;
export const MAX_CHECKBOXES = 10;
export const MAX_INPUT_CHARS = 3_000;
export const MAX_LABEL_CHARS = 2_000;
/** Title, submit and close of a modal. */
export const MAX_VIEW_TITLE_CHARS = 24;
export const MAX_VIEW_BLOCKS = 100;
export const MAX_PRIVATE_METADATA_CHARS = 3_000;
/** Complaint under a field; a longer one is cut by Slack. */
export const MAX_FIELD_ERROR_CHARS = 2_000;
/** Items of an answer: more than anybody reads in a message that only they see. */
export const MAX_ITEMS = 15;
