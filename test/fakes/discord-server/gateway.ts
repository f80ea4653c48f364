/** The WebSocket side: HELLO, IDENTIFY, READY, heartbeats, RESUME with replay, and all the ways in which it goes wrong. */
import type { Server } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';

import { isJson, numberIn, objectIn, textIn, type Json } from './json.js';
import { snowflake } from './snowflakes.js';
import { guildJson, userJson, type World } from './world.js';

/** Opcodes and close codes of the gateway (Discord docs, "Gateway Opcodes and Status Codes"). */
const OP = { dispatch: 0, heartbeat: 1, identify: 2, resume: 6, reconnect: 7, invalidSession: 9, hello: 10, ack: 11 } as const;
const CLOSE = { unknown: 4000, authenticationFailed: 4004, disallowedIntents: 4014 } as const;
export const MESSAGE_CONTENT = 1 << 15;
const MESSAGE_CONTENT_FLAGS = (1 << 18) | (1 << 19);
/** Privileged besides: presences and members. Goniec needs neither. */
const OTHER_PRIVILEGED = (1 << 1) | (1 << 8);

interface Session {
  readonly id: string;
  readonly intents: number;
  readonly sent: { readonly seq: number; readonly packet: string }[];
  seq: number;
  socket: WebSocket | undefined;
}

export interface GatewayNeeds {
  readonly world: World;
  readonly token: string;
  readonly url: () => string;
  readonly violation: (what: string) => void;
}

export class Gateway {
  readonly identifies: { readonly intents: number }[] = [];
  resumes = 0;
  /** Short, so that a zombie is found out within a test. */
  heartbeatMs = 41_250;
  /** The session is forgotten: the next RESUME is answered with op 9. */
  forgetSessions = false;
  /** The token is refused by the gateway alone, as when it is reset while REST still takes it. */
  denyToken = false;
  /** No intent is allowed that is privileged, whatever the application's flags say. */
  denyIntents = false;
  readonly #sessions = new Map<string, Session>();
  readonly #needs: GatewayNeeds;
  readonly #sockets: WebSocketServer;
  #deaf = false;

  constructor(server: Server, needs: GatewayNeeds) {
    this.#needs = needs;
    this.#sockets = new WebSocketServer({ server });
    this.#sockets.on('connection', (socket) => this.#greet(socket));
  }

  get connected(): boolean {
    return [...this.#sessions.values()].some(({ socket }) => socket?.readyState === 1);
  }

  /** To every session; what a session misses while it is away is replayed when it resumes. */
  dispatch(t: string, data: (intents: number) => Json): void {
    for (const session of this.#sessions.values()) this.#send(session, t, data(session.intents));
  }

  /** As when Discord restarts a machine: the bot may resume. */
  drop(code: number = CLOSE.unknown): void {
    for (const { socket } of this.#sessions.values()) socket?.close(code, 'dropped by the test');
  }

  askToReconnect(): void {
    for (const { socket } of this.#sessions.values()) socket?.send(JSON.stringify({ op: OP.reconnect, d: null }));
  }

  invalidate(resumable: boolean): void {
    for (const session of this.#sessions.values()) session.socket?.send(JSON.stringify({ op: OP.invalidSession, d: resumable }));
    if (!resumable) this.#sessions.clear();
  }

  /** The connection stays open and nothing comes through it any more, in either direction. */
  becomeZombie(): void {
    this.#deaf = true;
  }

  close(): void {
    for (const client of this.#sockets.clients) client.terminate();
    this.#sockets.close();
  }

  #greet(socket: WebSocket): void {
    let deaf = false;
    socket.send(JSON.stringify({ op: OP.hello, d: { heartbeat_interval: this.heartbeatMs, _trace: [] } }));
    socket.on('message', (raw: Buffer) => {
      if (this.#deaf && [...this.#sessions.values()].some((session) => session.socket === socket)) deaf = true;
      if (deaf) return;
      const packet: unknown = JSON.parse(raw.toString());
      if (!isJson(packet)) return;
      switch (packet['op']) {
        case OP.heartbeat:
          socket.send(JSON.stringify({ op: OP.ack }));
          return;
        case OP.identify:
          this.#identify(socket, objectIn(packet, 'd'));
          return;
        case OP.resume:
          this.#resume(socket, objectIn(packet, 'd'));
          return;
        default:
      }
    });
  }

  #identify(socket: WebSocket, data: Json): void {
    const intents = numberIn(data, 'intents') ?? 0;
    this.identifies.push({ intents });
    if (this.denyToken || textIn(data, 'token') !== this.#needs.token) return socket.close(CLOSE.authenticationFailed, 'Authentication failed.');
    const { world } = this.#needs;
    const mayRead = (world.application.flags & MESSAGE_CONTENT_FLAGS) !== 0;
    if (this.denyIntents || intents & OTHER_PRIVILEGED || (intents & MESSAGE_CONTENT && !mayRead)) return socket.close(CLOSE.disallowedIntents, 'Disallowed intent(s).');
    this.#deaf = false;
    const session: Session = { id: snowflake(), intents, sent: [], seq: 0, socket };
    // One bot, one session: an earlier one is over.
    this.#sessions.clear();
    this.#sessions.set(session.id, session);
    this.#send(session, 'READY', {
      v: 10, user: { ...userJson(world.bot), verified: true, mfa_enabled: false, flags: 0, email: null }, guilds: [{ id: world.guild.id, unavailable: true }], session_id: session.id,
      resume_gateway_url: this.#needs.url(), session_type: 'normal', shard: [0, 1], application: { id: world.application.id, flags: world.application.flags }, private_channels: [], presences: [], relationships: [],
    });
    this.#send(session, 'GUILD_CREATE', guildJson(world));
  }

  #resume(socket: WebSocket, data: Json): void {
    const session = this.#sessions.get(textIn(data, 'session_id') ?? '');
    if (!session || this.forgetSessions) {
      this.forgetSessions = false;
      this.#sessions.clear();
      socket.send(JSON.stringify({ op: OP.invalidSession, d: false }));
      return;
    }
    this.#deaf = false;
    this.resumes += 1;
    session.socket = socket;
    const last = numberIn(data, 'seq') ?? 0;
    for (const { seq, packet } of session.sent) if (seq > last) socket.send(packet);
    this.#send(session, 'RESUMED', {});
  }

  #send(session: Session, t: string, d: Json): void {
    session.seq += 1;
    const packet = JSON.stringify({ op: OP.dispatch, t, s: session.seq, d });
    session.sent.push({ seq: session.seq, packet });
    if (session.socket?.readyState === 1 && !this.#deaf) session.socket.send(packet);
  }
}
