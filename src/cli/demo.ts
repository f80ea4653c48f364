import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { loadEnvironment } from '../config.js';
import { startDemo } from '../demo/start-demo.js';
import { createLog } from '../log.js';
import { CommandLineError, print } from './setting.js';
import { untilSignal } from './until-signal.js';

/** `goniec demo` */
export async function runDemo(options: { port: string; inboundPort: string; fresh?: boolean }): Promise<void> {
  const environment = loadEnvironment();
  const dataDir = join(resolve(environment['GONIEC_DATA_DIR'] ?? './data'), 'demo');
  if (options.fresh) await rm(dataDir, { recursive: true, force: true });
  const demo = await startDemo({
    dataDir,
    // Its link logs anybody in: this machine only.
    host: '127.0.0.1',
    port: portOf(environment['PORT'] ?? options.port),
    inboundPort: portOf(environment['INBOUND_SMTP_PORT'] ?? options.inboundPort),
    log: createLog('warn'),
  });
  print('');
  print(demo.sampleMails > 0 ? `  ${demo.sampleMails} sample mails came in by SMTP. Nothing leaves this machine.` : '  Welcome back: everything is as you left it (goniec demo --fresh begins anew).');
  print('');
  print(`  Your desk is open:   ${demo.link}`);
  print(`  A customer's side:   ${demo.url}/customer`);
  print('');
  print('  Ctrl+C stops it. What you did survives a restart.');
  print('');
  await untilSignal();
  await demo.stop();
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new CommandLineError(`“${text}” is not a port. Use a number from 1 to 65535; 0 takes any free one.`);
  return port;
}
