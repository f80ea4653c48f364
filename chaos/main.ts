/** `npm run chaos`: see docs/performance.md and options.ts. */
import { FAULTS } from './faults/index.js';
import { runFaults } from './fault-run.js';
import { runKills } from './kill-run.js';
import { readCommandLine } from './options.js';
import { printFaults, printKills } from './report.js';

export async function main(args: readonly string[]): Promise<number> {
  const options = readCommandLine(args, FAULTS.map(({ name }) => name));
  if (!options) return 0;
  const result = options.faults.length > 0 ? await runFaults(options, FAULTS.filter(({ name }) => options.faults.includes(name))) : await runKills(options);
  if (options.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else if (result.kind === 'kills') printKills(result);
  else printFaults(result);
  return result.ok ? 0 : 1;
}
