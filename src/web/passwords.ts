/**
 * Passwords at rest: scrypt with its parameters in the text, so that they can be raised later and old hashes still hold.
 * Format: `scrypt$N$r$p$salt$hash`, salt and hash in base64url.
 */
import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

/** OWASP's minimum for scrypt (Password Storage Cheat Sheet): 128 MiB would be too much for small machines, N=2^15 r=8 p=3 is equal work in 32 MiB. */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Node refuses more than 32 MiB unless told; 128 * N * r, and some room. */
const MAX_MEMORY_BYTES = 96 * 1024 * 1024;
/** Longer ones are not stronger, only slower. */
const MAX_PASSWORD_CHARS = 1024;
export const MIN_PASSWORD_CHARS = 10;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, { ...COST });
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** Takes the same time whether or not there is a hash, so that nobody learns which accounts exist. */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const parts = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(stored ?? '');
  if (password.length > MAX_PASSWORD_CHARS) return false;
  if (!parts) {
    await derive(password, Buffer.alloc(SALT_BYTES), { ...COST });
    return false;
  }
  const [, N, r, p, salt = '', hash = ''] = parts;
  const expected = Buffer.from(hash, 'base64url');
  const actual = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) }, expected.length);
  return timingSafeEqual(actual, expected);
}

function derive(password: string, salt: Buffer, options: ScryptOptions, bytes = HASH_BYTES): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, bytes, { ...options, maxmem: MAX_MEMORY_BYTES }, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
