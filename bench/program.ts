/** The product as a process of its own (`goniec start`), to be measured from outside. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { atExit } from '../test/support/at-exit.js';
import { SECRET } from './desk.js';

const PROGRAM = fileURLToPath(new URL('../bin/goniec.js', import.meta.url));
const LOOK_MS = 10;
const READY_TIMEOUT_MS = 120_000;
/** Clock ticks a second in /proc: 100 on every Linux that we know (sysconf _SC_CLK_TCK). */
const TICKS = 100;

export interface Program {
  readonly url: string;
  /** From the start of the process to the first positive answer of /readyz. */
  readonly readyMs: number;
  /** Time on a processor until then, in milliseconds: what the start would take on a machine with nothing else to do. */
  readonly readyCpuMs: number;
  /** Resident memory now. */
  rssBytes(): number;
  kill(): Promise<void>;
}

export async function startProgram(dataDir: string, port: number): Promise<Program> {
  const began = performance.now();
  const child = spawn(process.execPath, [PROGRAM, 'start'], {
    cwd: dataDir, stdio: 'ignore',
    env: { PATH: process.env['PATH'], HOME: dataDir, APP_SECRET: SECRET, GONIEC_DATA_DIR: dataDir, HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'warn' },
  });
  const forget = atExit(() => child.kill('SIGKILL'));
  child.once('exit', forget);
  const url = `http://127.0.0.1:${port}`;
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error('the product ended at its start');
    if (performance.now() - began > READY_TIMEOUT_MS) throw new Error('the product does not get ready');
    await sleep(LOOK_MS);
  }
  const readyMs = performance.now() - began;
  return { url, readyMs, readyCpuMs: cpuMs(child), rssBytes: () => rssBytes(child), kill: () => kill(child) };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false;
  }
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

function rssBytes({ pid }: ChildProcess): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1];
  return Number(kib) * 1024;
}

/** proc(5): fields 14 and 15 of stat are user and system time; field 2, in parentheses, may hold anything. */
function cpuMs({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8').replace(/^.*\)\s/s, '').split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
}
