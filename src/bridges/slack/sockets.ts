/**
 * Socket Mode over two sockets. Slack asks a socket to go about once an hour; the SDK would close it first and be deaf for seconds until the next one stands. Here the next one is opened
 * first, and the old one goes when what came over it is acknowledged; a socket that breaks leaves the other one hearing meanwhile.
 */
import { SocketModeReceiver, webApi, type App, type Logger, type Receiver } from '@slack/bolt';

import type { Log } from '../../core/ports/effects.js';
import { clientOptions } from './client.js';
import { adviceFor, slackCode } from './errors.js';
import type { SlackSettings } from './settings.js';

const SOCKETS = 2;
/** A pong is missed after this, in milliseconds. */
const PONG_TIMEOUT_MS = 5_000;
/** Slack pings every few seconds; silence for so long means that the line is dead, in milliseconds. */
const SILENCE_MS = 20_000;
/** The old socket stays at most so long for what it has not acknowledged, in milliseconds. Slack ends it after 10 s. */
const LINGER_MS = 4_000;
const LOOK_MS = 50;
/** Slack leaves TCP open after the close handshake; then the socket is cut off, in milliseconds. */
const CLOSING_MS = 300;
/** Waits between tries to open a socket, in milliseconds. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;
/** A wrong token is not tried every second. */
const HOPELESS_WAIT_MS = 60_000;
const HOPELESS = new Set(['not_authed', 'invalid_auth', 'account_inactive', 'token_revoked', 'not_allowed_token_type', 'missing_scope', 'user_removed_from_team', 'team_disabled']);

export interface SocketsNeeds {
  readonly settings: SlackSettings & { readonly appToken: string };
  readonly logger: Logger;
  readonly log: Log;
  /** No socket stood for so long: what was said meanwhile is to be fetched. */
  readonly heardAgain: (deafMs: number) => void;
}

export class Sockets implements Receiver {
  #app: App | undefined;
  #stopped = false;
  readonly #open = new Set<Socket>();
  #deafSince: number | undefined;

  constructor(private readonly needs: SocketsNeeds) {}

  init(app: App): void {
    this.#app = app;
  }

  /** Resolves when the first socket stands; the second follows. */
  async start(): Promise<void> {
    this.#stopped = false;
    await this.#add();
    for (let further = 1; further < SOCKETS; further += 1) void this.#keepTrying();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#open].map((socket) => this.#retire(socket)));
  }

  /** Sockets that hear. */
  get standing(): number {
    return [...this.#open].filter(({ leaving }) => !leaving).length;
  }

  async #add(): Promise<void> {
    const app = this.#app;
    if (!app) throw new Error('the receiver was started before the app');
    const socket = new Socket(app, this.needs, {
      asked: () => void this.#replace(socket),
      gone: () => this.#lost(socket),
    });
    await socket.start();
    if (this.#stopped) return socket.end();
    this.#open.add(socket);
    if (this.#deafSince !== undefined) this.needs.heardAgain(performance.now() - this.#deafSince);
    this.#deafSince = undefined;
  }

  /** The new one first. */
  async #replace(socket: Socket): Promise<void> {
    if (socket.leaving || this.#stopped) return;
    socket.leaving = true;
    await this.#keepTrying();
    await this.#retire(socket);
  }

  #lost(socket: Socket): void {
    if (!this.#open.delete(socket)) return;
    if (this.standing === 0) this.#deafSince ??= performance.now();
    if (this.#stopped || socket.leaving) return;
    this.needs.log.warn({ bridge: this.needs.settings.name, left: this.standing }, 'socket-lost');
    void this.#keepTrying();
  }

  async #retire(socket: Socket): Promise<void> {
    socket.leaving = true;
    for (let waited = 0; waited < LINGER_MS && socket.unacknowledged > 0; waited += LOOK_MS) await sleep(LOOK_MS);
    this.#open.delete(socket);
    await socket.end();
  }

  async #keepTrying(): Promise<void> {
    for (let wait = FIRST_WAIT_MS; !this.#stopped; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        await this.#add();
        return;
      } catch (error) {
        const code = slackCode(error);
        const hopeless = code !== undefined && HOPELESS.has(code);
        if (hopeless) this.needs.log.error({ bridge: this.needs.settings.name, code, what: adviceFor(code) }, 'socket-refused');
        else this.needs.log.warn({ bridge: this.needs.settings.name, error: error instanceof Error ? error.message : String(error) }, 'socket-not-opened');
        const asked = error instanceof webApi.WebAPIRateLimitedError ? error.retryAfter * 1_000 : 0;
        await sleep(Math.max(hopeless ? HOPELESS_WAIT_MS : wait, asked), () => this.#stopped);
      }
    }
  }
}

/** One socket of the SDK, whose going is ours to decide. */
class Socket {
  leaving = false;
  readonly #receiver: SocketModeReceiver;
  readonly #waiting = new Set<string>();
  #ended = false;

  constructor(app: App, { settings, logger }: SocketsNeeds, on: { readonly asked: () => void; readonly gone: () => void }) {
    this.#receiver = new SocketModeReceiver({
      appToken: settings.appToken, logger, autoReconnectEnabled: false, clientPingTimeout: PONG_TIMEOUT_MS, serverPingTimeout: SILENCE_MS, installerOptions: { clientOptions: clientOptions(settings, logger) },
    });
    this.#receiver.init(app);
    const { client } = this.#receiver;
    // The SDK closes as soon as Slack asks for it; we want to hear it first.
    const [handle] = client.listeners('ws_message');
    client.off('ws_message');
    client.on('ws_message', (data: unknown, binary: unknown) => {
      const { type, envelope_id: id } = readEnvelope(data);
      if (type === 'disconnect') return on.asked();
      if (id) this.#waiting.add(id);
      handle?.(data, binary);
    });
    client.on('outgoing_message', (message: { readonly envelope_id?: string }) => this.#waiting.delete(message.envelope_id ?? ''));
    client.on('disconnected', () => {
      if (!this.#ended) on.gone();
    });
  }

  get unacknowledged(): number {
    return this.#waiting.size;
  }

  /** Resolves at Slack's hello. */
  async start(): Promise<void> {
    try {
      await this.#receiver.start();
    } catch (error) {
      this.#ended = true;
      throw error instanceof Error ? error : new Error('the socket was closed before it was open');
    }
  }

  /** Asked twice: the second time cuts off what Slack leaves open. */
  async end(): Promise<void> {
    this.#ended = true;
    const { client } = this.#receiver;
    const closed = client.disconnect();
    await Promise.race([closed, sleep(CLOSING_MS)]);
    void client.disconnect();
  }
}

function readEnvelope(data: unknown): { readonly type?: string; readonly envelope_id?: string } {
  try {
    return JSON.parse(String(data)) as { type?: string; envelope_id?: string };
  } catch {
    return {};
  }
}

/** @param cut ends it early; looked at now and then */
async function sleep(ms: number, cut: () => boolean = () => false): Promise<void> {
  for (let left = ms; left > 0 && !cut(); left -= LOOK_MS * 10) await new Promise((resolve) => setTimeout(resolve, Math.min(left, LOOK_MS * 10)));
}
