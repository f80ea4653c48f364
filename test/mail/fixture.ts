import { readFileSync } from 'node:fs';

/** A sample mail of our own, from test/fixtures/mail. */
export const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/mail/${name}.eml`, import.meta.url));

/** A mail written in a test; lines end as on the wire. */
export const raw = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'));
