/** Addresses as people type them: "anna@x.example, Bob <bob@y.example>". */
import type { MailAddress } from './mail.js';

/** One @, a dot in the domain, no spaces, quotes or brackets: what every provider hands out (a strict part of RFC 5321 section 4.1.2). */
const ADDRESS = /^[^\s@<>()[\],;:\\"]{1,64}@[^\s@<>()[\],;:\\"]+\.[^\s@<>()[\],;:\\".]{2,}$/;
/** More is a mailing, not an answer. */
const MAX_ADDRESSES = 50;

/** @returns the addresses, each once; or the first piece that is none */
export function parseAddressList(text: string): { readonly addresses: readonly MailAddress[] } | { readonly bad: string } {
  const addresses = new Map<string, MailAddress>();
  for (const piece of text.split(/[,;\n]/).map((part) => part.trim()).filter(Boolean)) {
    const [, name = '', inside] = /^(.*?)<([^<>]*)>$/.exec(piece) ?? [];
    const address = (inside ?? piece).trim().toLowerCase();
    if (!ADDRESS.test(address) || addresses.size >= MAX_ADDRESSES) return { bad: piece };
    addresses.set(address, { address, name: name.replace(/"/g, '').trim() });
  }
  return { addresses: [...addresses.values()] };
}
