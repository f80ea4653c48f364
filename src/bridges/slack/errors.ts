/** Slack's refusals -> what they mean for us, and what a person can do. The only place that knows Slack's words for errors. */
import { webApi } from '@slack/bolt';

import type { Said } from '../../core/calls.js';
import { BridgeError, type Fault } from '../../core/errors.js';
import type { MessageKey } from '../../core/language/catalogue.js';

/** What to do, for the log and `goniec doctor`. */
const ADVICE: Readonly<Record<string, { readonly fault: Fault; readonly advice: string }>> = {
  account_inactive: { fault: 'forbidden', advice: 'The app was removed from the workspace. Install it again and set SLACK_BOT_TOKEN.' },
  invalid_auth: { fault: 'forbidden', advice: 'Slack does not know this token. Copy the bot token (xoxb-) from "OAuth & Permissions" into SLACK_BOT_TOKEN.' },
  not_authed: { fault: 'forbidden', advice: 'There is no token. Set SLACK_BOT_TOKEN.' },
  token_expired: { fault: 'forbidden', advice: 'The token has expired. Switch token rotation off in the app, install it again and set SLACK_BOT_TOKEN.' },
  token_revoked: { fault: 'forbidden', advice: 'The token was revoked. Install the app again and set SLACK_BOT_TOKEN.' },
  not_allowed_token_type: { fault: 'forbidden', advice: 'This is the wrong kind of token: SLACK_BOT_TOKEN begins with xoxb-, SLACK_APP_TOKEN with xapp-.' },
  missing_scope: { fault: 'forbidden', advice: 'The app lacks a right. Take the manifest from "goniec slack manifest" over and install the app again.' },
  no_permission: { fault: 'forbidden', advice: 'The workspace does not let the app do this. Ask its administrators.' },
  access_denied: { fault: 'forbidden', advice: 'The workspace does not let the app do this. Ask its administrators.' },
  ekm_access_denied: { fault: 'forbidden', advice: 'Administrators have suspended posting here.' },
  restricted_action: { fault: 'forbidden', advice: 'Only some people may post in this channel. Allow the app to, or choose another channel.' },
  restricted_action_read_only_channel: { fault: 'forbidden', advice: 'The channel is read-only. Allow the app to post, or choose another channel.' },
  restricted_action_thread_only_channel: { fault: 'forbidden', advice: 'The channel takes only answers in threads. Choose another channel.' },
  not_in_channel: { fault: 'forbidden', advice: 'The app is not in the channel. Write /invite @Goniec there.' },
  channel_not_found: { fault: 'gone', advice: 'There is no such channel, or it is private and the app is not in it. Write /invite @Goniec there, or correct "target" in desk.yaml.' },
  // Not gone: what is there can be edited again once it is unarchived.
  is_archived: { fault: 'forbidden', advice: 'The channel is archived. Unarchive it and write /invite @Goniec there, or choose another in desk.yaml.' },
  is_inactive: { fault: 'forbidden', advice: 'The channel is archived. Unarchive it and write /invite @Goniec there, or choose another in desk.yaml.' },
  messages_tab_disabled: { fault: 'forbidden', advice: 'The app may not write to people. Take the manifest from "goniec slack manifest" over, which switches its Messages tab on.' },
  message_not_found: { fault: 'gone', advice: 'The message was deleted in Slack.' },
  thread_not_found: { fault: 'gone', advice: 'The thread was deleted in Slack.' },
  cant_update_message: { fault: 'gone', advice: 'The message belongs to another app.' },
  edit_window_closed: { fault: 'gone', advice: 'Slack does not let this message be edited any more.' },
  ratelimited: { fault: 'rate-limited', advice: 'Slack wants us to wait.' },
  rate_limited: { fault: 'rate-limited', advice: 'Slack wants us to wait.' },
  message_limit_exceeded: { fault: 'rate-limited', advice: 'The workspace has posted too much. Slack wants us to wait.' },
};
/** A refusal that was announced before anything was refused. */
export function refusedFor(code: string): BridgeError {
  return new BridgeError(ADVICE[code]?.fault ?? 'forbidden', true, adviceFor(code), undefined, { cause: new Announced(code) });
}

class Announced extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** What we sent can never be taken: trying again is of no use. A word of Slack's that we do not know is no such thing. */
const MALFORMED = new Set([
  'invalid_arguments', 'invalid_arg_name', 'invalid_array_arg', 'invalid_attachments', 'invalid_blocks', 'invalid_blocks_format', 'invalid_charset', 'invalid_form_data', 'invalid_metadata_format', 'invalid_metadata_schema', 'invalid_post_type',
  'invalid_thread_ts', 'markdown_text_conflict', 'metadata_too_large', 'msg_blocks_too_long', 'msg_too_long', 'no_text', 'too_many_attachments', 'unknown_method',
]);
/** Errors of Slack's own making: what we asked may have been done. */
const SLACK_DOWN = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org', 'accesslimited']);

/** The request cannot have reached Slack. */
const NEVER_LEFT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Only the message or its thread is gone: nothing is wrong with the channel. */
const ABOUT_MESSAGE = new Set(['message_not_found', 'thread_not_found', 'cant_update_message', 'edit_window_closed']);

export const isAboutMessage = (error: BridgeError): boolean => ABOUT_MESSAGE.has(slackCode(error.cause) ?? '');

/** Slack's word for what it refused; undefined when it did not refuse but fail. */
export function slackCode(error: unknown): string | undefined {
  if (error instanceof Announced) return error.code;
  return error instanceof webApi.WebAPIPlatformError ? error.data.error : undefined;
}

export function adviceFor(code: string): string {
  return ADVICE[code]?.advice ?? `Slack says: ${code}.`;
}

/** Codes -> what to say on the web desk, where something other than "may not post" is to be done. */
const TROUBLE: Readonly<Record<string, MessageKey>> = {
  account_inactive: 'trouble.token', invalid_auth: 'trouble.token', not_authed: 'trouble.token', token_expired: 'trouble.token', token_revoked: 'trouble.token', not_allowed_token_type: 'trouble.token',
  missing_scope: 'trouble.right', not_in_channel: 'trouble.not-inside', channel_not_found: 'trouble.no-channel', is_archived: 'trouble.archived', is_inactive: 'trouble.archived',
};
const CONCERNS_ALL: ReadonlySet<MessageKey> = new Set<MessageKey>(['trouble.token', 'trouble.right', 'trouble.unreachable']);

/** @returns what keeps posts from going out; `all`: not only in this channel */
export function troubleOf(error: unknown): { readonly what: Said; readonly all: boolean } {
  const cause = error instanceof BridgeError ? error.cause : error;
  const code = slackCode(cause);
  const otherwise = error instanceof BridgeError && error.fault === 'gone' ? 'trouble.no-channel' : code === undefined ? 'trouble.unreachable' : 'trouble.not-allowed';
  const key = (code === undefined ? undefined : TROUBLE[code]) ?? otherwise;
  const right = cause instanceof webApi.WebAPIPlatformError ? (cause.data as { needed?: string }).needed : undefined;
  return { what: { key, params: key === 'trouble.right' ? { right: right ?? '' } : {} }, all: CONCERNS_ALL.has(key) };
}

/** @param what the method that failed */
export function asBridgeError(error: unknown, what: string): BridgeError {
  if (error instanceof BridgeError) return error;
  const options = { cause: error };
  if (error instanceof webApi.WebAPIRateLimitedError) return new BridgeError('rate-limited', true, `${what}: Slack wants us to wait ${error.retryAfter} s`, error.retryAfter * 1_000, options);
  const code = slackCode(error);
  if (code !== undefined) {
    if (SLACK_DOWN.has(code)) return new BridgeError('unavailable', false, `${what}: ${code}`, undefined, options);
    const needed = error instanceof webApi.WebAPIPlatformError && typeof (error.data as { needed?: unknown }).needed === 'string' ? ` (${(error.data as { needed?: string }).needed})` : '';
    const known = ADVICE[code];
    return new BridgeError(known?.fault ?? (MALFORMED.has(code) ? 'invalid' : 'unavailable'), true, `${what}: ${code}${needed}${known ? `. ${known.advice}` : ''}`, undefined, options);
  }
  if (error instanceof webApi.WebAPIHTTPError) {
    // 4xx of a proxy or of Slack's edge: nothing was done. 5xx: nobody knows.
    return error.statusCode < 500 ? new BridgeError('unavailable', true, `${what}: HTTP ${error.statusCode}`, undefined, options) : new BridgeError('unavailable', false, `${what}: HTTP ${error.statusCode}`, undefined, options);
  }
  return new BridgeError('unavailable', neverLeft(error), `${what}: ${error instanceof Error ? error.message : String(error)}`, undefined, options);
}

function neverLeft(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; depth += 1) {
    if ('code' in at && typeof at.code === 'string' && NEVER_LEFT.has(at.code)) return true;
    at = 'original' in at && at.original instanceof Error ? at.original : at.cause;
  }
  return false;
}
