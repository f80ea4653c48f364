/**
 * Watches the folders of an IMAP mailbox and hands what arrives to intake. It never ends by itself: whatever goes wrong is told through `onState` and tried
 * again.
 *
 * IDLE (RFC 2177) works on one folder of one connection, and providers limit connections (often to 10-15 per account, people's own mail programs included). So the
 * first folders have a connection each and hear of new mail at once; further ones share one connection that looks into each in turn.
 *
 * A connection that has died without a word looks like one on which nothing happens (C23). So every `pollSeconds` the server has to answer a NOOP, and each
 * such round also reads, in case IDLE did not tell.
 */
import type { ImapFlow } from 'imapflow';

import type { Mailbox } from '../core/model.js';
import type { Clock, Log } from '../core/ports/effects.js';
import type { Intake } from '../core/ports/intake.js';
import { Bell } from './bell.js';
import { Caution } from './fetch-plan.js';
import { assertConnected, connectImap, disconnect, IMAP_PATIENCE, type ImapPatience } from './imap-connect.js';
import { openFolder } from './imap-folder.js';
import { MailboxProblem, toMailboxProblem, type MailboxProblemKind } from './mailbox-problem.js';

/** Connections per mailbox; see above. */
const MAX_CONNECTIONS = 4;
/** At stop: how long a portion that is being fetched may take, in milliseconds. What is given up is read again. */
const STOP_GRACE_MS = 5_000;
/** A server that ends IDLE sooner than this, in milliseconds, does not mean it: then only polls find new mail. */
const SHORTEST_IDLE_MS = 100;

/** Waits between tries, in milliseconds. */
export interface WatchPace extends ImapPatience {
  /** The first wait; each further one is longer by `WAIT_FACTOR` up to `longestWaitMs`, until reading succeeds. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Least wait after a refusal that does not go away by itself: trying often can lock the account, or count as abuse. */
  readonly refusedWaitMs: number;
  /** Least wait when the server asks for patience. */
  readonly throttledWaitMs: number;
  /** How long a NOOP may go unanswered. */
  readonly answerMs: number;
}
const PACE: WatchPace = { ...IMAP_PATIENCE, firstWaitMs: 2_000, longestWaitMs: 30_000, refusedWaitMs: 5 * 60_000, throttledWaitMs: 60_000, answerMs: 20_000 };
const WAIT_FACTOR = 1.5;
/** Each wait is up to this much longer or shorter, so that many mailboxes do not come back at the same moment. */
const JITTER = 0.2;
/** Mail comes in bursts, and the end of one may come while its beginning is read: a second look soon after one that found something, in milliseconds. */
const SECOND_LOOK_MS = 1_000;
/** Problems that a person has to solve. */
const REFUSALS: ReadonlySet<MailboxProblemKind> = new Set(['wrong-password', 'certificate', 'no-tls']);

/** What is going on with one folder, for people to see. */
export type WatchState =
  | { readonly state: 'connecting' }
  /** Everything that was there is kept; new mail is noticed. */
  | { readonly state: 'watching' }
  /** It does not work now and will be tried again. */
  | { readonly state: 'waiting'; readonly problem: MailboxProblem; readonly retryAt: Date }
  | { readonly state: 'stopped' };

export interface WatchOptions {
  /** Of kind 'imap'. A changed mailbox is watched anew: stop, then watch. */
  readonly mailbox: Mailbox;
  readonly intake: Intake;
  readonly clock: Clock;
  readonly log: Log;
  readonly onState: (folder: string, state: WatchState) => void;
  /** Told after each time a folder was read to its end, for who measures. */
  readonly onLook?: (folder: string) => void;
  readonly pace?: WatchPace;
  /** In [0, 1). */
  readonly random?: () => number;
}

export interface Watch {
  /** Looks for new mail now instead of at the next poll. */
  look(): void;
  /** Resolves when no connection is left and nothing is being kept any more. What was begun is finished or will be read again. */
  stop(): Promise<void>;
}

export function watchMailbox(options: WatchOptions): Watch {
  const stop = new Bell();
  const lines = linesOf(options.mailbox.imap?.folders ?? []).map((folders) => new Line(folders, options, stop));
  const ended = Promise.all(lines.map((line) => line.run()));
  return {
    look() {
      for (const line of lines) line.look.ring();
    },
    async stop() {
      stop.ring();
      for (const line of lines) line.stopSoon();
      await ended;
    },
  };
}

/** One folder a connection, as far as connections go; the rest together on the last one. */
function linesOf(folders: readonly string[]): readonly (readonly string[])[] {
  if (folders.length <= MAX_CONNECTIONS) return folders.map((folder) => [folder]);
  return [...folders.slice(0, MAX_CONNECTIONS - 1).map((folder) => [folder]), folders.slice(MAX_CONNECTIONS - 1)];
}

/** One connection at a time, made again and again, and the folders read over it. */
class Line {
  readonly look = new Bell();
  private failures = 0;
  private client: ImapFlow | undefined;
  private readonly connecting = new AbortController();
  private stopTimer: NodeJS.Timeout | undefined;
  private readonly told = new Map<string, WatchState['state']>();
  private readonly cautions: ReadonlyMap<string, Caution>;
  private readonly pace: WatchPace;

  constructor(
    private readonly folders: readonly string[],
    private readonly options: WatchOptions,
    private readonly stopBell: Bell,
  ) {
    this.cautions = new Map(folders.map((folder) => [folder, new Caution()]));
    this.pace = options.pace ?? PACE;
  }

  /** Resolves after stop. Never rejects. */
  async run(): Promise<void> {
    while (!this.stopBell.rung) {
      this.tell({ state: 'connecting' });
      const problem = await this.connectAndFollow();
      if (this.stopBell.rung) break;
      await this.waitAfter(problem);
    }
    clearTimeout(this.stopTimer);
    this.tell({ state: 'stopped' });
  }

  /** After the stop bell: no longer waits for a server. */
  stopSoon(): void {
    this.connecting.abort();
    this.stopTimer = setTimeout(() => this.client?.close(), STOP_GRACE_MS);
  }

  /** @returns why it ended. */
  private async connectAndFollow(): Promise<MailboxProblem> {
    const { mailbox } = this.options;
    if (!mailbox.imap) return new MailboxProblem('other', 'the mailbox has no IMAP server');
    try {
      this.client = await connectImap(mailbox.imap, this.pace, this.connecting.signal);
      await this.follow(this.client, mailbox.imap.pollSeconds * 1_000);
      return new MailboxProblem('other', 'stopped');
    } catch (error) {
      return toMailboxProblem(error);
    } finally {
      if (this.client?.usable === true) await disconnect(this.client);
      this.client?.close();
      this.client = undefined;
    }
  }

  /** Reads until stop (resolves) or until something is wrong (rejects). */
  private async follow(client: ImapFlow, pollMs: number): Promise<void> {
    const lost = new Bell();
    client.on('close', () => {
      lost.ring();
    });
    // Only said when the count changes: a mail that comes as another goes is found by the poll.
    client.on('exists', () => {
      this.look.ring();
    });
    const [only] = this.folders.length === 1 ? this.folders : [];
    const reader = only === undefined ? undefined : await this.open(client, only);
    while (!this.stopBell.rung) {
      this.look.reset();
      let found = false;
      if (reader && only !== undefined) {
        found = await reader.readNew();
        this.options.onLook?.(only);
        this.tell({ state: 'watching' }, [only]);
      } else await this.readInTurn(client);
      if (this.stopBell.rung) return;
      this.failures = 0;
      const over = new Bell();
      // Not awaited: it ends when the next command is given.
      if (reader) idleUntil(over, client).catch(() => undefined);
      await Bell.first([this.look, lost, this.stopBell], found ? Math.min(pollMs, SECOND_LOOK_MS) : pollMs);
      over.ring();
      if (this.stopBell.rung) return;
      if (lost.rung) assertConnected(client);
      await this.assertAnswers(client);
    }
  }

  private async readInTurn(client: ImapFlow): Promise<void> {
    for (const folder of this.folders) {
      if (this.stopBell.rung) return;
      try {
        const reader = await this.open(client, folder);
        await reader.readNew();
        this.options.onLook?.(folder);
        this.tell({ state: 'watching' }, [folder]);
      } catch (error) {
        const problem = toMailboxProblem(error);
        // A folder that was removed must not keep the others from being read.
        if (problem.kind !== 'no-such-folder') throw problem;
        this.tellProblem(problem, (this.options.mailbox.imap?.pollSeconds ?? 0) * 1_000, [folder]);
      }
    }
  }

  private open(client: ImapFlow, folder: string): ReturnType<typeof openFolder> {
    const { mailbox, intake, clock, log } = this.options;
    const caution = this.cautions.get(folder) ?? new Caution();
    return openFolder({ client, mailbox, folder, intake, clock, log, caution, stopping: () => this.stopBell.rung });
  }

  /** The watchdog: a server that does not answer in time is as good as gone. */
  private async assertAnswers(client: ImapFlow): Promise<void> {
    const answered = new Bell();
    client.noop().then(
      () => {
        answered.ring();
      },
      () => {
        answered.ring();
      },
    );
    await Bell.first([answered, this.stopBell], this.pace.answerMs);
    if (!answered.rung && !this.stopBell.rung) {
      client.close();
      throw new MailboxProblem('unreachable', `no answer within ${this.pace.answerMs} ms`);
    }
    if (answered.rung) assertConnected(client);
  }

  private async waitAfter(problem: MailboxProblem): Promise<void> {
    const { pace } = this;
    const least = REFUSALS.has(problem.kind) ? pace.refusedWaitMs : problem.kind === 'throttled' ? pace.throttledWaitMs : 0;
    const backOff = Math.min(pace.longestWaitMs, pace.firstWaitMs * WAIT_FACTOR ** this.failures);
    const random = this.options.random ?? Math.random;
    const waitMs = Math.max(least, backOff) * (1 - JITTER + 2 * JITTER * random());
    this.failures += 1;
    this.tellProblem(problem, waitMs, this.folders);
    // A person who has just put the password right does not want to wait.
    this.look.reset();
    await Bell.first([this.stopBell, this.look], waitMs);
  }

  private tellProblem(problem: MailboxProblem, waitMs: number, folders: readonly string[]): void {
    const { mailbox, clock, log } = this.options;
    log.warn({ mailbox: mailbox.id, folders, kind: problem.kind, detail: problem.detail, err: problem.cause, waitMs: Math.round(waitMs) }, 'mailbox cannot be read');
    this.tell({ state: 'waiting', problem, retryAt: new Date(clock.now().getTime() + waitMs) }, folders);
  }

  private tell(state: WatchState, folders: readonly string[] = this.folders): void {
    for (const folder of folders) {
      // Each poll that went well is no news.
      if (state.state === 'watching' && this.told.get(folder) === 'watching') continue;
      this.told.set(folder, state.state);
      this.options.onState(folder, state);
    }
  }
}

/**
 * IDLE, as long as it takes. imapflow would start it by itself only seconds after the last command; and it ends it to ask whether the server is still there when
 * the line has been quiet for `silenceMs`, so it has to be begun again.
 */
async function idleUntil(over: Bell, client: ImapFlow): Promise<void> {
  while (!over.rung && client.usable) {
    const began = performance.now();
    if ((await client.idle()) === false || performance.now() - began < SHORTEST_IDLE_MS) return;
  }
}
