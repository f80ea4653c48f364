import { randomBytes } from 'node:crypto';

/** Ids as Slack makes them: a letter for the kind and capitals and digits, ten in all. Counted, so that a failing test reads well. */
export class Ids {
  private readonly counts = new Map<string, number>();

  next(kind: string): string {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    return `${kind}${String(count).padStart(11 - kind.length, '0')}`;
  }
}

/** Something that cannot be guessed. */
export function secret(bytes = 12): string {
  return randomBytes(bytes).toString('hex');
}

/** Slack's own short ids of blocks and actions that the app left without one. */
export function shortId(): string {
  return randomBytes(4).toString('base64url').slice(0, 5);
}
