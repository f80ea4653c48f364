import { startGoniec } from '../main.js';
import { readSetting } from './setting.js';
import { untilSignal } from './until-signal.js';

/** `goniec start` */
export async function runStart(): Promise<void> {
  const { config, log } = readSetting();
  const running = await startGoniec(config, log);
  console.error(`Goniec runs: ${config.publicUrl ?? running.url}`);
  if ((await running.desk()).mailboxes.length === 0) console.error('The desk is empty. Describe it in desk.yaml, then run: goniec apply desk.yaml');
  await untilSignal();
  await running.stop();
}
