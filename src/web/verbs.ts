/** Names of verbs and of their values that the desk's buttons use; the catalogue in commands/ defines them. */
export const ARRIVED = 'arrived';
export const SEND_AGAIN = 'send-again';
export const UNDO = 'undo';
export const NOTE = 'note';
export const REPLY = 'reply';
export const DRAFT = 'draft';
export const EDIT = 'edit';
export const FORWARD = 'forward';
export const APPROVE = 'approve';
export const SEND_BACK = 'send-back';

/** Values by name. */
export const ARG = { text: 'text', to: 'to', message: 'message', files: 'files', preview: 'preview', warned: 'warned', anyway: 'anyway', at: 'at', only: 'only', attach: 'attach' } as const;

/** Begins the name of a box that puts a file of the conversation beside an answer; its id follows. */
export const THREAD_FILE = 'thread-file-';

/** Switched on. */
export const YES = 'yes';
