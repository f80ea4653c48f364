/** Where a request comes from. */
import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';

/** What @hono/node-server hands in; absent when a test calls the app directly. */
export interface NodeBindings {
  readonly incoming?: IncomingMessage;
}

export function remoteAddress(c: Context, trustProxy: boolean): string {
  const forwarded = c.req.header('X-Forwarded-For');
  // Our proxy appends; what stands before its entry was written by the visitor.
  if (trustProxy && forwarded) return forwarded.split(',').at(-1)?.trim() ?? 'unknown';
  return socketAddress(c) ?? 'unknown';
}

/** Straight from this machine, by one of its own names: no proxy in between, no foreign name that was made to point here. */
export function isLoopback(c: Context): boolean {
  const address = socketAddress(c) ?? '';
  const fromHere = address === '::1' || /^(::ffff:)?127\./.test(address);
  const host = (c.req.header('Host') ?? '').replace(/:\d+$/, '').toLowerCase();
  const named = ['localhost', '[::1]'].includes(host) || /^127\.\d+\.\d+\.\d+$/.test(host);
  const proxied = ['X-Forwarded-For', 'Forwarded', 'Via'].some((header) => c.req.header(header) !== undefined);
  return fromHere && named && !proxied;
}

function socketAddress(c: Context): string | undefined {
  const bindings: unknown = c.env;
  const incoming = bindings && typeof bindings === 'object' ? (bindings as NodeBindings).incoming : undefined;
  return incoming?.socket.remoteAddress;
}
