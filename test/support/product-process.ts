/** The product as a process of its own, that can be killed at any moment and started again on the same data and port. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { atExit } from './at-exit.js';

const PROGRAM = fileURLToPath(new URL('../../bin/goniec.js', import.meta.url));
const BUILT = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
/** Opens tsx for a driver from wherever it runs. */
const TSX = import.meta.resolve('tsx');

const LOOK_MS = 10;
/** On a machine that is busy with other things. A start that takes longer is a failure. */
const READY_TIMEOUT_MS = 90_000;
/** A stop finishes what is in hand. */
const STOP_TIMEOUT_MS = 30_000;

/** Clock ticks a second in /proc: 100 on every Linux that we know (sysconf _SC_CLK_TCK). */
const TICKS = 100;

export interface ProductOptions {
  /** Where it runs and logs. */
  readonly folder: string;
  readonly dataDir: string;
  readonly port: number;
  readonly secret: string;
  readonly logLevel: 'info' | 'warn';
  /** Further variables of its environment. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A script in TypeScript that runs the product, with these variables, instead of `goniec start`. */
  readonly driver?: { readonly script: string; readonly env: Readonly<Record<string, string>> } | undefined;
}

export class ProductProcess {
  starts = 0;
  /** Milliseconds from each start to /readyz, as far as it got there. */
  readonly readyAfterMs: number[] = [];
  private child: ChildProcess | undefined;

  constructor(private readonly options: ProductOptions) {
    if (!existsSync(BUILT)) throw new Error('The product is not built: run "npm run build" first.');
  }

  get url(): string {
    return `http://127.0.0.1:${this.options.port}`;
  }

  get logFile(): string {
    return join(this.options.folder, 'product.log');
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  start(): void {
    const { folder, dataDir, port, secret, logLevel, settings, driver } = this.options;
    const command = driver ? ['--import', TSX, driver.script] : [PROGRAM, 'start'];
    const log = openSync(this.logFile, 'a');
    // In its own folder, so that no .env of the checkout is read.
    const child = spawn(process.execPath, command, {
      cwd: folder,
      stdio: ['ignore', log, log],
      env: { PATH: process.env['PATH'], HOME: folder, APP_SECRET: secret, GONIEC_DATA_DIR: dataDir, HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: logLevel, ...settings, ...driver?.env },
    });
    closeSync(log);
    this.child = child;
    this.starts += 1;
    const forget = atExit(() => child.kill('SIGKILL'));
    child.once('exit', forget);
  }

  /** Resolves when it answers that it is ready; `false` when it ended before. @throws when it takes too long */
  async ready(): Promise<boolean> {
    const began = performance.now();
    while (this.running) {
      if (await this.isReady()) {
        this.readyAfterMs.push(Math.round(performance.now() - began));
        return true;
      }
      if (performance.now() - began > READY_TIMEOUT_MS) throw new Error(`the product is not ready after ${READY_TIMEOUT_MS} ms; see ${this.logFile}`);
      await sleep(LOOK_MS);
    }
    return false;
  }

  /** What goes on in each watched folder. */
  async watches(): Promise<readonly string[]> {
    const response = await fetch(`${this.url}/readyz`);
    const { mailboxes } = (await response.json()) as { mailboxes?: Readonly<Record<string, string>> };
    return Object.values(mailboxes ?? {});
  }

  /** Resident memory now. Linux only. */
  rssBytes(): number {
    const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.child?.pid ?? 0}/status`, 'utf8'))?.[1];
    return Number(kib) * 1024;
  }

  /** Time on a processor so far: what it would have taken on a machine with nothing else to do. Linux only. */
  cpuMs(): number {
    // proc(5): fields 14 and 15 of stat are user and system time; field 2, in parentheses, may hold anything.
    const fields = readFileSync(`/proc/${this.child?.pid ?? 0}/stat`, 'utf8').replace(/^.*\)\s/s, '').split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
  }

  /** As a power cut of the process: nothing is told to it. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** As an operator stops it. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.child?.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.end('SIGTERM');
    clearTimeout(timer);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || !this.running) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  private async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`)).ok;
    } catch {
      return false;
    }
  }
}
