import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, closeSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';

import { atExit } from './at-exit.js';
import { eventually } from './eventually.js';
import { LOOPBACK } from './free-port.js';

/** Servers are up within tens of milliseconds; the rest is for a machine that is busy with other tests. */
const START_TIMEOUT_MS = 20_000;
/** How long a server may take to end politely before it is killed. */
const DEFAULT_STOP_TIMEOUT_MS = 5_000;
/** Bytes of the log that an error shows. */
const LOG_TAIL = 2_000;

/** A person (by uid and gid) that a server runs as when the tests run as root. */
export interface UnixUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface ServerProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** File for what it writes to standard output and error. */
  readonly logFile: string;
  /** A further log to show when it does not start. */
  readonly ownLogFile?: string;
  /** Ready means that this port on loopback accepts connections. */
  readonly port: number;
  readonly user?: UnixUser | undefined;
  /** What asks it to end politely. */
  readonly stopSignal?: NodeJS.Signals;
  readonly stopTimeoutMs?: number;
}

/** A server in the foreground, of which the whole tree of processes can be ended at once. */
export class ServerProcess {
  private child: ChildProcess | undefined;
  private forget: () => void = () => undefined;

  constructor(private readonly options: ServerProcessOptions) {}

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** @throws with the end of the log when it ends at once or does not open its port */
  async start(): Promise<void> {
    if (this.running) return;
    const { command, args } = diesWithUs(this.options.command, this.options.args);
    const log = openSync(this.options.logFile, 'a');
    const { user } = this.options;
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', log, log],
      cwd: '/',
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
    });
    closeSync(log);
    this.child = child;
    this.forget = atExit(() => {
      killTree(child);
    });
    let failure: Error | undefined;
    child.once('error', (error) => (failure = error));
    child.once('exit', (code, signal) => (failure ??= new Error(`it ended with ${signal ?? `code ${code}`}`)));
    await eventually(
      async () => {
        if (failure) return;
        await canConnect(this.options.port);
      },
      { timeoutMs: START_TIMEOUT_MS, what: `${command} listens on port ${this.options.port}` },
    );
    if (failure) throw new Error(`${this.options.command} did not start: ${failure.message}\n${this.logTail()}`, { cause: failure });
  }

  /** Asks it to end; kills it when it does not. */
  async stop(): Promise<void> {
    await this.end(this.options.stopSignal ?? 'SIGTERM');
  }

  /** SIGKILL for the whole tree at once, as a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child === undefined || !this.running) return;
    const exited = once(child, 'exit');
    const tree = treeOf(child);
    if (signal === 'SIGKILL') kill(tree);
    else child.kill(signal);
    const timer = setTimeout(() => {
      killTree(child);
    }, this.options.stopTimeoutMs ?? DEFAULT_STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
    // Children that outlive their master would keep its port, its files and its shared memory.
    kill(tree);
    await eventually(() => {
      if (processes().some(({ pid }) => tree.includes(pid))) throw new Error('some of its processes are still there');
    });
    this.forget();
    this.child = undefined;
  }

  private logTail(): string {
    return [this.options.logFile, this.options.ownLogFile]
      .map((file) => (file !== undefined && existsSync(file) ? readFileSync(file, 'utf8').slice(-LOG_TAIL) : ''))
      .join('\n');
  }
}

/** Uid and gid of the first of these users that this system has, when we are root and servers refuse to run as such; otherwise undefined. */
export function unprivilegedUser(...names: readonly string[]): UnixUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of names) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields) return { name, uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error(`none of the users ${names.join(', ')} exists to run a server as`);
}

/** On Linux the kernel ends the server when a test process is itself killed and can clean up nothing. */
function diesWithUs(command: string, args: readonly string[]): { command: string; args: string[] } {
  const setpriv = '/usr/bin/setpriv';
  if (!existsSync(setpriv)) return { command, args: [...args] };
  return { command: setpriv, args: ['--pdeathsig', 'TERM', '--', command, ...args] };
}

interface Process {
  readonly pid: number;
  readonly parent: number;
}

/** Everybody who is alive. */
function processes(): Process[] {
  const lines = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).stdout.trim().split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => state?.startsWith('Z') === false)
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
}

/** A process and all its descendants, ancestors first. */
function treeOf(child: ChildProcess): number[] {
  if (child.pid === undefined) return [];
  const everybody = processes();
  const tree = [child.pid];
  // Grows while it is walked.
  for (const ancestor of tree) tree.push(...everybody.filter(({ parent }) => parent === ancestor).map(({ pid }) => pid));
  return tree;
}

function killTree(child: ChildProcess): void {
  if (child.exitCode === null && child.signalCode === null) kill(treeOf(child));
}

function kill(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

async function canConnect(port: number): Promise<void> {
  const socket = connect({ port, host: LOOPBACK });
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}
