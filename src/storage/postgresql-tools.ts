/** PostgreSQL's own programs for dumps. They are asked for by name, so they must be in the PATH; their version must not be older than the server's. */
import { execFile } from 'node:child_process';
import { BackupRefused } from './backup-manifest.js';

/** What they say on success is little; an error of a restore may name many things. */
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
/** Variables that the programs need or understand; secrets of ours are no business of theirs. */
const HANDED_ON = /^(PATH|HOME|LANG|LC_\w+|SystemRoot|TMPDIR|PG\w+)$/i;

export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Runs pg_dump or pg_restore on a database. The password travels in the environment: the process list is for all to see.
 * @throws BackupRefused with what the program said
 */
export async function runPostgresqlTool(program: 'pg_dump' | 'pg_restore', databaseUrl: string, args: readonly string[], variables: Variables): Promise<void> {
  const url = new URL(databaseUrl);
  const password = decodeURIComponent(url.password);
  url.password = '';
  const env: NodeJS.ProcessEnv = { ...Object.fromEntries(Object.entries(variables).filter(([name]) => HANDED_ON.test(name))), ...(password && { PGPASSWORD: password }) };
  await new Promise<void>((resolve, reject) => {
    execFile(program, ['--no-password', `--dbname=${url.href}`, ...args], { env, maxBuffer: MAX_OUTPUT_BYTES }, (error, _stdout, stderr) => {
      if (!error) resolve();
      else if (error.code === 'ENOENT') reject(new BackupRefused(`${program} is not installed here, and a PostgreSQL database is backed up and restored with it. Install PostgreSQL's client programs (Debian: apt install postgresql-client), or back the database up by your own means and only the folder "blobs" of the data folder beside it.`));
      else reject(new BackupRefused(`${program} failed:\n${stderr.trim() || error.message}`));
    });
  });
}
