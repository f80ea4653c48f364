export type { MessageKey } from './en.js';

/** Values for the {names} in a text. */
export type MessageParams = Readonly<Record<string, string | number>>;
