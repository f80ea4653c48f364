// Types of servers.mjs for the tests; the script itself runs before TypeScript is installed.
export type ServerName = 'dovecot' | 'postgresql' | 'chromium' | 'openssl';

export interface Finding {
  /** The program; for PostgreSQL the folder with its programs. */
  readonly path: string | undefined;
  /** Why it cannot be used, in words. */
  readonly problem: string | undefined;
}

export const SERVERS: readonly ServerName[];
export const DEBIAN_PACKAGES: Readonly<Record<ServerName, readonly string[]>>;
export function findServer(name: ServerName): Finding;
export function isSkippedOnPurpose(name: ServerName): boolean;
