/** Slows down guessing: a number of failures per account and per address within a window, then a wait that is said. */

const WINDOW_MS = 15 * 60_000;
/** People mistype; machines do not stop. */
const FAILURES_PER_ACCOUNT = 5;
/** An office shares one address. */
const FAILURES_PER_ADDRESS = 20;
/** Bounds memory when somebody invents account names; the oldest are forgotten first. */
const MAX_KEYS = 10_000;

export interface LoginLimit {
  /** Milliseconds to wait before this account or address may try again; 0: go on. */
  waitMs(account: string, address: string): number;
  /** Counts as a failure until what comes back is called: the password was right, or it could not be looked at. */
  tried(account: string, address: string): () => void;
  succeeded(account: string): void;
}

export function loginLimit(now: () => Date): LoginLimit {
  const failures = new Map<string, number[]>();
  const keys = (account: string, address: string): readonly (readonly [string, number])[] => [
    [`account:${account}`, FAILURES_PER_ACCOUNT],
    [`address:${address}`, FAILURES_PER_ADDRESS],
  ];
  const recent = (key: string): number[] => (failures.get(key) ?? []).filter((at) => at > now().getTime() - WINDOW_MS);

  return {
    waitMs(account, address) {
      const waits = keys(account, address).map(([key, limit]) => {
        const times = recent(key);
        const oldest = times[times.length - limit];
        return oldest === undefined ? 0 : oldest + WINDOW_MS - now().getTime();
      });
      return Math.max(0, ...waits);
    },
    tried(account, address) {
      const at = now().getTime();
      for (const [key] of keys(account, address)) {
        const times = [...recent(key), at];
        failures.delete(key);
        failures.set(key, times);
      }
      for (const key of failures.keys()) {
        if (failures.size <= MAX_KEYS) break;
        failures.delete(key);
      }
      return () => {
        for (const [key] of keys(account, address)) {
          const times = failures.get(key) ?? [];
          const index = times.lastIndexOf(at);
          if (index >= 0) failures.set(key, times.toSpliced(index, 1));
        }
      };
    },
    succeeded(account) {
      failures.delete(`account:${account}`);
    },
  };
}
