/** The product as a process of its own (`goniec start`), to be measured from outside. */
import { setTimeout as sleep } from 'node:timers/promises';

import { freePort } from '../test/support/free-port.js';
import { ProductProcess } from '../test/support/product-process.js';
import { SECRET } from './desk.js';

const LOOK_MS = 100;

export interface Program {
  readonly product: ProductProcess;
  /** From the start of the process to the first positive answer of /readyz. */
  readonly readyMs: number;
  /** Time on a processor until then, in milliseconds. */
  readonly readyCpuMs: number;
}

/** @param dataDir its log lies there, too; @param settings further variables of its environment */
export async function startProgram(dataDir: string, settings: Readonly<Record<string, string>> = {}): Promise<Program> {
  const product = new ProductProcess({ folder: dataDir, dataDir, port: await freePort(), secret: SECRET, logLevel: 'warn', settings });
  product.start();
  if (!(await product.ready())) throw new Error(`the product ended at its start; see ${product.logFile}`);
  return { product, readyMs: product.readyAfterMs.at(-1) ?? 0, readyCpuMs: product.cpuMs() };
}

/** Resolves when so many mailboxes are watched. */
export async function untilWatching(product: ProductProcess, mailboxes: number): Promise<void> {
  for (;;) {
    const states = await product.watches();
    if (states.length === mailboxes && states.every((state) => state === 'watching')) return;
    await sleep(LOOK_MS);
  }
}
