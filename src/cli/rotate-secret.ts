import { MIN_SECRET_CHARS } from '../config.js';
import { inspectDatabase } from '../storage/inspect.js';
import { DeskAtWork, resealSecrets } from '../storage/reseal.js';
import { openVault } from '../storage/vault.js';
import { CommandLineError, print, readSetting } from './setting.js';

/** `goniec rotate-secret`: the new secret comes in NEW_APP_SECRET, since arguments are seen in the process list and in the shell's history. */
export async function rotateSecret(): Promise<void> {
  const { config, environment } = readSetting();
  const next = environment['NEW_APP_SECRET'];
  if (next === undefined) throw new CommandLineError('NEW_APP_SECRET is not set: put the new secret into the environment or .env under this name. A good one: openssl rand -hex 32');
  if (next.length < MIN_SECRET_CHARS) throw new CommandLineError(`NEW_APP_SECRET is too short: it needs ${MIN_SECRET_CHARS} characters or more.`);
  if (next === config.appSecret) throw new CommandLineError('NEW_APP_SECRET is the same as APP_SECRET. Nothing was changed.');
  const { state } = await inspectDatabase(config.databaseUrl);
  if (state !== 'current') throw new CommandLineError(`The database is ${STATES[state]}. Nothing was changed.`);
  const { changed, already } = await reseal(config.databaseUrl, config.appSecret, next);
  print(`${changed} stored passwords are sealed with the new secret now${already > 0 ? `; ${already} were before` : ''}.`);
  print('In .env, set APP_SECRET to the value of NEW_APP_SECRET and remove NEW_APP_SECRET; then start the desk.');
  print('Keep the old secret for as long as you keep backups that were made with it.');
  print('Reply addresses in mails sent so far (shop+g42...@) no longer prove their conversation; answers to them still find it by their References.');
}

const STATES = { new: 'empty', behind: 'of an earlier version: start the desk once, stop it, and run this again', newer: 'of a newer version', unreachable: 'out of reach; goniec doctor says more' } as const;

async function reseal(databaseUrl: string, present: string, next: string): Promise<Awaited<ReturnType<typeof resealSecrets>>> {
  try {
    return await resealSecrets(databaseUrl, openVault(present), openVault(next));
  } catch (error) {
    if (error instanceof DeskAtWork) throw new CommandLineError('The desk is running and would go on with the old secret. Stop it, then run this again. Nothing was changed.', { cause: error });
    throw new CommandLineError(`${error instanceof Error ? error.message : String(error)} Nothing was changed.`, { cause: error });
  }
}
