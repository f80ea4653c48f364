/** Names of verbs and of their values that the desk's buttons use; the catalogue in commands/ defines them. */
export const ARRIVED = 'arrived';
export const SEND_AGAIN = 'send-again';
export const UNDO = 'undo';
export const NOTE = 'note';
export const REPLY = 'reply';

/** Values by name. */
export const ARG = { text: 'text', message: 'message', files: 'files', preview: 'preview' } as const;

/** Switched on. */
export const YES = 'yes';
