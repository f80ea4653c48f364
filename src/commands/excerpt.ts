/** Enough to tell one mail from another in a list. */
export const EXCERPT_IN_LISTS_CHARS = 200;
