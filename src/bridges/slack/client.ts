/** The Web API as we use it: no retries of the SDK's own (it posts twice after a lost answer, and adds seconds to every 429), errors in our words. */
import { webApi, type Logger, LogLevel } from '@slack/bolt';

import { BridgeError } from '../../core/errors.js';
import type { Log } from '../../core/ports/effects.js';
import { asBridgeError } from './errors.js';
import type { SlackSettings } from './settings.js';

/** Slack answers within a second or two; what takes longer is lost, in milliseconds. */
const TIMEOUT_MS = 15_000;
/** What a person waits for is tried once more when Slack asks for no more than this, in milliseconds. */
const SHORT_WAIT_MS = 3_000;

export type Client = webApi.WebClient;

export function clientOptions({ apiUrl }: Pick<SlackSettings, 'apiUrl'>, logger: Logger): webApi.WebClientOptions {
  return { slackApiUrl: apiUrl, logger, timeout: TIMEOUT_MS, rejectRateLimitedCalls: true, retryConfig: { retries: 0 }, maxRequestConcurrency: 50 };
}

export function createClient(settings: SlackSettings, logger: Logger): Client {
  return new webApi.WebClient(settings.botToken, clientOptions(settings, logger));
}

/** @throws BridgeError */
export async function call<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw asBridgeError(error, what);
  }
}

/** For what a person waits for and is safe to repeat, or was certainly not done: tries once more after a short 429. */
export async function callPatiently<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await call(what, work);
  } catch (error) {
    if (!(error instanceof BridgeError) || error.fault !== 'rate-limited' || (error.retryAfterMs ?? Infinity) > SHORT_WAIT_MS) throw error;
    await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? 0));
    return call(what, work);
  }
}

/** How long a wait goes on after we were stopped, in milliseconds. */
const LOOK_MS = 200;

/** For what nobody waits for: comes back as often and as late as Slack asks, until we are stopped. */
export async function callAtLeisure<Result>(what: string, isStopped: () => boolean, work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await call(what, work);
    } catch (error) {
      if (!(error instanceof BridgeError) || error.fault !== 'rate-limited') throw error;
      for (let left = error.retryAfterMs ?? 1_000; left > 0; left -= LOOK_MS) {
        if (isStopped()) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.min(left, LOOK_MS)));
      }
    }
  }
}

/** The SDK's log lines are about its own doings and carry whole payloads at debug: only warnings and errors are kept, at debug and without more than their first words. */
export function quietLogger(log: Log): Logger {
  const keep = (level: string) => (...words: unknown[]): void => log.debug({ level, words: words.map(String).join(' ').slice(0, 200) }, 'slack-sdk');
  const drop = (): void => {};
  return { debug: drop, info: drop, warn: keep('warn'), error: keep('error'), setLevel: drop, getLevel: () => LogLevel.WARN, setName: drop };
}
