import { loadEnvironment, readConfig, type Config, type Environment } from '../config.js';
import type { Log } from '../core/ports/effects.js';
import { createLog } from '../log.js';
import { openHouse, type House } from '../main.js';

/** Something the person at the command line can put right; printed without a stack. */
export class CommandLineError extends Error {
  override readonly name = 'CommandLineError';
}

export interface Setting {
  readonly environment: Environment;
  readonly config: Config;
  readonly log: Log;
}

/** @throws ConfigError that names every mistake */
export function readSetting(): Setting {
  const environment = loadEnvironment();
  const config = readConfig(environment);
  return { environment, config, log: createLog(config.logLevel) };
}

/** Opens the database for one command and closes it again. Runs beside a desk that is at work. */
export async function withHouse<Result>(work: (house: House, setting: Setting) => Promise<Result>): Promise<Result> {
  const setting = readSetting();
  // Only what went wrong: the answer of a command is what it prints.
  const house = await openHouse(setting.config, createLog('error'));
  try {
    return await work(house, setting);
  } finally {
    await house.close();
  }
}

export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));
