import { execFileSync } from 'node:child_process';
import { appendFile, chmod, chown, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { certificate } from './certificate.js';
import { freePort, LOOPBACK } from './free-port.js';
import { deliverByLmtp } from './lmtp.js';
import { ServerProcess, unprivilegedUser, type UnixUser } from './server-process.js';
import { serverPath } from './servers.js';
import { tempFolder, type TempFolder } from './temp-folder.js';

const DEFAULT_PASSWORD = 'secret';
const DEFAULT_USERS: Readonly<Record<string, string>> = { 'desk@shop.test': DEFAULT_PASSWORD, 'sales@shop.test': DEFAULT_PASSWORD };
/** Asked to end within its first second Dovecot does not listen; killed then, it loses nothing. */
const STOP_TIMEOUT_MS = 700;

export interface DovecotOptions {
  /** Login name -> password. Default: desk@shop.test and sales@shop.test, both with "secret". */
  readonly users?: Readonly<Record<string, string>>;
  /** Where OAuth2 tokens are asked about (RFC 7662, POST); offers XOAUTH2 and OAUTHBEARER when given. The answer names the user as `username`. */
  readonly introspectionUrl?: string;
}

/** A real IMAP server on loopback with its own folder, users and certificate. */
export class Dovecot {
  readonly host = LOOPBACK;
  private readonly server: ServerProcess;
  private readonly users = new Map<string, string>();

  /** Use `startDovecot`. */
  constructor(
    /** Plain with STARTTLS. */
    readonly imapPort: number,
    /** TLS from the first byte. */
    readonly imapsPort: number,
    readonly lmtpPort: number,
    /** PEM of the authority that signed the server's certificate: `tls: { ca }`. */
    readonly ca: string,
    private readonly folder: TempFolder,
  ) {
    this.server = new ServerProcess({
      command: serverPath('dovecot'),
      args: ['-F', '-c', join(folder.path, 'dovecot.conf')],
      logFile: join(folder.path, 'start.log'),
      ownLogFile: this.logFile,
      port: imapPort,
      stopTimeoutMs: STOP_TIMEOUT_MS,
    });
  }

  /** What Dovecot logged, to look at when a test fails. */
  get logFile(): string {
    return join(this.folder.path, 'dovecot.log');
  }

  get running(): boolean {
    return this.server.running;
  }

  /** Starts it again on the same ports with the same mail. */
  async start(): Promise<void> {
    await this.server.start();
  }

  /** Ends it politely; mail stays, `start` brings it back. */
  async stop(): Promise<void> {
    await this.server.stop();
    // Left behind by a tree that had to be killed; a new master would refuse to start.
    await rm(join(this.folder.path, 'run', 'master.pid'), { force: true });
  }

  /** Kills the whole tree as a power cut would; mail stays, `start` brings it back. */
  async kill(): Promise<void> {
    await this.server.kill();
    await rm(join(this.folder.path, 'run', 'master.pid'), { force: true });
  }

  /** Ends it for good and removes its folder. */
  async close(): Promise<void> {
    // Not politely: a master that has just started takes a second to end.
    await this.kill();
    await this.folder.remove();
  }

  /** Puts mails into the user's INBOX the way a mail server does, byte for byte but for line ends. */
  async deliver(user: string, ...mails: readonly (string | Uint8Array)[]): Promise<void> {
    await deliverByLmtp(this.lmtpPort, user, mails);
  }

  /** Adds a login; an existing one gets this password. Takes up to a second. */
  async addUser(user: string, password: string = DEFAULT_PASSWORD): Promise<void> {
    await this.writeUsers({ [user]: password });
    // Dovecot looks at the file's date once within each second of the clock.
    await sleep(1_000 - (Date.now() % 1_000) + 5);
  }

  /** The user's Maildir: `cur`, `new`, and a `.Name` folder for each other mailbox. */
  mailDir(user: string): string {
    return join(this.folder.path, 'mail', user);
  }

  /**
   * Gives a mailbox a new UIDVALIDITY and its messages new UIDs, as a restored or moved mailbox has (RFC 3501, 2.3.1.1). Clients that have it
   * open are not told; Dovecot ends their connection when it notices.
   */
  async changeUidValidity(user: string, mailbox = 'INBOX'): Promise<void> {
    const folder = mailbox.toUpperCase() === 'INBOX' ? this.mailDir(user) : join(this.mailDir(user), `.${mailbox.replaceAll('/', '.')}`);
    const bookkeeping = (await readdir(folder)).filter((name) => name === 'dovecot-uidlist' || name.startsWith('dovecot.index'));
    await Promise.all(bookkeeping.map((name) => rm(join(folder, name), { force: true })));
  }

  /** @internal */
  async writeUsers(users: Readonly<Record<string, string>>): Promise<void> {
    for (const [user, password] of Object.entries(users)) this.users.set(user, password);
    const lines = [...this.users].map(([user, password]) => `${user}:{PLAIN}${password}::::::\n`);
    await writeFile(join(this.folder.path, 'users'), lines.join(''));
  }
}

/** Starts a server of its own for one test file (tens of milliseconds). End it with `close()`. */
export async function startDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
  const folder = tempFolder('dovecot');
  const { cert, key } = await certificate();
  const dovecot = new Dovecot(await freePort(), await freePort(), await freePort(), cert, folder);
  await writeFolder(folder.path, dovecot, { cert, key }, options);
  await dovecot.writeUsers(options.users ?? DEFAULT_USERS);
  try {
    await dovecot.start();
  } catch (error) {
    await folder.remove();
    throw error;
  }
  return dovecot;
}

async function writeFolder(path: string, dovecot: Dovecot, pair: { cert: string; key: string }, options: DovecotOptions): Promise<void> {
  const user = unprivilegedUser('nobody') ?? { ...userInfo(), name: userInfo().username };
  // Login processes run as that user and have to get to their sockets.
  await chmod(path, 0o755);
  for (const name of ['run', 'state', 'mail', 'home']) await mkdir(join(path, name));
  if (process.getuid?.() === 0) {
    for (const name of ['mail', 'home']) await chown(join(path, name), user.uid, user.gid);
  }
  await writeFile(join(path, 'cert.pem'), pair.cert);
  await writeFile(join(path, 'key.pem'), pair.key, { mode: 0o600 });
  await writeFile(join(path, 'dovecot.conf'), configuration(path, dovecot, user, options.introspectionUrl !== undefined));
  if (options.introspectionUrl !== undefined) {
    await appendFile(join(path, 'oauth2.ext'), introspection(options.introspectionUrl));
  }
}

function introspection(url: string): string {
  return `introspection_mode = post
introspection_url = ${url}
username_attribute = username
active_attribute = active
active_value = true
force_introspection = yes
`;
}

/** A configuration for Dovecot 2.3 that needs no system users, keeps everything in `path` and listens on loopback only. */
function configuration(path: string, dovecot: Dovecot, user: UnixUser, oauth: boolean): string {
  const specialFolders = ['Sent', 'Drafts', 'Junk', 'Trash', 'Archive']
    .map((name) => `  mailbox ${name} {\n    auto = subscribe\n    special_use = \\${name}\n  }`)
    .join('\n');
  const oauthPassdb = `passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${path}/oauth2.ext
}
`;
  // By name: Dovecot takes no numbers here.
  const group = execFileSync('id', ['-gn', user.name], { encoding: 'utf8' }).trim();
  return `base_dir = ${path}/run
state_dir = ${path}/state
instance_name = goniec-${dovecot.imapPort}
log_path = ${path}/dovecot.log
info_log_path = ${path}/dovecot.log
listen = ${LOOPBACK}
protocols = imap lmtp
default_login_user = ${user.name}
default_internal_user = ${user.name}
default_internal_group = ${group}
first_valid_uid = 1
first_valid_gid = 1
disable_plaintext_auth = no
ssl = yes
ssl_cert = <${path}/cert.pem
ssl_key = <${path}/key.pem
auth_mechanisms = plain login${oauth ? ' oauthbearer xoauth2' : ''}
auth_failure_delay = 0
auth_verbose = yes
mail_location = maildir:${path}/mail/%u
mail_home = ${path}/home/%u
mail_uid = ${user.uid}
mail_gid = ${user.gid}
# Told at once of new mail; a test should not wait for it.
mailbox_idle_check_interval = 1 secs
mail_max_userip_connections = 500
mail_fsync = never
${oauth ? oauthPassdb : ''}passdb {
  driver = passwd-file
  args = scheme=PLAIN ${path}/users
}
userdb {
  driver = static
  args = uid=${user.uid} gid=${user.gid} home=${path}/home/%u allow_all_users=yes
}
namespace inbox {
  inbox = yes
  separator = /
${specialFolders}
}
service imap-login {
  inet_listener imap {
    port = ${dovecot.imapPort}
  }
  inet_listener imaps {
    port = ${dovecot.imapsPort}
    ssl = yes
  }
  process_min_avail = 1
  service_count = 0
  chroot =
}
service imap {
  process_min_avail = 1
  process_limit = 600
}
service lmtp {
  inet_listener lmtp {
    port = ${dovecot.lmtpPort}
  }
  process_min_avail = 1
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`;
}
