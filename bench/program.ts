/** The product as a process of its own (`goniec start`), to be measured from outside. */
import { freePort } from '../test/support/free-port.js';
import { ProductProcess } from '../test/support/product-process.js';
import { SECRET } from './desk.js';

export interface Program {
  readonly product: ProductProcess;
  /** From the start of the process to the first positive answer of /readyz. */
  readonly readyMs: number;
  /** Time on a processor until then, in milliseconds. */
  readonly readyCpuMs: number;
}

/** @param dataDir its log lies there, too */
export async function startProgram(dataDir: string): Promise<Program> {
  const product = new ProductProcess({ folder: dataDir, dataDir, port: await freePort(), secret: SECRET, logLevel: 'warn' });
  product.start();
  if (!(await product.ready())) throw new Error(`the product ended at its start; see ${product.logFile}`);
  return { product, readyMs: product.readyAfterMs.at(-1) ?? 0, readyCpuMs: product.cpuMs() };
}
