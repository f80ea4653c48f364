/** Message timestamps: seconds and six digits, ever increasing, and so the ids of messages (https://docs.slack.dev/messaging/retrieving-messages). */
export class Timestamps {
  private last = 0;

  next(): string {
    this.last = Math.max(this.last + 1, Date.now() * 1_000);
    return `${Math.floor(this.last / 1_000_000)}.${String(this.last % 1_000_000).padStart(6, '0')}`;
  }
}

/** Seconds since 1970, as `event_time` and `created` have them. */
export function unixSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}

/** Timestamps have the same number of digits until 2286, so they compare as text. Missing digits count as zeros. */
export function compareTs(left: string, right: string): number {
  const [a, b] = [padded(left), padded(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function padded(ts: string): string {
  const [seconds = '0', fraction = ''] = ts.split('.');
  return `${seconds.padStart(12, '0')}.${fraction.padEnd(6, '0')}`;
}
