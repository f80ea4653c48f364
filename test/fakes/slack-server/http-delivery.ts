/** Events, interactions and commands as signed HTTP requests: https://docs.slack.dev/authentication/verifying-requests-from-slack */
import { createHmac, randomUUID } from 'node:crypto';

import { VERIFICATION_TOKEN } from './app.js';
import { withinAckTime, type Attempt, type Envelope, type Retry, type Transport } from './delivery.js';
import { parseJson, stringAt, type Json, type JsonObject } from './json.js';
import { unixSeconds } from './timestamps.js';

/** Where the app listens. Bolt has one address for all. */
export interface RequestUrls {
  readonly events: string;
  readonly interactions: string;
  readonly commands: string;
}

/** A request that was made to the app, so that it can be made again byte for byte. */
export interface SignedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ForgedRequest {
  readonly url: string;
  readonly body: string;
  readonly contentType?: string;
  /** Seconds since 1970; now unless told. */
  readonly timestamp?: number;
  /** Signs with this instead of the app's secret. */
  readonly secret?: string;
  /** Sent as it is instead of a signature; `null` sends none. */
  readonly signature?: string | null;
}

export class HttpDelivery implements Transport {
  /** What was sent, oldest first. */
  readonly sent: SignedRequest[] = [];

  constructor(
    private readonly urls: RequestUrls,
    private readonly signingSecret: string,
    private readonly ackMs: number,
  ) {}

  async attempt(envelope: Envelope, retry: Retry): Promise<Attempt> {
    const request = this.sign(this.draft(envelope, retry));
    const start = performance.now();
    return withinAckTime(this.exchange(request, start), this.ackMs);
  }

  /** The handshake when a request URL is entered in the app's settings. */
  async verifyUrl(): Promise<boolean> {
    const challenge = randomUUID();
    const body = JSON.stringify({ token: VERIFICATION_TOKEN, challenge, type: 'url_verification' });
    const answer = await this.post(this.sign({ url: this.urls.events, body, contentType: 'application/json' }));
    const text = await answer.text();
    return answer.status === 200 && (text === challenge || stringAt(parseJson(text), 'challenge') === challenge);
  }

  /** Sends anything, signed rightly or wrongly, and gives the status of the answer. */
  async forge(request: ForgedRequest): Promise<number> {
    return (await this.post(this.sign(request))).status;
  }

  /** Sends a request again, byte for byte, as somebody who listened in would. */
  async replay(request: SignedRequest): Promise<number> {
    return (await this.post(request)).status;
  }

  private draft(envelope: Envelope, retry: Retry): ForgedRequest & { readonly extra?: Readonly<Record<string, string>> } {
    const form = 'application/x-www-form-urlencoded';
    if (envelope.kind === 'slash_commands') return { url: this.urls.commands, body: formOf(envelope.payload), contentType: form };
    if (envelope.kind === 'interactive') return { url: this.urls.interactions, body: formOf({ payload: JSON.stringify(envelope.payload) }), contentType: form };
    const extra: Record<string, string> = retry.attempt > 0 ? { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason === 'timeout' ? 'http_timeout' : retry.reason } : {};
    return { url: this.urls.events, body: JSON.stringify(envelope.payload), contentType: 'application/json', extra };
  }

  private sign(request: ForgedRequest & { readonly extra?: Readonly<Record<string, string>> }): SignedRequest {
    const timestamp = String(request.timestamp ?? unixSeconds());
    const hash = createHmac('sha256', request.secret ?? this.signingSecret).update(`v0:${timestamp}:${request.body}`).digest('hex');
    const signature = request.signature === undefined ? `v0=${hash}` : request.signature;
    return {
      url: request.url,
      body: request.body,
      headers: {
        'content-type': request.contentType ?? 'application/json',
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': timestamp,
        ...(signature === null ? {} : { 'x-slack-signature': signature }),
        ...request.extra,
      },
    };
  }

  private async exchange(request: SignedRequest, start: number): Promise<Attempt> {
    const ms = (): number => performance.now() - start;
    try {
      const answer = await this.post(request);
      const text = await answer.text();
      const noRetry = answer.headers.get('x-slack-no-retry') === '1';
      if (!answer.ok) return { acked: false, ms: ms(), payload: undefined, failure: 'http_error', noRetry };
      return { acked: true, ms: ms(), payload: bodyOf(answer.headers.get('content-type') ?? '', text), failure: undefined };
    } catch {
      return { acked: false, ms: ms(), payload: undefined, failure: 'connection_failed' };
    }
  }

  private async post(request: SignedRequest): Promise<Response> {
    this.sent.push(request);
    return fetch(request.url, { method: 'POST', headers: request.headers, body: request.body, redirect: 'manual' });
  }
}

function formOf(values: JsonObject): string {
  const form = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value !== undefined) form.append(key, typeof value === 'string' ? value : JSON.stringify(value));
  return form.toString();
}

/** An empty answer is an acknowledgement only; plain text is the text of a message. */
function bodyOf(contentType: string, text: string): Json | undefined {
  if (text === '') return undefined;
  return contentType.includes('json') ? parseJson(text) : { text };
}
