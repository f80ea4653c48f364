/** What Discord refuses (Discord docs, "Message", "Threads", "Message Components", "Interactions"), and what we choose below it. */

/** Discord refuses longer content; mails are split at paragraphs. */
export const MAX_CONTENT_CHARS = 2_000;
/** Of one bot, whatever the route (Discord docs, "Rate Limits: Global Rate Limit"). */
export const REQUESTS_PER_SECOND = 50;
/** Discord allows 4096; what we put there is shortened long before. */
export const MAX_DESCRIPTION_CHARS = 4_000;
/** Of all embeds of one message together. */
export const MAX_EMBEDS_CHARS = 6_000;
/** Title, author and field names of an embed. */
export const MAX_TITLE_CHARS = 256;
export const MAX_FOOTER_CHARS = 200;
export const MAX_THREAD_NAME_CHARS = 100;
export const MAX_TAGS = 5;
export const MAX_ROWS = 5;
export const MAX_ROW_BUTTONS = 5;
export const MAX_BUTTON_LABEL_CHARS = 80;
export const MAX_CUSTOM_ID_CHARS = 100;
export const MAX_MODAL_TITLE_CHARS = 45;
export const MAX_LABEL_CHARS = 45;
export const MAX_INPUT_CHARS = 4_000;
export const MAX_SELECT_OPTIONS = 25;
export const MAX_OPTION_CHARS = 100;
export const MAX_MODAL_PARTS = 5;
export const MAX_CHOICES = 25;
export const MAX_DESCRIPTION_OF_COMMAND_CHARS = 100;
export const MAX_FILES = 10;
/** All files of one request. */
export const MAX_REQUEST_BYTES = 24 * 1024 * 1024;
/** One file, by the guild's boost tier 0 to 3. */
export const FILE_BYTES_BY_TIER = [10, 10, 50, 100].map((megabytes) => megabytes * 1024 * 1024);

/** A mail that needs more messages than this is attached as a file: nobody scrolls through more. */
export const MAX_PIECES = 5;
/** The customer's words on the card (desk/README: card table). */
export const MAX_QUOTE_CHARS = 280;

/** An interaction that was not answered by then has failed for the person. */
export const FIRST_ANSWER_MS = 3_000;
/** Most verbs are done by then and need one request; a slower one shows "is thinking". */
export const DEFER_AFTER_MS = 250;
/** The token of an interaction lasts 15 minutes; the margin covers the way there. */
export const TOKEN_MS = 15 * 60_000 - 20_000;

/** A thread is renamed twice in ten minutes at most (undocumented, answered with 429). */
export const MAX_RENAMES = 2;
export const RENAME_WINDOW_MS = 10 * 60_000;
