/** Full text search over 100,000 messages, as the search box asks for it. */
import { percentile, rounded, timed, type Bench } from './figure.js';
import { openFilled } from './growth.js';
import { markOf } from './mails.js';

const MESSAGES = 100_000;
const ROUNDS = 25;
const ROWS = 50;
const TARGET_MS = 50;

/** One word that is everywhere, two words, a beginning of a word while somebody types, Polish letters left out, a single customer, nothing at all. */
const QUERIES = (round: number): readonly string[] => ['order', 'kitchen coffee', 'refu', 'zamowienie przesylka', `${markOf(round * 977 + 13)}@customer.example`, 'parcel courier warehouse', 'xylophone', 'question about', 'dziekuje', 'hello'];

export const search: Bench = {
  name: 'search',
  async run(tell) {
    const desk = await openFilled(MESSAGES);
    tell('search: database filled');
    try {
      for (const words of QUERIES(0)) await desk.house.store.search.find(words, ROWS);
      const times: number[] = [];
      const slowest = new Map<string, number>();
      for (let round = 1; round <= ROUNDS; round += 1) {
        for (const [index, words] of QUERIES(round).entries()) {
          const ms = await timed(() => desk.house.store.search.find(words, ROWS));
          times.push(ms);
          const label = index === 4 ? 'one customer' : words;
          slowest.set(label, Math.max(slowest.get(label) ?? 0, ms));
        }
      }
      const details = Object.fromEntries([...slowest].map(([words, ms]) => [`slowest, "${words}"`, rounded(ms, 1)]));
      return [{ name: 'search', what: 'search over 100,000 messages, 95th percentile', value: rounded(percentile(times, 0.95), 1), unit: 'ms', target: TARGET_MS, better: 'lower', details: { medianMs: rounded(percentile(times, 0.5), 1), ...details } }];
    } finally {
      await desk.close();
    }
  },
};
