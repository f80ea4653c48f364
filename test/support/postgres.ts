import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import pg from 'pg';
import { inject } from 'vitest';

import { eventually } from './eventually.js';
import { freePort, LOOPBACK } from './free-port.js';
import { ServerProcess, unprivilegedUser, type UnixUser } from './server-process.js';
import { serverPath } from './servers.js';
import { tempFolder, type TempFolder } from './temp-folder.js';

const OWNER = 'goniec';
const MAX_CONNECTIONS = 200;
/** Recovery after a kill replays the log before it takes connections. */
const READY_TIMEOUT_MS = 20_000;

/** Faster, and safe but for a power cut: what was committed survives `kill`. */
const FAST_AND_FORGETFUL = ['fsync=off', 'full_page_writes=off', 'autovacuum=off', 'shared_buffers=64MB'];

export interface Template {
  /** Names the content: databases asked for with the same name are copies of the same template. */
  readonly name: string;
  /** Fills the template the first time somebody asks for a copy: migrations, say. All its connections must be closed when it is done. */
  readonly prepare: (url: string) => Promise<void>;
}

/** A PostgreSQL server on loopback with its own folder. */
export class Postgres {
  readonly host = LOOPBACK;
  private readonly server: ServerProcess;

  /** Use `startPostgres`. */
  constructor(
    readonly port: number,
    private readonly folder: TempFolder,
    user: UnixUser | undefined,
  ) {
    const settings = [`listen_addresses=${LOOPBACK}`, `port=${port}`, 'unix_socket_directories=', `max_connections=${MAX_CONNECTIONS}`, ...FAST_AND_FORGETFUL];
    this.server = new ServerProcess({
      command: join(serverPath('postgresql'), 'postgres'),
      args: ['-D', join(folder.path, 'data'), ...settings.flatMap((setting) => ['-c', setting])],
      logFile: join(folder.path, 'postgres.log'),
      port,
      user,
      // "Fast shutdown": ends sessions, does not wait for them.
      stopSignal: 'SIGINT',
    });
  }

  /** Of the server as a whole; `createDatabase` makes fresh ones. */
  get adminUrl(): string {
    return urlOf(this.port, 'postgres');
  }

  get running(): boolean {
    return this.server.running;
  }

  /** What PostgreSQL logged, to look at when a test fails. */
  get logFile(): string {
    return join(this.folder.path, 'postgres.log');
  }

  /** A fresh database; `name` only makes it easier to recognise. */
  async url(name = 'test'): Promise<string> {
    return createDatabase(this.adminUrl, { name });
  }

  /** Starts it again on the same port with the same data. */
  async start(): Promise<void> {
    await this.server.start();
    await eventually(
      async () => {
        await withClient(this.adminUrl, (client) => client.query('SELECT 1'));
      },
      { timeoutMs: READY_TIMEOUT_MS, what: 'PostgreSQL answers' },
    );
  }

  /** Ends it politely, its sessions at once; data stays, `start` brings it back. */
  async stop(): Promise<void> {
    await this.server.stop();
  }

  /** Kills the whole tree; data stays, `start` brings it back. */
  async kill(): Promise<void> {
    await this.server.kill();
  }

  /** Ends it for good and removes its folder. */
  async close(): Promise<void> {
    await this.kill();
    await this.folder.remove();
  }
}

/** Starts a server of its own (about a second), for tests that stop or kill it. Others take a database of the shared one: `freshDatabase`. */
export async function startPostgres(): Promise<Postgres> {
  const folder = tempFolder('postgres');
  // PostgreSQL refuses to run as root.
  const user = unprivilegedUser('postgres', 'nobody');
  try {
    const data = join(folder.path, 'data');
    await mkdir(data, { mode: 0o700 });
    if (user) {
      await chmod(folder.path, 0o755);
      await chown(data, user.uid, user.gid);
    }
    const locale = process.platform === 'linux' ? 'C.UTF-8' : 'C';
    await promisify(execFile)(
      join(serverPath('postgresql'), 'initdb'),
      ['-D', data, '-U', OWNER, '--auth=trust', '--encoding=UTF8', `--locale=${locale}`, '--no-sync', '--no-instructions'],
      { cwd: '/', ...(user ? { uid: user.uid, gid: user.gid } : {}) },
    );
    const postgres = new Postgres(await freePort(), folder, user);
    await postgres.start();
    return postgres;
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/**
 * A fresh, empty database (or a copy of `template`) on the server that all tests of this run share; it starts when the first test asks.
 * Databases go away with the server.
 */
export async function freshDatabase(options: { readonly name?: string; readonly template?: Template } = {}): Promise<string> {
  const answer = await fetch(inject('postgresStarter'));
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return createDatabase(text, options);
}

/** Creates a database on the server at `adminUrl` and returns its URL. */
async function createDatabase(adminUrl: string, options: { readonly name?: string; readonly template?: Template } = {}): Promise<string> {
  const name = `${options.name ?? 'test'}_${randomBytes(5).toString('hex')}`;
  const port = Number(new URL(adminUrl).port);
  await withClient(adminUrl, async (client) => {
    const source = options.template ? await prepared(client, port, options.template) : 'template1';
    await client.query(`CREATE DATABASE ${quoted(name)} TEMPLATE ${quoted(source)}`);
  });
  return urlOf(port, name);
}

/** The template's database, filled once per server whoever asks first. */
async function prepared(client: pg.Client, port: number, template: Template): Promise<string> {
  const name = `template_${template.name}`;
  const unfinished = `${name}_unfinished`;
  // Taken per session: freed with the connection, whatever happens.
  await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (rowCount === 0) {
    await client.query(`DROP DATABASE IF EXISTS ${quoted(unfinished)} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${quoted(unfinished)}`);
    await template.prepare(urlOf(port, unfinished));
    await client.query(`ALTER DATABASE ${quoted(unfinished)} RENAME TO ${quoted(name)}`);
  }
  return name;
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

function urlOf(port: number, database: string): string {
  return `postgresql://${OWNER}@${LOOPBACK}:${port}/${encodeURIComponent(database)}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
