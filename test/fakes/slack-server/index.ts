/**
 * A Slack of our own, for proving the bridge with the real SDK: Web API, Socket Mode, signed HTTP requests, and people who use it. It behaves as design/platforms.md says that Slack does, and
 * everything that the app sends and Slack would refuse stands in `violations`.
 *
 *     const slack = await startSlackServer();
 *     const anna = slack.addUser({ name: 'anna' });
 *     const support = slack.addChannel('support');
 *     // ... start the bridge with slack.apiUrl, slack.botToken, slack.appToken
 *     await anna.press(support.messages()[0]!, 'Claim');
 *     expect(slack.violations).toEqual([]);
 */
import { freePort } from '../../support/free-port.js';
import { warmUp } from './contracts.js';
import type { AckRecord, Outcome, SentEvent } from './delivery.js';
import type { ApiFault } from './faults.js';
import { HttpDelivery, type RequestUrls } from './http-delivery.js';
import { HttpServer } from './http-server.js';
import { Slack, type SlackOptions } from './slack.js';
import type { DisconnectReason } from './socket-mode.js';
import { TestWorkspace } from './test-workspace.js';
import type { Violation } from './violations.js';
import { WebApi, type RecordedCall } from './web-api.js';
import type { WorkspaceSpec } from './workspace.js';

export type { Conversation } from './conversation.js';
export { contractsArePresent } from './contracts.js';
export { Person } from './person.js';
export { TestWorkspace } from './test-workspace.js';
export type { AckRecord, Outcome } from './delivery.js';
export type { ApiFault } from './faults.js';
export type { HttpDelivery } from './http-delivery.js';
export type { JsonObject } from './json.js';
export type { Ephemeral, Message, SlackFile, User } from './model.js';
export type { SlackOptions } from './slack.js';
export type { View } from './views.js';
export type { Violation } from './violations.js';
export type { RecordedCall } from './web-api.js';

/** The server, and its first workspace. */
export class SlackServer extends TestWorkspace {
  /** Use `startSlackServer`. */
  constructor(
    slack: Slack,
    private readonly webApi: WebApi,
    private readonly http: HttpServer,
  ) {
    super(slack, slack.workspaces[0]!);
  }

  /** For `clientOptions.slackApiUrl` and SLACK_API_URL; ends with a slash. */
  get apiUrl(): string {
    return `${this.slack.baseUrl}/api/`;
  }

  /** The token for Socket Mode. */
  get appToken(): string {
    return this.slack.appToken;
  }

  get signingSecret(): string {
    return this.slack.signingSecret;
  }

  /** Whatever Slack would have refused, or that its documentation forbids, so far. */
  get violations(): readonly Violation[] {
    return this.slack.violations;
  }

  /** Every try to hand something to the app, with its acknowledgement if there was one. */
  get acks(): readonly AckRecord[] {
    return this.slack.delivery.acks;
  }

  /** Events that were sent, oldest first, each once. */
  get events(): readonly SentEvent[] {
    return this.slack.delivery.events;
  }

  /** Sockets that get events now. */
  get sockets(): number {
    return this.slack.sockets.connected;
  }

  /** Sockets that were opened, ever. */
  get socketsOpened(): number {
    return this.slack.sockets.opened;
  }

  /** Calls of the Web API, of one method or all, oldest first. */
  calls(method?: string): readonly RecordedCall[] {
    return this.webApi.calls.filter((call) => method === undefined || call.method === method);
  }

  /** Installs the app in one more workspace, with a token of its own. */
  addWorkspace(spec: WorkspaceSpec = {}): TestWorkspace {
    return new TestWorkspace(this.slack, this.slack.install(spec));
  }

  failNext(fault: ApiFault): void {
    this.slack.faults.plan(fault);
  }

  clearFaults(): void {
    this.slack.faults.clear();
  }

  /** Sends events, interactions and commands by HTTP from now on; one address for all, as Bolt has it, or three. */
  useHttp(urls: string | RequestUrls): HttpDelivery {
    const all = typeof urls === 'string' ? { events: urls, interactions: urls, commands: urls } : urls;
    const http = new HttpDelivery(all, this.signingSecret, this.slack.ackMs);
    this.slack.transport = http;
    return http;
  }

  useSockets(): void {
    this.slack.transport = this.slack.sockets;
  }

  /** Asks sockets to reconnect, the oldest first; all unless told. */
  requestDisconnect(reason: DisconnectReason = 'refresh_requested', count?: number): void {
    this.slack.sockets.requestDisconnect(reason, count);
  }

  /** Cuts sockets without a word; with `leaveTcpOpen` they only fall silent. */
  dropSockets(options: { readonly leaveTcpOpen?: boolean; readonly count?: number } = {}): void {
    this.slack.sockets.drop(options);
  }

  /** Sends an event once more that the app may have had. */
  redeliver(eventId: string, reason?: string): Promise<Outcome> {
    return this.slack.delivery.redeliver(eventId, reason);
  }

  /** Resolves when every event is acknowledged or given up. */
  settle(): Promise<void> {
    return this.slack.delivery.settle();
  }

  /** Slack is down: nothing listens, every line is cut. What is there stays; `comeBack` listens on the same port. */
  async goDown(): Promise<void> {
    this.slack.sockets.drop();
    await this.http.stop();
  }

  async comeBack(): Promise<void> {
    await this.http.start();
  }

  async stop(): Promise<void> {
    this.slack.delivery.stop();
    this.slack.sockets.stop();
    await this.http.stop();
  }

  /** @internal */
  async start(): Promise<void> {
    await this.http.start();
  }
}

/** Starts a Slack of its own for one test file (a few milliseconds; the first of a process reads the contracts, which takes longer). End it with `stop()`. */
export async function startSlackServer(options: SlackOptions = {}): Promise<SlackServer> {
  warmUp();
  const slack = new Slack(options);
  const webApi = new WebApi(slack);
  const server = new SlackServer(slack, webApi, new HttpServer(slack, webApi, await freePort()));
  await server.start();
  return server;
}
