/**
 * Connections for the little things done on an IMAP server now and then (copies of answers, marking and moving). One per mailbox, made when needed, kept a
 * short while for what follows, used by one task at a time.
 */
import type { ImapFlow } from 'imapflow';

import { MailError } from '../core/errors.js';
import type { MailboxId } from '../core/ids.js';
import type { Mailbox, ServerLogin } from '../core/model.js';
import { assertConnected, connectImap, disconnect, IMAP_PATIENCE, type ImapPatience } from './imap-connect.js';
import { toMailboxProblem, type MailboxProblem } from './mailbox-problem.js';

/** An unused connection is closed after this many milliseconds; providers count connections. */
const IDLE_CLOSE_MS = 10_000;
/** When to ask again after a refused login, and after the server asked for patience, in milliseconds. */
const LOGIN_RETRY_MS = 5 * 60_000;
const THROTTLED_RETRY_MS = 60_000;

export interface ImapSessions {
  /**
   * Runs `task` with a connection that is logged in; tasks of one mailbox run one after the other. An idle connection that turns out to be lost is made anew
   * first.
   * @throws MailError. `certain` is false when the line broke while `task` ran: it may have had its effect.
   */
  use<Result>(mailbox: Mailbox, task: (client: ImapFlow) => Promise<Result>): Promise<Result>;
  /** Lets tasks in hand finish, then closes the connections. */
  close(): Promise<void>;
}

export function createImapSessions(patience: ImapPatience = IMAP_PATIENCE): ImapSessions {
  const sessions = new Map<MailboxId, Session>();
  return {
    use(mailbox, task) {
      if (!mailbox.imap) return Promise.reject(new MailError('invalid', true, 'the mailbox has no IMAP server'));
      const settings = JSON.stringify(loginOf(mailbox.imap));
      let session = sessions.get(mailbox.id);
      if (session?.settings !== settings) {
        session?.close().catch(() => undefined);
        session = new Session(mailbox.imap, settings, patience);
        sessions.set(mailbox.id, session);
      }
      return session.use(task);
    },
    async close() {
      await Promise.all([...sessions.values()].map((session) => session.close()));
      sessions.clear();
    },
  };
}

class Session {
  private client: ImapFlow | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private idle: NodeJS.Timeout | undefined;

  constructor(
    private readonly login: ServerLogin,
    readonly settings: string,
    private readonly patience: ImapPatience,
  ) {}

  use<Result>(task: (client: ImapFlow) => Promise<Result>): Promise<Result> {
    const result = this.turn.then(() => this.run(task));
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** When its turn comes, after the tasks in hand. A later task connects anew. */
  close(): Promise<void> {
    const closed = this.turn.then(async () => {
      clearTimeout(this.idle);
      const { client } = this;
      this.client = undefined;
      if (client) await disconnect(client);
    });
    this.turn = closed;
    return closed;
  }

  private async run<Result>(task: (client: ImapFlow) => Promise<Result>): Promise<Result> {
    clearTimeout(this.idle);
    const client = await this.connected().catch((error: unknown) => {
      throw toMailError(toMailboxProblem(error), true);
    });
    try {
      const result = await task(client);
      assertConnected(client);
      return result;
    } catch (error) {
      if (error instanceof MailError) throw error;
      throw toMailError(toMailboxProblem(error), client.usable);
    } finally {
      this.idle = setTimeout(() => void this.close(), IDLE_CLOSE_MS);
      this.idle.unref();
    }
  }

  /** A connection that answers: one that was kept may have been closed without a word. */
  private async connected(): Promise<ImapFlow> {
    if (this.client?.usable === true) {
      await this.client.noop().catch(() => undefined);
      if (this.client.usable) return this.client;
    }
    this.client?.close();
    this.client = await connectImap(this.login, this.patience);
    return this.client;
  }
}

/** What of the mailbox's settings makes a connection a different one. */
function loginOf({ host, port, security, user, password, ca, trustAnyCertificate }: ServerLogin): ServerLogin {
  return { host, port, security, user, password, ca, trustAnyCertificate };
}

function toMailError(problem: MailboxProblem, certain: boolean): MailError {
  switch (problem.kind) {
    case 'wrong-password':
      return new MailError('forbidden', certain, problem.detail, LOGIN_RETRY_MS, { cause: problem });
    case 'throttled':
      return new MailError('rate-limited', certain, problem.detail, THROTTLED_RETRY_MS, { cause: problem });
    case 'no-such-folder':
      return new MailError('gone', certain, problem.detail, undefined, { cause: problem });
    case 'unreachable':
    case 'certificate':
    case 'no-tls':
    case 'other':
      return new MailError('unavailable', certain, problem.detail, undefined, { cause: problem });
  }
}
