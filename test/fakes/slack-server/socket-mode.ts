/** Socket Mode as the app sees it: https://docs.slack.dev/apis/events-api/using-socket-mode */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { WebSocketServer, type WebSocket } from 'ws';

import { APP_ID } from './app.js';
import type { Attempt, Envelope, Retry, Transport } from './delivery.js';
import { secret } from './ids.js';
import { isObject, parseJson, stringAt, type Json } from './json.js';
import * as limits from './limits.js';
import type { Violation } from './violations.js';

/** The real service pings every few seconds; the SDK gives up after 30 s without one. */
const PING_MS = 5_000;
/** How long a socket that was asked to go may stay. */
const GRACE_MS = 10_000;
const TICKET_MS = 30_000;

export type DisconnectReason = 'refresh_requested' | 'warning' | 'link_disabled' | 'too_many_websockets';

export interface SocketModeOptions {
  readonly ackMs: number;
  /** The real service answers the close handshake and leaves TCP open. */
  readonly leaveTcpOpen: boolean;
  readonly pingMs?: number;
  readonly report: (violation: Omit<Violation, 'at'>) => void;
}

interface Link {
  readonly id: number;
  readonly socket: WebSocket;
  readonly tcp: Duplex;
  readonly openedAt: Date;
  /** Gets no more envelopes: told to go, or closed. */
  leaving: boolean;
  /** Lost without a word: what is sent to it disappears. */
  lost: boolean;
}

interface Waiting {
  readonly answer: (payload: Json | undefined) => void;
  readonly link: Link;
  readonly takesPayload: boolean;
}

export class SocketMode implements Transport {
  /** Every socket that ever said hello. */
  opened = 0;
  private readonly server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  private readonly tickets = new Map<string, number>();
  private readonly links = new Set<Link>();
  private readonly waiting = new Map<string, Waiting>();
  private readonly answered = new Set<string>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private turn = 0;

  constructor(private readonly options: SocketModeOptions) {}

  /** Sockets that get envelopes now. */
  get connected(): number {
    return this.usable().length;
  }

  /** What apps.connections.open gives: good for one connection within half a minute. */
  url(port: number): string {
    const ticket = secret();
    this.tickets.set(ticket, Date.now() + TICKET_MS);
    return `ws://127.0.0.1:${port}/link/?ticket=${ticket}&app_id=${APP_ID}`;
  }

  upgrade(request: IncomingMessage, tcp: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'ws://localhost');
    const ticket = url.searchParams.get('ticket') ?? '';
    const good = url.pathname === '/link/' && (this.tickets.get(ticket) ?? 0) > Date.now();
    this.tickets.delete(ticket);
    if (!good) {
      tcp.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
      return;
    }
    if (this.options.leaveTcpOpen) {
      // ws ends TCP when both close frames are through; Slack does not.
      tcp.end = () => tcp;
    }
    this.server.handleUpgrade(request, tcp, head, (socket) => {
      this.welcome(socket, tcp);
    });
  }

  async attempt(envelope: Envelope, retry: Retry): Promise<Attempt> {
    const link = this.next();
    if (!link) return { acked: false, ms: 0, payload: undefined, failure: 'no_socket' };
    const id = randomUUID();
    const start = performance.now();
    const takesPayload = envelope.kind !== 'events_api';
    const message = {
      envelope_id: id,
      payload: envelope.payload,
      type: envelope.kind,
      accepts_response_payload: takesPayload,
      ...(envelope.kind === 'events_api' ? { retry_attempt: retry.attempt, retry_reason: retry.reason } : {}),
    };
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        this.waiting.delete(id);
        this.answered.add(id);
        // Slack notices then that nobody is at the other end.
        if (link.lost) this.links.delete(link);
        resolve({ acked: false, ms: performance.now() - start, payload: undefined, failure: 'timeout' });
      }, this.options.ackMs);
      this.timers.add(timer);
      const answer = (payload: Json | undefined): void => {
        clearTimeout(timer);
        this.timers.delete(timer);
        resolve({ acked: true, ms: performance.now() - start, payload, failure: undefined });
      };
      this.waiting.set(id, { answer, link, takesPayload });
      if (!link.lost) link.socket.send(JSON.stringify(message));
    });
  }

  /** Asks sockets to go and come back, as Slack does about once an hour. `count` of them, the oldest first; all unless told. After a warning a socket still gets events. */
  requestDisconnect(reason: DisconnectReason = 'refresh_requested', count = Infinity): void {
    for (const link of [...this.usable()].slice(0, count)) {
      link.socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-fake' } }));
      if (reason === 'warning') continue;
      link.leaving = true;
      this.later(GRACE_MS, () => {
        this.cut(link);
      });
    }
  }

  /** Cuts sockets without a word. With `leaveTcpOpen` they look alive to the app, but nothing comes and nothing is answered, pings included. */
  drop(options: { readonly leaveTcpOpen?: boolean; readonly count?: number } = {}): void {
    for (const link of [...this.usable()].slice(0, options.count ?? Infinity)) {
      if (options.leaveTcpOpen === true) {
        link.lost = true;
        link.socket.pause();
      } else this.cut(link);
    }
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    for (const link of [...this.links]) this.cut(link);
    this.server.close();
  }

  private welcome(socket: WebSocket, tcp: Duplex): void {
    const link: Link = { id: this.opened + 1, socket, tcp, openedAt: new Date(), leaving: false, lost: false };
    this.opened += 1;
    socket.on('error', () => undefined);
    tcp.on('error', () => undefined);
    if (this.usable().length >= limits.MAX_SOCKETS) {
      this.options.report({ method: 'socket', rule: 'too_many_websockets', detail: `an app may hold ${limits.MAX_SOCKETS} sockets` });
      socket.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets', debug_info: { host: 'applink-fake' } }));
      socket.close();
      return;
    }
    this.links.add(link);
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.usable().length,
        debug_info: { host: 'applink-fake', build_number: 1, approximate_connection_time: 18_060 },
        connection_info: { app_id: APP_ID },
      }),
    );
    const pings = setInterval(() => {
      if (!link.lost && socket.readyState === socket.OPEN) socket.ping('Ping from applink-fake');
    }, this.options.pingMs ?? PING_MS);
    socket.on('message', (data) => {
      this.hear(link, Array.isArray(data) ? Buffer.concat(data).toString() : Buffer.from(data as ArrayBuffer).toString());
    });
    socket.on('close', () => {
      clearInterval(pings);
      this.links.delete(link);
    });
    // The close frame of the app: from now on this socket gets nothing, whenever TCP ends.
    tcp.on('close', () => {
      clearInterval(pings);
      this.links.delete(link);
    });
  }

  private hear(link: Link, text: string): void {
    const message = parseJson(text);
    const id = isObject(message) ? stringAt(message, 'envelope_id') : undefined;
    if (!isObject(message) || id === undefined) {
      this.options.report({ method: 'ack', rule: 'malformed', detail: `socket ${link.id} sent ${text.slice(0, 200)}` });
      return;
    }
    const waiting = this.waiting.get(id);
    if (!waiting) {
      const rule = this.answered.has(id) ? 'late_or_repeated' : 'unknown_envelope';
      this.options.report({ method: 'ack', rule, detail: `envelope ${id}` });
      return;
    }
    this.waiting.delete(id);
    this.answered.add(id);
    const payload = message['payload'];
    const empty = payload === undefined || (isObject(payload) && Object.keys(payload).length === 0);
    if (!empty && !waiting.takesPayload) this.options.report({ method: 'ack', rule: 'payload_not_accepted', detail: `envelope ${id}` });
    waiting.answer(empty ? undefined : payload);
  }

  private usable(): readonly Link[] {
    return [...this.links].filter((link) => !link.leaving && (link.lost || link.socket.readyState === link.socket.OPEN));
  }

  private next(): Link | undefined {
    const usable = this.usable();
    this.turn += 1;
    return usable[this.turn % Math.max(usable.length, 1)];
  }

  private cut(link: Link): void {
    this.links.delete(link);
    link.socket.terminate();
    link.tcp.destroy();
  }

  private later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      work();
    }, ms);
    this.timers.add(timer);
  }
}
