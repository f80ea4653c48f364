import { ImapFlow } from 'imapflow';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Mailbox, ServerLogin } from '../../src/core/model.js';
import { watchMailbox, type Watch, type WatchPace, type WatchState } from '../../src/mail/imap-watch.js';
import { startDovecot, type Dovecot } from '../support/dovecot.js';
import { eventually } from '../support/eventually.js';
import { quietLog } from '../support/quiet-log.js';
import { available } from '../support/servers.js';
import { MeddlingProxy } from './meddling-proxy.js';
import { MemoryIntake } from './memory-intake.js';
import { aLogin, aMailbox } from './samples.js';

/** Quick waits, so that tests that need a reconnection do not wait for it. */
const PACE: WatchPace = { connectMs: 3_000, silenceMs: 10_000, firstWaitMs: 30, longestWaitMs: 200, refusedWaitMs: 100, throttledWaitMs: 100, answerMs: 300 };
/** Only what IDLE tells counts in tests that do not ask for polls. */
const NO_POLL = 3_600;

let dovecot: Dovecot;
let user: string;
let users = 0;
let intake: MemoryIntake;
const cleanUp: (() => unknown)[] = [];

function mail(subject: string, bytes = 0): string {
  return `From: Anna <anna@customer.test>\r\nTo: desk@shop.test\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@customer.test>\r\n\r\n${'x'.repeat(70).concat('\r\n').repeat(Math.ceil(bytes / 72))}`;
}

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

function login(changes: Partial<ServerLogin> = {}): ServerLogin {
  return aLogin({ port: dovecot.imapPort, user, password: 'secret', ...changes });
}

function mailbox(changes: Partial<Mailbox> & { folders?: readonly string[]; pollSeconds?: number; server?: Partial<ServerLogin> } = {}): Mailbox {
  const { folders = ['INBOX'], pollSeconds = NO_POLL, server, ...rest } = changes;
  return aMailbox({ imap: { ...login(server), folders, after: { do: 'leave' }, sentFolder: undefined, pollSeconds }, ...rest });
}

interface Watched {
  readonly watch: Watch;
  /** Everything told, oldest first. */
  readonly states: { folder: string; state: WatchState }[];
  /** Resolves when that many folders are being watched. */
  watching(folders?: number): Promise<void>;
  /** Resolves with the first problem of that kind. */
  problem(kind: string): Promise<WatchState>;
}

function watch(of: Mailbox, options: { pace?: Partial<WatchPace> } = {}): Watched {
  const states: Watched['states'] = [];
  const watched = watchMailbox({
    mailbox: of,
    intake,
    clock: { now: () => new Date() },
    log: quietLog(),
    onState: (folder, state) => states.push({ folder, state }),
    pace: { ...PACE, ...options.pace },
    random: () => 0.5,
  });
  cleanUp.push(() => watched.stop());
  return {
    watch: watched,
    states,
    watching: (folders = 1) =>
      eventually(
        () => {
          expect(new Set(states.filter(({ state }) => state.state === 'watching').map(({ folder }) => folder)).size).toBeGreaterThanOrEqual(folders);
        },
        { timeoutMs: 15_000 },
      ),
    problem: (kind) =>
      eventually(
        () => {
          const found = states.find(({ state }) => state.state === 'waiting' && state.problem.kind === kind);
          if (!found) throw new Error(JSON.stringify(states));
          return found.state;
        },
        { timeoutMs: 15_000 },
      ),
  };
}

async function proxy(): Promise<MeddlingProxy> {
  const made = await MeddlingProxy.before(dovecot.imapPort);
  cleanUp.push(() => made.close());
  return made;
}

/** What another mail program of the user does. */
async function elsewhere<T>(act: (client: ImapFlow) => Promise<T>, folder = 'INBOX'): Promise<T> {
  const client = new ImapFlow({ host: dovecot.host, port: dovecot.imapPort, doSTARTTLS: false, auth: { user, pass: 'secret' }, logger: false });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.mailboxOpen(folder);
    return await act(client);
  } finally {
    await client.logout();
  }
}

async function deliver(...subjects: readonly string[]): Promise<void> {
  await dovecot.deliver(user, ...subjects.map((subject) => mail(subject)));
}

describe.runIf(available('dovecot', 'openssl'))('watching a mailbox', () => {
  beforeAll(async () => {
    dovecot = await startDovecot();
  });
  afterAll(async () => {
    await dovecot.close();
  });
  beforeEach(async () => {
    users += 1;
    user = `user${users}@shop.test`;
    intake = new MemoryIntake();
    await dovecot.addUser(user);
  });
  afterEach(async () => {
    for (const step of cleanUp.splice(0).reverse()) await step();
  });

  describe('at the first connection', () => {
    it('C05: leaves alone what is there, and takes what comes', async () => {
      await deliver('old-1', 'old-2');
      const { watching } = watch(mailbox());
      await watching();
      await deliver('new-1');
      await intake.has(['new-1']);
      expect(intake.kept[0]).toMatchObject({ source: 'imap', historic: false, reread: false, recipients: [], place: { folder: 'INBOX', uid: 3 } });
      expect(intake.cursors.get('INBOX')).toMatchObject({ lastUid: 3, historyUid: 2 });
    });

    it('C05: takes history back to a moment, marked as such, without asking about older mail', async () => {
      await elsewhere(async (client) => {
        for (const [subject, date] of [['years', '2020-01-01T12:00Z'], ['before', '2025-03-09T23:59:59Z'], ['at', '2025-03-10T00:00Z'], ['after', '2025-04-01T10:00Z']] as const) {
          await client.append('INBOX', mail(subject), [], new Date(date));
        }
      });
      const { watching } = watch(mailbox({ since: new Date('2025-03-10T00:00:00Z') }));
      await intake.has(['at', 'after']);
      await watching();
      await deliver('new');
      await intake.has(['at', 'after', 'new']);
      expect(intake.kept.map(({ historic }) => historic)).toEqual([true, true, false]);
      expect(intake.kept[0]?.receivedAt).toEqual(new Date('2025-03-10T00:00:00Z'));
    });

    it('goes on with history after an interruption, and still leaves older mail alone', async () => {
      const since = new Date('2025-01-01T00:00:00Z');
      await elsewhere(async (client) => {
        for (let index = 0; index < 6; index += 1) await client.append('INBOX', mail(`mail-${index}`, 9_000_000), [], new Date(index % 2 === 0 ? '2020-01-01' : '2025-02-02'));
      });
      let calls = 0;
      intake.beforeKeep = (arrivals) => {
        calls += arrivals.length > 0 ? 1 : 0;
        if (calls === 2) throw new Error('disk full');
      };
      const { watching } = watch(mailbox({ since }));
      await watching();
      expect(intake.subjects()).toEqual(['mail-1', 'mail-3', 'mail-5']);
      expect(intake.kept.every(({ historic }) => historic)).toBe(true);
    });

    it('works on an empty folder', async () => {
      const { watching } = watch(mailbox({ since: new Date('2020-01-01') }));
      await watching();
      await deliver('first');
      await intake.has(['first']);
      expect(intake.kept[0]?.historic).toBe(false);
    });
  });

  describe('what is new', () => {
    it('C02: is told by UID, whether it was read elsewhere or not, and stays unread here', async () => {
      intake.cursors.set('INBOX', { mailboxId: mailbox().id, folder: 'INBOX', uidValidity: await uidValidity(), lastUid: 0, historyUid: 0 });
      await deliver('read', 'unread');
      await elsewhere((client) => client.messageFlagsAdd('1', ['\\Seen']));
      watch(mailbox());
      await intake.has(['read', 'unread']);
      expect(await elsewhere(async (client) => [...((await client.fetchOne('2', { flags: true })) || { flags: [] }).flags ?? []].includes('\\Seen'))).toBe(false);
    });

    it('C03: has no window of time', async () => {
      const { watching, watch: first } = watch(mailbox());
      await watching();
      await first.stop();
      await elsewhere((client) => client.append('INBOX', mail('years-old'), [], new Date('2019-05-05')));
      watch(mailbox());
      await intake.has(['years-old']);
      expect(intake.kept[0]?.historic).toBe(false);
    });

    it('C09: is not what was kept before, also after mails were deleted', async () => {
      const first = watch(mailbox());
      await first.watching();
      await deliver('one', 'two');
      await intake.has(['one', 'two']);
      await first.watch.stop();
      await elsewhere((client) => client.messageDelete('1:*'));
      const second = watch(mailbox());
      await second.watching();
      await deliver('three');
      await intake.has(['one', 'two', 'three']);
    });

    it('is read in portions, in order, with the cursor moved by each', async () => {
      const first = watch(mailbox());
      await first.watching();
      await first.watch.stop();
      const subjects = numbered('mail', 260);
      await deliver(...subjects);
      watch(mailbox());
      await intake.has(subjects);
      const portions = intake.calls.filter(({ mails }) => mails > 0);
      expect(portions.length).toBeGreaterThan(1);
      expect(portions.map(({ cursor }) => cursor?.lastUid)).toEqual(portions.map((_, index) => portions.slice(0, index + 1).reduce((sum, { mails }) => sum + mails, 0)));
    });

    it('is told by IDLE also after a quiet time in which the server was asked whether it is still there', async () => {
      const between = await proxy();
      const asked = new Promise<void>((resolve) => {
        let idles = 0;
        between.meddle = (command) => {
          // The third IDLE: two quiet times have passed.
          if (/ IDLE$/.test(command) && ++idles === 3) resolve();
          return undefined;
        };
      });
      const { watching, states } = watch(mailbox({ server: { port: between.port } }), { pace: { silenceMs: 200 } });
      await watching();
      await asked;
      await deliver('after-a-while');
      await intake.has(['after-a-while']);
      expect(states.map(({ state }) => state.state)).toEqual(['connecting', 'watching']);
      expect(between.connections).toBe(1);
    });

    it('is looked for by polls where IDLE tells nothing', async () => {
      const between = await proxy();
      between.meddle = (command) => (/ IDLE$/.test(command) ? 'NO not today' : undefined);
      const { watching } = watch(mailbox({ pollSeconds: 0.1, server: { port: between.port } }));
      await watching();
      await deliver('polled');
      await intake.has(['polled']);
    });

    it('is looked for when asked', async () => {
      const between = await proxy();
      between.meddle = (command) => (/ IDLE$/.test(command) ? 'NO not today' : undefined);
      const { watching, watch: watched } = watch(mailbox({ server: { port: between.port } }));
      await watching();
      await deliver('asked');
      watched.look();
      await intake.has(['asked']);
    });
  });

  it('takes only the headers of a mail over the limit', async () => {
    const { watching } = watch(mailbox({ maxMailBytes: 50_000 }));
    await watching();
    await dovecot.deliver(user, mail('small'), mail('huge', 100_000), mail('small-too'));
    await intake.has(['small', 'huge', 'small-too']);
    const [, huge] = intake.kept;
    expect(huge?.raw).toBeUndefined();
    expect(Buffer.from(huge?.headers ?? []).toString()).toContain('Message-ID: <huge@customer.test>');
    expect(huge?.bytes).toBeGreaterThan(100_000);
  });

  it('watches several folders, and looks into those beyond its connections in turn', async () => {
    const folders = ['INBOX', 'Junk', 'Archive', 'Drafts', 'Trash', 'Sent'];
    const { watching } = watch(mailbox({ folders, pollSeconds: 0.2 }));
    await watching(6);
    for (const folder of folders) await elsewhere((client) => client.append(folder, mail(folder)));
    await eventually(() => {
      expect(intake.subjects().sort()).toEqual([...folders].sort());
    });
    expect(intake.kept.every((kept) => kept.place?.folder === Buffer.from(kept.raw ?? []).toString().match(/Subject: (.*)\r/)?.[1])).toBe(true);
  });

  it('goes on with the other folders when one is missing', async () => {
    const { watching, problem } = watch(mailbox({ folders: ['INBOX', 'Junk', 'Archive', 'No such', 'Trash', 'Sent'], pollSeconds: 0.2 }));
    await problem('no-such-folder');
    await watching(5);
  });

  describe('when the server', () => {
    it('is killed and comes back, nothing is lost and nothing comes twice', async () => {
      const { watching } = watch(mailbox());
      await watching();
      const all: string[] = [];
      for (const round of [1, 2, 3]) {
        const subjects = numbered(`round-${round}`, 40);
        await deliver(...subjects);
        all.push(...subjects);
        // Sometimes in the middle of reading, sometimes after it.
        if (round === 2) await intake.has(all);
        await dovecot.kill();
        await dovecot.start();
      }
      await intake.has(all);
    });

    it('C29: gives new UIDs to everything (UIDVALIDITY), what comes again is marked, and what is new is not', async () => {
      const { watching, states } = watch(mailbox());
      await watching();
      await deliver('one', 'two');
      await intake.has(['one', 'two']);
      await dovecot.kill();
      await dovecot.changeUidValidity(user);
      await dovecot.start();
      await eventually(() => {
        expect(intake.cursors.get('INBOX')?.uidValidity).not.toBe(intake.kept[0]?.place?.uidValidity);
      });
      await deliver('three');
      await eventually(() => {
        expect(intake.subjects(({ reread }) => !reread)).toEqual(['one', 'two', 'three']);
      });
      expect(intake.subjects(({ reread }) => reread).sort()).toEqual(['one', 'two']);
      expect(intake.kept.some(({ historic }) => historic)).toBe(false);
      expect(states.length).toBeGreaterThan(1);
    });

    it('C29: gives new UIDs, and reading anew is interrupted, everything still comes marked', async () => {
      const first = watch(mailbox());
      await first.watching();
      await deliver(...numbered('mail', 255));
      await intake.has(numbered('mail', 255));
      await first.watch.stop();
      await dovecot.changeUidValidity(user);
      await deliver('meanwhile');
      let calls = 0;
      intake.beforeKeep = (arrivals) => {
        calls += arrivals.length > 0 ? 1 : 0;
        if (calls === 2) throw new Error('disk full');
      };
      const second = watch(mailbox());
      await second.watching();
      const again = intake.subjects(({ reread }) => reread);
      expect(again).toHaveLength(256);
      expect(new Set(again).size).toBe(256);
      expect(again).toContain('meanwhile');
    });

    it('C29: gives new UIDs, mail from before the first connection is still left alone', async () => {
      await elsewhere((client) => client.append('INBOX', mail('before'), [], new Date('2020-01-01')));
      const first = watch(mailbox());
      await first.watching();
      intake.since = new Date(Date.now() - 60_000);
      await deliver('after');
      await intake.has(['after']);
      await first.watch.stop();
      await dovecot.changeUidValidity(user);
      const second = watch(mailbox());
      await second.watching();
      expect(intake.subjects()).toEqual(['after', 'after']);
    });

    it('C23: falls silent without a word, it is noticed and connected anew', async () => {
      const between = await proxy();
      const { watching, problem } = watch(mailbox({ pollSeconds: 0.3, server: { port: between.port } }));
      await watching();
      between.freeze();
      await deliver('while-frozen');
      await intake.has(['while-frozen']);
      await problem('unreachable');
      expect(between.connections).toBeGreaterThan(1);
    });

    it('C23: falls silent while it hands out a mail, it is noticed and connected anew', async () => {
      const between = await proxy();
      const { watching } = watch(mailbox({ pollSeconds: 0.2, server: { port: between.port } }), { pace: { silenceMs: 700 } });
      await watching();
      let frozen = false;
      between.meddle = (command) => {
        if (!frozen && command.includes('BODY.PEEK[]')) {
          frozen = true;
          between.freeze();
        }
        return undefined;
      };
      await deliver('half-way');
      await intake.has(['half-way']);
      expect(frozen).toBe(true);
    });

    it('C23: refuses SEARCH, history is found without it', async () => {
      const between = await proxy();
      const refused: string[] = [];
      between.meddle = (command) => {
        if (!command.includes('SEARCH')) return undefined;
        refused.push(command);
        return 'BAD unknown command';
      };
      await deliver('old');
      const { watching } = watch(mailbox({ since: new Date(Date.now() - 3_600_000), server: { port: between.port } }));
      await watching();
      expect(intake.subjects()).toEqual(['old']);
      expect(refused).not.toHaveLength(0);
      expect(refused.join()).not.toContain('RETURN');
    });

    it('breaks on one mail again and again, the others still come, and that one is kept by its headers', async () => {
      const between = await proxy();
      between.meddle = (command) => {
        const [, set] = / UID FETCH (\S+) .*BODY\.PEEK\[\]/.exec(command) ?? [];
        return set !== undefined && covers(set, 5) ? 'cut' : undefined;
      };
      const { watching } = watch(mailbox({ server: { port: between.port } }));
      await watching();
      await deliver(...numbered('mail', 9));
      await intake.has(numbered('mail', 9));
      expect(intake.kept.map(({ raw }) => raw !== undefined)).toEqual([true, true, true, true, false, true, true, true, true]);
    });

    it('refuses one mail in every way, the others still come, and that one is kept by name', async () => {
      const between = await proxy();
      between.meddle = (command) => {
        const [, set] = / UID FETCH (\S+) .*BODY\.PEEK/.exec(command) ?? [];
        return set !== undefined && covers(set, 2) ? 'NO [SERVERBUG] internal error' : undefined;
      };
      const { watching } = watch(mailbox({ server: { port: between.port } }));
      await watching();
      await deliver('one', 'two', 'three');
      await intake.has(['one', '(nothing of UID 2)', 'three']);
    });
  });

  it('keeps trying when mail cannot be stored, and loses none of it', async () => {
    const { watching, problem } = watch(mailbox());
    await watching();
    let full = true;
    intake.beforeKeep = () => {
      if (full) throw new Error('disk full');
    };
    await deliver('one', 'two');
    await problem('other');
    expect(intake.kept).toHaveLength(0);
    full = false;
    await intake.has(['one', 'two']);
  });

  it('stops between portions, with what is in hand kept, and goes on from there', async () => {
    const first = watch(mailbox());
    await first.watching();
    await first.watch.stop();
    const subjects = numbered('mail', 260);
    await deliver(...subjects);
    let stopped: Promise<void> | undefined;
    intake.beforeKeep = (arrivals) => {
      if (arrivals.length > 0) stopped ??= second.watch.stop();
    };
    const second = watch(mailbox());
    await eventually(() => {
      expect(stopped).toBeDefined();
    });
    await stopped;
    const kept = intake.kept.length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(260);
    expect(second.states.at(-1)?.state.state).toBe('stopped');
    watch(mailbox());
    await intake.has(subjects);
  });

  describe('the connection', () => {
    it('tells a wrong password, and works once it is right', async () => {
      await dovecot.addUser(user, 'right');
      const { problem, watching } = watch(mailbox());
      const state = await problem('wrong-password');
      expect(JSON.stringify(state)).not.toContain('secret');
      await dovecot.addUser(user, 'secret');
      await watching();
    });

    it('stops at once while the server does not answer', async () => {
      const between = await proxy();
      between.fallSilent(true);
      const { watch: watched } = watch(mailbox({ server: { port: between.port } }), { pace: { connectMs: 60_000 } });
      await eventually(() => {
        expect(between.connections).toBe(1);
      });
      await watched.stop();
    });

    it('uses TLS and STARTTLS with the authority it was given', async () => {
      for (const server of [{ security: 'tls', port: dovecot.imapsPort }, { security: 'starttls' }] as const) {
        const { watching } = watch(mailbox({ server: { ...server, ca: dovecot.ca } }));
        await watching();
        const { problem } = watch(mailbox({ server }));
        await problem('certificate');
      }
    });
  });
});

async function uidValidity(): Promise<number> {
  return elsewhere((client) => Promise.resolve(client.mailbox === false ? 0 : Number(client.mailbox.uidValidity)));
}

function covers(set: string, uid: number): boolean {
  return set.split(',').some((range) => {
    const [from = '', to = from] = range.split(':');
    return Number(from) <= uid && (to === '*' || uid <= Number(to));
  });
}
