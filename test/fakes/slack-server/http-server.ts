/** The addresses of this Slack: Web API, uploads, files, response_urls, and the sockets. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { LOOPBACK } from '../../support/free-port.js';
import { readBody, tokenOf, uploadedBytes } from './http-body.js';
import { isObject, parseJson, type JsonObject } from './json.js';
import type { Slack } from './slack.js';
import { SlackError } from './violations.js';
import { spoil, spoils, type WebApi } from './web-api.js';

/** Slack closes idle connections only after minutes; short enough here that nothing hangs on. */
const KEEP_ALIVE_MS = 30_000;

interface PlainAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly told: JsonObject;
}

export class HttpServer {
  private server: Server | undefined;
  /** Upgraded connections, which the HTTP server forgets. */
  private readonly upgraded = new Set<Duplex>();

  constructor(
    private readonly slack: Slack,
    private readonly webApi: WebApi,
    readonly port: number,
  ) {}

  async start(): Promise<void> {
    if (this.server) return;
    const server = createServer((request, response) => {
      this.route(request, response).catch((error: unknown) => {
        if (request.socket.destroyed) return;
        console.error('[slack-server]', error);
        response.writeHead(500).end();
      });
    });
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.on('upgrade', (request: IncomingMessage, tcp: Duplex, head: Buffer) => {
      this.upgraded.add(tcp);
      tcp.once('close', () => this.upgraded.delete(tcp));
      this.slack.sockets.upgrade(request, tcp, head);
    });
    server.listen(this.port, LOOPBACK);
    await once(server, 'listening');
    this.server = server;
    this.slack.baseUrl = `http://${LOOPBACK}:${this.port}`;
  }

  /** Cuts every line and listens no more. */
  async stop(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    for (const tcp of this.upgraded) tcp.destroy();
    await closed;
  }

  private async route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const body = await readBody(request);
    const [, first, second = '', third = ''] = path.split('/');
    if (first === 'api') await this.webApi.handle(second, request, body, response);
    else if (first === 'upload') await this.upload(third, request, body, response);
    else if (first === 'files-pri') this.download(second, request, response);
    else if (first === 'actions') await this.respond(third, request, body, response);
    else if (first === 'login') response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!DOCTYPE html><html><head><title>Login | Slack</title></head></html>');
    else response.writeHead(404).end();
  }

  private async upload(name: string, request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const file = this.slack.workspaces.map((workspace) => workspace.files.get(name.split('-')[0] ?? '')).find((one) => one !== undefined);
    if (!file || file.complete) {
      this.slack.report({ method: 'upload', rule: 'unknown_upload', detail: name });
      response.writeHead(404).end();
      return;
    }
    const bytes = await uploadedBytes(request, body);
    const args = { file_id: file.id, length: bytes.length };
    await this.unlessSpoilt('upload', args, request, response, () => {
      file.bytes = bytes;
      if (bytes.length !== file.declaredLength) this.slack.report({ method: 'upload', rule: 'length_mismatch', detail: `${file.id}: ${file.declaredLength} bytes were announced, ${bytes.length} came` });
      return { status: 200, type: 'text/plain', body: `OK - ${bytes.length}`, told: { ok: true } };
    });
  }

  /** A file's bytes for who has the token; a login page for others, with status 200 in the end, as at Slack. */
  private download(name: string, request: IncomingMessage, response: ServerResponse): void {
    const [team, fileId = ''] = name.split('-');
    const workspace = this.slack.workspaces.find((one) => one.id === team);
    const file = workspace?.files.get(fileId);
    const allowed = workspace?.botToken === tokenOf(request, {}) && workspace?.scopes.has('files:read') === true && workspace.tokenError === undefined;
    if (!allowed) {
      response.writeHead(302, { location: `${this.slack.baseUrl}/login?redir=${encodeURIComponent(request.url ?? '')}` }).end();
      return;
    }
    if (!file?.bytes || file.deleted) {
      response.writeHead(404, { 'content-type': 'text/html' }).end();
      return;
    }
    response.writeHead(200, { 'content-type': file.mimetype, 'content-length': file.bytes.length }).end(file.bytes);
  }

  private async respond(id: string, request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const parsed = parseJson(body.toString('utf8'));
    const args = isObject(parsed) ? parsed : {};
    await this.unlessSpoilt('response_url', args, request, response, () => {
      try {
        this.slack.responseUrls.use(id, args);
        return { status: 200, type: 'text/html', body: 'ok', told: { ok: true } };
      } catch (error) {
        if (!(error instanceof SlackError)) throw error;
        if (error.violation !== undefined) this.slack.report({ method: 'response_url', rule: error.code, detail: error.violation });
        const told = { ok: false, error: error.code };
        return { status: error.code.endsWith('_url') ? 404 : 400, type: 'application/json', body: JSON.stringify(told), told };
      }
    });
  }

  /** Works and answers, unless a fault was planned for it; either is recorded among the calls. */
  private async unlessSpoilt(method: string, args: JsonObject, request: IncomingMessage, response: ServerResponse, work: () => PlainAnswer): Promise<void> {
    const at = new Date();
    const fault = this.slack.faults.take(method, args);
    const spoilt = fault !== undefined && spoils(fault);
    const done = !spoilt || fault.dropConnection === 'after' || fault.done === true ? work() : undefined;
    if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
    this.webApi.record(method, args, at, spoilt ? 0 : (done?.status ?? 0), done?.told ?? { ok: false, error: 'injected_fault' });
    if (spoilt) spoil(fault, request, response);
    else if (done) response.writeHead(done.status, { 'content-type': done.type }).end(done.body);
  }
}
