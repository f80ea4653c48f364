/** Keeps secrets with keys derived from APP_SECRET. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Vault } from '../core/ports/effects.js';

/** Names the way of sealing, so that another one can follow without a guess. */
const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D section 8.2: 96 bits is the length GCM is made for. Random ones are safe for 2^32 seals under one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** 80 bits: 16 letters, out of reach of guessing for a token that only ever travels by mail. */
const SIGNATURE_BYTES = 10;
/** RFC 4648 section 6 in lower case: mail servers may change the case of an address, and people read it aloud. */
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** @param appSecret APP_SECRET as configured; config.ts sees to its length. */
export function openVault(appSecret: string): Vault {
  const key = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', appSecret, 'goniec', purpose, KEY_BYTES));
  const sealingKey = key('seal');
  const signingKey = key('sign');

  return {
    seal(clear) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, sealingKey, nonce, { authTagLength: TAG_BYTES });
      const sealed = Buffer.concat([nonce, cipher.update(clear, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${VERSION}.${sealed.toString('base64url')}`;
    },

    open(sealed) {
      const [version, body, ...rest] = sealed.split('.');
      const bytes = Buffer.from(body ?? '', 'base64url');
      if (version !== VERSION || rest.length > 0 || bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('This is not a sealed secret of Goniec.');
      const decipher = createDecipheriv(CIPHER, sealingKey, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new Error('A stored secret cannot be opened: it was sealed with another APP_SECRET, or it was changed. Set the APP_SECRET it was stored with.', { cause });
      }
    },

    sign(text) {
      return base32(createHmac('sha256', signingKey).update(text, 'utf8').digest().subarray(0, SIGNATURE_BYTES));
    },
  };
}

/** Five bits a letter; `bytes` is a multiple of five long, so there is no padding. */
function base32(bytes: Uint8Array): string {
  let letters = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      letters += BASE32.charAt((held >>> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  return letters;
}
