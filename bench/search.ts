/** Full text search over 100,000 messages, with and without operators, as the search box asks for it. */
import Database from 'better-sqlite3';

import type { AgentId, LabelId } from '../src/core/ids.js';
import { parseSearch } from '../src/core/search/parse.js';
import type { SearchQuery } from '../src/core/search/query.js';
import { aDesk } from '../test/support/samples.js';
import { clock } from './desk.js';
import { percentile, rounded, timed, type Bench, type Figure } from './figure.js';
import { openFilled } from './growth.js';
import { markOf } from './mails.js';

const MESSAGES = 100_000;
const ROUNDS = 25;
const ROWS = 50;
const TARGET_MS = 50;

/** One word that is everywhere, two words, a beginning of a word while somebody types, Polish letters left out, a single customer, nothing at all. */
const WORDS = (round: number): readonly string[] => ['order', 'kitchen coffee', 'refu', 'zamowienie przesylka', `${markOf(round * 977 + 13)}@customer.example`, 'parcel courier warehouse', 'xylophone', 'question about', 'dziekuje', 'hello'];

/** Alone and with words; few conversations that fit and many; days, files, senders; what leaves out. */
const OPERATORS = (round: number): readonly string[] => [
  'is:open', 'is:open order', 'is:closed order', 'is:mine is:open', 'label:complaint', 'label:complaint refund', 'team:care order', `from:${markOf(round * 977 + 13)}@customer.example`, 'from:customer order', 'subject:order', 'has:attachment order',
  'has:attachment is:open', 'before:30d order', 'before:30d', 'after:yesterday is:open', 'is:overdue', 'order -kitchen', '-order is:open', 'assignee:anna -label:complaint is:closed refund', 'priority:high before:30d', '"kitchen coffee"', 'is:spam order',
];

export const search: Bench = {
  name: 'search',
  async run(tell) {
    const desk = await openFilled(MESSAGES);
    varyFacts(desk.database);
    tell('search: database filled');
    try {
      const measure = (name: string, what: string, queries: (round: number) => readonly string[]): Promise<Figure> => measured(name, what, queries, (query) => desk.house.store.search.find(query, ROWS));
      return [await measure('search', 'search for words over 100,000 messages, 95th percentile', WORDS), await measure('search-operators', 'search with operators over 100,000 messages, 95th percentile', OPERATORS)];
    } finally {
      await desk.close();
    }
  },
};

async function measured(name: string, what: string, queries: (round: number) => readonly string[], find: (query: SearchQuery) => Promise<unknown>): Promise<Figure> {
  for (const text of queries(0)) await find(queryOf(text));
  const times: number[] = [];
  const cpu: number[] = [];
  const slowest = new Map<string, number>();
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const text of queries(round)) {
      const query = queryOf(text);
      const began = process.cpuUsage();
      const ms = await timed(() => find(query));
      const { user, system } = process.cpuUsage(began);
      times.push(ms);
      cpu.push((user + system) / 1000);
      const label = text.replace(/c\d{6}/, 'one customer');
      slowest.set(label, Math.max(slowest.get(label) ?? 0, ms));
    }
  }
  const details = Object.fromEntries([...slowest].map(([words, ms]) => [`slowest, ${words}`, rounded(ms, 1)]));
  return { name, what, value: rounded(percentile(times, 0.95), 1), unit: 'ms', target: TARGET_MS, better: 'lower', details: { medianMs: rounded(percentile(times, 0.5), 1), processorMs: rounded(percentile(cpu, 0.5), 1), processorMs95: rounded(percentile(cpu, 0.95), 1), ...details } };
}

const DESK = aDesk({ labels: [{ id: 'complaint' as LabelId, name: 'complaint', colour: 1 }] });

function queryOf(text: string): SearchQuery {
  const parsed = parseSearch(text, { desk: DESK, me: 'marek' as AgentId, now: clock.now(), timeZone: 'Europe/Warsaw', saved: [] });
  if ('problem' in parsed) throw new Error(`${text}: ${parsed.problem.key}`);
  return parsed.query;
}

/** Of 40 conversations one is open and one waits for the customer; owners, teams, labels and priorities in between. */
function varyFacts(file: string): void {
  const database = new Database(file);
  try {
    database.exec(`
      UPDATE conversations SET
        status = CASE number % 40 WHEN 0 THEN 'open' WHEN 1 THEN 'pending' ELSE 'closed' END,
        assigneeId = CASE number % 7 WHEN 0 THEN NULL WHEN 2 THEN 'anna' WHEN 3 THEN 'ada' ELSE 'marek' END,
        teamId = CASE WHEN number % 30 = 0 THEN 'care' END, labels = CASE WHEN number % 90 = 0 THEN '["complaint"]' ELSE '[]' END, priority = CASE WHEN number % 25 = 0 THEN 'high' ELSE 'normal' END;
      UPDATE conversations SET waitingSince = (SELECT MAX(waitingSince) FROM conversations) WHERE status <> 'open';
      ANALYZE;`);
  } finally {
    database.close();
  }
}
