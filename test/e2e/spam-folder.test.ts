/** Spam on a real Dovecot: moved out of people's sight there as well, and back when it was none. */
import { ImapFlow } from 'imapflow';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { MailError } from '../../src/core/errors.js';
import type { AfterIntake, Mailbox } from '../../src/core/model.js';
import { createSettler, type Settler } from '../../src/mail/settle.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';
import { startDovecot, type Dovecot } from '../support/dovecot.js';
import { quietLog } from '../support/quiet-log.js';
import { aMailbox } from '../support/samples.js';
import { available } from '../support/servers.js';

describe.runIf(available('dovecot'))('spam on the mail server', () => {
  let dovecot: Dovecot;
  let desk: DeskUnderTest;
  let settler: Settler;
  let user = '';
  let users = 0;

  beforeAll(async () => {
    dovecot = await startDovecot();
  });
  afterAll(() => dovecot.close());
  beforeEach(async () => {
    users += 1;
    user = `box${users}@shop.test`;
    await dovecot.addUser(user);
    settler = createSettler({ log: quietLog() });
  });
  afterEach(async () => {
    await desk.close();
    await settler.close();
  });

  const mailbox = (after: AfterIntake = { do: 'leave' }): Mailbox =>
    aMailbox({ kind: 'imap', imap: { host: 'localhost', port: dovecot.imapPort, security: 'none', user, password: 'secret', ca: undefined, trustAnyCertificate: false, folders: ['INBOX'], after, sentFolder: undefined, spamFolder: 'Junk', pollSeconds: 60 } });
  const open = async (after?: AfterIntake): Promise<void> => {
    desk = await openDesk({ mailboxes: [mailbox(after)] });
    desk.mail.sortSpamOnServer = settler.sortSpam;
    desk.mail.settleOnServer = settler.settle;
  };
  const onServer = async <Result>(act: (client: ImapFlow) => Promise<Result>): Promise<Result> => {
    const client = new ImapFlow({ host: dovecot.host, port: dovecot.imapPort, doSTARTTLS: false, auth: { user, pass: 'secret' }, logger: false });
    await client.connect();
    try {
      return await act(client);
    } finally {
      await client.logout();
    }
  };
  const subjectsIn = (folder: string): Promise<readonly string[]> =>
    onServer(async (client) => {
      if (!(await client.list()).some(({ path }) => path === folder)) return [];
      await client.mailboxOpen(folder);
      return (await client.fetchAll('1:*', { envelope: true }, { uid: true })).map(({ envelope }) => envelope?.subject ?? '');
    });
  /** A mail lies in INBOX, and intake has taken it from there. */
  const arrive = async (subject: string, headers: Readonly<Record<string, string>> = {}): Promise<void> => {
    const raw = mailFrom('Ads <ads@casino.example>', subject, 'Buy now', headers).replace(/\r?\n/g, '\r\n');
    const place = await onServer(async (client) => {
      await client.append('INBOX', raw);
      await client.mailboxOpen('INBOX');
      const [newest] = (await client.fetchAll('1:*', { uid: true }, { uid: true })).slice(-1);
      return { folder: 'INBOX', uidValidity: client.mailbox === false ? 0 : Number(client.mailbox.uidValidity), uid: newest?.uid ?? 0 };
    });
    await desk.receive(raw, { place });
  };

  it('moves with the conversation, and back', async () => {
    await open();
    await arrive('Win');
    await arrive('Real order');
    await desk.say('marek', 'spam', 1);
    await desk.settle();
    expect([await subjectsIn('INBOX'), await subjectsIn('Junk')]).toEqual([['Real order'], ['Win']]);
    await desk.say('marek', 'not-spam', 1);
    await desk.settle();
    expect([await subjectsIn('INBOX'), await subjectsIn('Junk')]).toEqual([['Real order', 'Win'], []]);
    await desk.say('marek', 'spam', 1);
    await desk.settle();
    expect(await subjectsIn('Junk')).toEqual(['Win']);
  });

  it('stays where it is when both were said before the server was asked', async () => {
    await open();
    await arrive('Win');
    await desk.say('marek', 'spam', 1);
    await desk.say('marek', 'not-spam', 1);
    await desk.settle();
    expect([await subjectsIn('INBOX'), await subjectsIn('Junk')]).toEqual([['Win'], []]);
  });

  it('of a blocked sender goes there by itself, from the folder that mail is moved to; and back into that', async () => {
    await open({ do: 'move', folder: 'Done' });
    await desk.say('marek', 'block', undefined, { who: '@casino.example' });
    await arrive('Win', { 'Message-ID': '<win@casino.example>' });
    expect([await subjectsIn('INBOX'), await subjectsIn('Done'), await subjectsIn('Junk')]).toEqual([[], [], ['Win']]);
    await desk.say('marek', 'not-spam', 1);
    await desk.settle();
    expect([await subjectsIn('INBOX'), await subjectsIn('Done'), await subjectsIn('Junk')]).toEqual([[], ['Win'], []]);
  });

  it('is found by its Message-ID where somebody moved it by hand, and left alone where nobody knows', async () => {
    await open({ do: 'move', folder: 'Done' });
    await arrive('By hand');
    await onServer(async (client) => {
      await client.mailboxOpen('Done');
      await client.messageMove('1:*', 'INBOX');
    });
    await desk.say('marek', 'spam', 1);
    await desk.settle();
    expect(await subjectsIn('Junk')).toEqual(['By hand']);
    await onServer(async (client) => {
      await client.mailboxOpen('Junk');
      await client.messageDelete('1:*');
    });
    await desk.say('marek', 'not-spam', 1);
    await desk.settle();
    expect((await desk.store.deliveries.countByState()).failed).toBe(0);
    expect((await desk.conversation(1)).status).toBe('open');
  });

  it('is tried again while the server is away, and says in the history when it cannot be', async () => {
    await open();
    await arrive('Win');
    let refuse: MailError | undefined = new MailError('unavailable', true, 'the server is away');
    desk.mail.sortSpamOnServer = (...args) => (refuse ? Promise.reject(refuse) : settler.sortSpam(...args));
    await desk.say('marek', 'spam', 1);
    await desk.settle();
    expect((await desk.store.deliveries.countByState()).waiting).toBe(1);
    refuse = undefined;
    desk.pass(60_000);
    await desk.settle();
    expect(await subjectsIn('Junk')).toEqual(['Win']);

    refuse = new MailError('invalid', true, 'Permission denied');
    await desk.say('marek', 'not-spam', 1);
    await desk.settle();
    const last = (await desk.store.events.of((await desk.conversation(1)).id)).at(-1);
    expect(last).toMatchObject({ what: 'spam-not-moved', data: { detail: 'Permission denied' } });
    expect((await desk.store.deliveries.countByState()).failed).toBe(1);
  });
});
