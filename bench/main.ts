/** `npm run bench -- [--json] [--only ingest,search]`: measures the product against targets, as ratios within one run where a ratio can be had. */
import { loadavg, cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { isMet, type Bench, type Figure } from './figure.js';
import { bulk } from './bulk.js';
import { growth } from './growth.js';
import { ingest } from './ingest.js';
import { latency } from './latency.js';
import { memory } from './memory.js';
import { restart } from './restart.js';
import { search } from './search.js';
import { chatBenches } from './chat.js';
import { openDiscord } from './discord.js';
import { openSlack } from './slack.js';

const BENCHES: readonly Bench[] = [ingest, growth, latency, memory, search, bulk, restart, ...chatBenches('slack', openSlack), ...chatBenches('discord', openDiscord)];

/** @returns 0 even when a target is missed: figures depend on the machine, and are for reading */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false }, only: { type: 'string' } } });
  const only = values.only?.split(',');
  const unknown = only?.filter((name) => !BENCHES.some((bench) => bench.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`--only knows ${BENCHES.map(({ name }) => name).join(', ')}, not "${unknown.join(', ')}".`);
  const figures: Figure[] = [];
  for (const bench of BENCHES.filter(({ name }) => only?.includes(name) ?? true)) figures.push(...(await bench.run((line) => console.error(line))));
  // Who else was at work: a figure from a busy machine says little.
  const machine = { node: process.version, cores: cpus().length, load: Number((loadavg()[0] ?? 0).toFixed(1)) };
  if (values.json) console.log(JSON.stringify({ machine, figures: figures.map((figure) => ({ ...figure, met: isMet(figure) })) }, null, 2));
  else print(figures, machine);
  return 0;
}

function print(figures: readonly Figure[], machine: { readonly node: string; readonly cores: number; readonly load: number }): void {
  console.log(`\nNode.js ${machine.node}, ${machine.cores} cores, load ${machine.load}\n`);
  for (const figure of figures) {
    const bound = figure.better === 'higher' ? 'at least' : 'at most';
    console.log(`${figure.name.padEnd(20)} ${`${figure.value} ${figure.unit}`.padStart(14)}  ${isMet(figure) ? 'ok    ' : 'MISSED'}  ${bound} ${figure.target} ${figure.unit}: ${figure.what}`);
    const details = Object.entries(figure.details).map(([name, value]) => `${name} ${value}`);
    if (details.length > 0) console.log(`${''.padEnd(21)}${details.join(', ')}`);
  }
}
