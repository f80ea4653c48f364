import { findServer, type ServerName } from '../../scripts/servers.mjs';

export type { ServerName };

/**
 * Whether tests can use these servers here: `describe.runIf(available('dovecot'))('...', ...)`. `npm test` installs what is missing where it can,
 * fails in CI where it cannot, and says elsewhere what was skipped.
 */
export function available(...servers: readonly ServerName[]): boolean {
  return servers.every((server) => findServer(server).path !== undefined);
}

/**
 * The program (for PostgreSQL: the folder with its programs).
 *
 * @throws when it is not on this machine
 */
export function serverPath(server: ServerName): string {
  const { path, problem } = findServer(server);
  if (path === undefined) throw new Error(`${server} is needed: ${problem}. On Debian "npm test" installs it.`);
  return path;
}
