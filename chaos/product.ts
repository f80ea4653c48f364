/**
 * The product with something wrong around it, as a process of its own: broken on purpose (CHAOS_BREAK), or with a clock that jumps (CHAOS_CLOCK names a file with the offset in
 * milliseconds). Runs of the product as it is use `goniec start` itself. The product is the built one; only this file is not.
 */
import { readFileSync, watchFile } from 'node:fs';

import type * as ConfigModule from '../src/config.js';
import type * as LogModule from '../src/log.js';
import type * as Main from '../src/main.js';
import { BREAKS, breakHouse } from './broken.js';

const CLOCK_LOOK_MS = 200;

const clockFile = process.env['CHAOS_CLOCK'];
if (clockFile !== undefined) jumpWith(clockFile);

// After the clock: the product takes `Date` as it finds it.
const built = new URL('../dist/', import.meta.url);
const { openHouse, startGoniec } = (await import(new URL('main.js', built).href)) as typeof Main;
const { loadEnvironment, readConfig } = (await import(new URL('config.js', built).href)) as typeof ConfigModule;
const { createLog } = (await import(new URL('log.js', built).href)) as typeof LogModule;

const config = readConfig(loadEnvironment());
const log = createLog(config.logLevel);
const how = BREAKS.find((name) => name === process.env['CHAOS_BREAK']);
const house = await openHouse(config, log);
const running = await startGoniec(config, log, { house: how ? breakHouse(house, how) : house });
process.once('SIGTERM', () => {
  running.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});

/** The wall clock jumps when the file says so; timers do not, as on a real machine. */
function jumpWith(file: string): void {
  let offsetMs = 0;
  const read = (): void => {
    offsetMs = Number(readFileSync(file, 'utf8')) || 0;
  };
  read();
  watchFile(file, { interval: CLOCK_LOOK_MS }, read);
  const RealDate = Date;
  const JumpingDate = class extends RealDate {
    constructor(...given: readonly unknown[]) {
      if (given.length === 0) super(RealDate.now() + offsetMs);
      else super(...(given as [number]));
    }
    static override now(): number {
      return RealDate.now() + offsetMs;
    }
  };
  globalThis.Date = JumpingDate as DateConstructor;
}
