/** Killed with 100,000 messages in the database: how long until /readyz says yes again. */
import { median, rounded, type Bench } from './figure.js';
import { openFilled } from './growth.js';
import { startProgram } from './program.js';

const MESSAGES = 100_000;
/** The first brings the files into the system's cache, as they are after a crash of the process. */
const ROUNDS = 6;
const TARGET_MS = 2_000;

export const restart: Bench = {
  name: 'restart',
  async run(tell) {
    const desk = await openFilled(MESSAGES);
    tell('restart: database filled');
    try {
      // Only the process under measurement has the database open.
      await desk.house.close();
      const ready: number[] = [];
      const cpu: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const { product, readyMs, readyCpuMs } = await startProgram(desk.folder.path);
        await product.kill();
        ready.push(readyMs);
        cpu.push(readyCpuMs);
      }
      return [
        {
          name: 'restart', what: 'from start to ready with 100,000 messages', value: Math.round(median(ready.slice(1))), unit: 'ms', target: TARGET_MS, better: 'lower',
          details: { processorMs: rounded(median(cpu.slice(1)), 0), bestMs: Math.round(Math.min(...ready)) },
        },
      ];
    } finally {
      await desk.folder.remove();
    }
  },
};
