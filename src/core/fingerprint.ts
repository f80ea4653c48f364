/** FNV-1a, 32 bits (Fowler, Noll, Vo: "FNV Non-Cryptographic Hash Algorithm"). */
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
const BASE = 36;

/** A short text that says whether something is still as it was. It keeps nothing secret, and nobody relies on it against ill will. @param value what JSON can say */
export function fingerprint(value: unknown): string {
  let hash = OFFSET;
  for (const byte of new TextEncoder().encode(JSON.stringify(value))) hash = Math.imul(hash ^ byte, PRIME) >>> 0;
  return hash.toString(BASE);
}
