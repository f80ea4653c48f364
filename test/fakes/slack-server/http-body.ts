import type { IncomingMessage } from 'node:http';

import { isObject, parseJson, type Json, type JsonObject } from './json.js';

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Arguments of a Web API call, from the address and the body. @returns undefined when the body is not what its type says */
export function argumentsOf(request: IncomingMessage, body: Buffer): JsonObject | undefined {
  const type = request.headers['content-type'] ?? '';
  const inAddress = Object.fromEntries(new URL(request.url ?? '/', 'http://localhost').searchParams);
  if (body.length === 0) return inAddress;
  if (type.includes('application/json')) {
    const json = parseJson(body.toString('utf8'));
    return isObject(json) ? { ...inAddress, ...json } : undefined;
  }
  if (type.includes('application/x-www-form-urlencoded')) return { ...inAddress, ...Object.fromEntries(new URLSearchParams(body.toString('utf8'))) };
  return undefined;
}

/** The bytes of an uploaded file: the body itself, or the one file in a multipart form (as the SDK sends it). */
export async function uploadedBytes(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  const type = request.headers['content-type'] ?? '';
  if (!type.includes('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  for (const value of form.values()) if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer());
  return Buffer.alloc(0);
}

/** The token of a request, from its header or, as Slack also takes it, from its arguments. */
export function tokenOf(request: IncomingMessage, args: JsonObject): string | undefined {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const inArgs: Json | undefined = args['token'];
  return bearer ?? (typeof inArgs === 'string' && inArgs !== '' ? inArgs : undefined);
}
