/** What is said after a redirect: it travels in a cookie for a moment, and is shown once, escaped like any other text. */
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import { isMessageKey } from '../core/language/say.js';
import type { Said } from '../core/calls.js';

const NAME = 'goniec_said';
const SECONDS = 20;

const shape = z.object({
  tone: z.enum(['done', 'refused']),
  key: z.string().refine(isMessageKey),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Flash = z.infer<typeof shape>;

export function leaveSaying(c: Context, tone: Flash['tone'], said: Said): void {
  const value = Buffer.from(JSON.stringify({ tone, key: said.key, params: said.params } satisfies Flash)).toString('base64url');
  setCookie(c, NAME, value, { path: '/', httpOnly: true, sameSite: 'Lax', maxAge: SECONDS });
}

export function takeSaying(c: Context): Flash | undefined {
  const value = getCookie(c, NAME);
  if (!value) return undefined;
  deleteCookie(c, NAME, { path: '/' });
  try {
    return shape.parse(JSON.parse(Buffer.from(value, 'base64url').toString()));
  } catch {
    return undefined;
  }
}
