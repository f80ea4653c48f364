import type { JsonObject } from './json.js';

/** Something that the app under test did and Slack would refuse, cut, or that its documentation forbids. */
export interface Violation {
  /** Web API method, or "response_url", "ack", "upload". */
  readonly method: string;
  /** Slack's word for it: "invalid_blocks", "missing_scope", "unknown_argument" ... */
  readonly rule: string;
  /** What exactly, with the JSON pointer where there is one. */
  readonly detail: string;
  readonly at: Date;
}

/** What Slack answers with: `{ok: false, error, ...extra}`. */
export class SlackError extends Error {
  constructor(
    readonly code: string,
    readonly extra: JsonObject = {},
    /** Said when the call should never have been made, whatever the state of the workspace: recorded as a violation. */
    readonly violation?: string,
  ) {
    super(code);
  }
}

/** A call that should never have been made. */
export function refusal(code: string, detail: string, extra: JsonObject = {}): SlackError {
  return new SlackError(code, extra, detail);
}

/** Refuses what breaks rules, with the places in `response_metadata`, as Slack does. */
export function refusalOf(code: string, faults: readonly Fault[]): SlackError {
  const messages = describeFaults(faults);
  return refusal(code, messages.join('; '), { errors: messages, response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } });
}

/** A place in a payload that breaks a rule. */
export interface Fault {
  readonly pointer: string;
  readonly message: string;
}

export function describeFaults(faults: readonly Fault[]): string[] {
  return faults.map(({ pointer, message }) => `${message} [json-pointer:${pointer}]`);
}
