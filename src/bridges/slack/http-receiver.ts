/** Slack by HTTP, for installations with a public address: signature and timestamp are checked (https://docs.slack.dev/authentication/verifying-requests-from-slack), and nothing is taken twice. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { HTTPModuleFunctions, HTTPResponseAck, type App, type Logger, type Receiver } from '@slack/bolt';

import type { Log } from '../../core/ports/effects.js';
import type { SlackSettings } from './settings.js';

const PATH = '/slack/events';
/** Slack's own requests are far smaller. In bytes. */
const BODY_LIMIT = 1_000_000;
/** Bolt refuses what is older, so signatures need not be remembered for longer, in milliseconds. */
const SIGNATURE_AGE_MS = 5 * 60_000 + 1_000;

export interface HttpNeeds {
  readonly settings: SlackSettings & { readonly signingSecret: string };
  readonly logger: Logger;
  readonly log: Log;
}

export class HttpReceiver implements Receiver {
  #app: App | undefined;
  #server: Server | undefined;
  readonly #seen = new Map<string, number>();

  constructor(private readonly needs: HttpNeeds) {}

  init(app: App): void {
    this.#app = app;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.#take(request, response).catch((error: unknown) => {
        this.needs.log.error({ error, bridge: this.needs.settings.name }, 'slack-request-failed');
        if (!response.headersSent) HTTPModuleFunctions.buildNoBodyResponse(response, 500);
      });
    });
    this.#server = server;
    const { host, port } = this.needs.settings.http;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    await closed;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (status: number): void => HTTPModuleFunctions.buildNoBodyResponse(response, status);
    if (request.method !== 'POST' || new URL(request.url ?? '/', 'http://localhost').pathname !== PATH) return refuse(404);
    const { settings, logger, log } = this.needs;
    let buffered;
    try {
      buffered = await HTTPModuleFunctions.parseAndVerifyHTTPRequest({ enabled: true, signingSecret: settings.signingSecret, bodyLimit: BODY_LIMIT }, request);
    } catch (error) {
      log.warn({ bridge: settings.name, why: error instanceof Error ? error.message : String(error) }, 'slack-request-refused');
      return refuse(401);
    }
    if (!this.#isNew(HTTPModuleFunctions.getHeader(request, 'x-slack-signature'))) {
      log.warn({ bridge: settings.name, why: 'it was sent before' }, 'slack-request-refused');
      return refuse(401);
    }
    const body = HTTPModuleFunctions.parseHTTPRequestBody(buffered) as Record<string, unknown>;
    if (body['ssl_check'] === '1') return HTTPModuleFunctions.buildSSLCheckResponse(response);
    if (body['type'] === 'url_verification') return HTTPModuleFunctions.buildUrlVerificationResponse(response, body);
    const ack = new HTTPResponseAck({ logger, processBeforeResponse: false, httpRequest: buffered, httpRequestBody: body, httpResponse: response });
    await this.#app?.processEvent({ body, ack: ack.bind() });
  }

  /** A signature covers body and second: the same one again is a replay. */
  #isNew(signature: string): boolean {
    const now = performance.now();
    for (const [old, at] of this.#seen) {
      if (now - at <= SIGNATURE_AGE_MS) break;
      this.#seen.delete(old);
    }
    if (this.#seen.has(signature)) return false;
    this.#seen.set(signature, now);
    return true;
  }
}
