/** One call of the Web API, from request to answer: https://docs.slack.dev/apis/web-api */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import type { ApiFault } from './faults.js';
import { argumentsOf, tokenOf } from './http-body.js';
import { stringAt, type JsonObject } from './json.js';
import { METHODS } from './methods/index.js';
import { needScope, type Call, type Method } from './methods/method.js';
import type { Slack } from './slack.js';
import { refusal, SlackError } from './violations.js';
import type { Workspace } from './workspace.js';

/** What any call may carry besides its own arguments. */
const COMMON_ARGUMENTS = new Set(['token', 'team_id']);
const APP_SCOPES = ['connections:write'];

/** One call that the app made, for tests. */
export interface RecordedCall {
  readonly method: string;
  /** Without the token; JSON inside form fields is left as text. */
  readonly args: JsonObject;
  readonly at: Date;
  /** HTTP status of the answer; 0 when the connection was cut. */
  readonly status: number;
  readonly ok: boolean;
  readonly error: string | undefined;
  readonly response: JsonObject;
}

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
}

export class WebApi {
  readonly calls: RecordedCall[] = [];

  constructor(private readonly slack: Slack) {}

  async handle(name: string, request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const args = argumentsOf(request, body) ?? {};
    const at = new Date();
    const fault = this.slack.faults.take(name, args);
    const record = (status: number, answer: JsonObject): void => {
      this.record(name, args, at, status, answer);
    };
    if (fault && spoils(fault)) {
      const done = fault.dropConnection === 'after' || (fault.done === true && fault.dropConnection === undefined) ? this.answer(name, request, args).body : undefined;
      await this.pause(fault.delayMs);
      record(fault.dropConnection === undefined ? (fault.retryAfter === undefined ? (fault.status ?? 200) : 429) : 0, done ?? { ok: false, error: fault.error ?? 'injected_fault' });
      spoil(fault, request, response);
      return;
    }
    const answer = this.answer(name, request, args);
    record(answer.status, answer.body);
    await this.pause(fault?.delayMs);
    send(response, answer);
  }

  /** Also for requests beside the Web API: "upload", "response_url". */
  record(method: string, args: JsonObject, at: Date, status: number, response: JsonObject): void {
    const { token: _, ...rest } = args;
    this.calls.push({ method, args: rest, at, status, ok: response['ok'] === true && status === 200, error: stringAt(response, 'error'), response });
  }

  private async pause(delayMs = 0): Promise<void> {
    const ms = delayMs + (this.slack.options.latencyMs ?? 0);
    if (ms > 0) await sleep(ms);
  }

  private answer(name: string, request: IncomingMessage, args: JsonObject): Answer {
    const method = METHODS.get(name);
    const headers = { 'x-accepted-oauth-scopes': (method?.scopes ?? []).join(',') };
    try {
      if (!method) throw new SlackError('unknown_method', { req_method: name }, name);
      const workspace = this.authenticate(method, tokenOf(request, args));
      Object.assign(headers, { 'x-oauth-scopes': [...(method.token === 'app' ? APP_SCOPES : workspace.scopes)].join(',') });
      const wait = this.limit(method, workspace, args);
      if (wait !== undefined) return { status: 429, body: { ok: false, error: 'ratelimited' }, headers: { ...headers, 'retry-after': String(wait) } };
      const call: Call<Record<string, unknown>> = { slack: this.slack, workspace, args: this.parse(method, args) };
      if (method.token === 'bot') needScope(call, ...method.scopes);
      return { status: 200, body: { ok: true, ...method.run(call) }, headers };
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      if (error.violation !== undefined) this.slack.report({ method: name, rule: error.code, detail: error.violation });
      return { status: 200, body: { ok: false, error: error.code, ...error.extra }, headers };
    }
  }

  /** The workspace of a bot token; for the app's own token the first one, which stands for the app. @throws SlackError */
  private authenticate(method: Method, token: string | undefined): Workspace {
    const [first] = this.slack.workspaces;
    if (token === undefined) throw refusal('not_authed', 'no token');
    const workspace = this.slack.workspaces.find((one) => one.botToken === token);
    if (!first || (!workspace && token !== this.slack.appToken)) throw new SlackError('invalid_auth');
    if ((token === this.slack.appToken) !== (method.token === 'app')) throw refusal('not_allowed_token_type', `${method.name} takes the ${method.token} token`);
    if (!workspace) return first;
    if (workspace.tokenError !== undefined) throw new SlackError(workspace.tokenError);
    return workspace;
  }

  private limit(method: Method, workspace: Workspace, args: JsonObject): number | undefined {
    if (this.slack.options.limits !== 'slack') return undefined;
    const history = method.name === 'conversations.history' || method.name === 'conversations.replies';
    const perMinute = history && this.slack.options.distribution === 'distributed' ? 1 : undefined;
    const place = method.tier === 'post' ? ` ${stringAt(args, 'channel') ?? ''}` : '';
    return this.slack.rateLimits.take(`${workspace.id} ${method.name}${place}`, method.tier, perMinute);
  }

  /** @throws SlackError invalid_arguments */
  private parse(method: Method, args: JsonObject): Record<string, unknown> {
    const unknown = Object.keys(args).filter((key) => !COMMON_ARGUMENTS.has(key) && !(key in method.args.shape));
    // Slack lets them pass; an app that sends them believes in something that does not happen.
    if (unknown.length > 0) this.slack.report({ method: method.name, rule: 'unknown_argument', detail: unknown.join(', ') });
    const parsed = method.args.safeParse(args);
    if (parsed.success) return parsed.data;
    const messages = parsed.error.issues.map((issue) => {
      const key = issue.path.join('/');
      return args[key] === undefined ? `missing required field: ${key}` : `${issue.message} [json-pointer:/${key}]`;
    });
    throw refusal('invalid_arguments', messages.join('; '), { response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } });
  }
}

/** Whether a fault replaces the answer; a mere delay does not. */
export function spoils(fault: ApiFault): boolean {
  return fault.error !== undefined || fault.status !== undefined || fault.dropConnection !== undefined || fault.retryAfter !== undefined;
}

/** Answers (or does not) as a fault says. */
export function spoil(fault: ApiFault, request: IncomingMessage, response: ServerResponse): void {
  if (fault.dropConnection !== undefined) request.socket.destroy();
  else if (fault.retryAfter !== undefined) send(response, { status: 429, body: { ok: false, error: 'ratelimited' }, headers: { 'retry-after': String(fault.retryAfter) } });
  else if (fault.error !== undefined) send(response, { status: fault.status ?? 200, body: { ok: false, error: fault.error }, headers: {} });
  else response.writeHead(fault.status ?? 500, { 'content-type': 'text/html' }).end('<html><body>Something went wrong</body></html>');
}

function send(response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return;
  response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8', 'x-slack-req-id': crypto.randomUUID().replaceAll('-', ''), ...answer.headers });
  response.end(JSON.stringify(answer.body));
}
