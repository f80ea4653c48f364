import { ImapFlow } from 'imapflow';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { MailError } from '../../src/core/errors.js';
import type { MailboxId, RawMailId } from '../../src/core/ids.js';
import type { AfterIntake, Mailbox, RawMail, ServerLogin } from '../../src/core/model.js';
import type { ComposedMail } from '../../src/core/ports/mail.js';
import { createSentFolder, type SentFolder } from '../../src/mail/sent-folder.js';
import { createSettler, type Settler } from '../../src/mail/settle.js';
import { startDovecot, type Dovecot } from '../support/dovecot.js';
import { quietLog } from '../support/quiet-log.js';
import { available } from '../support/servers.js';
import { MeddlingProxy } from './meddling-proxy.js';
import { aLogin, aMailbox } from './samples.js';

const PATIENCE = { connectMs: 2_000, silenceMs: 1_000 };
const HEADER_ID = 'goniec.42.abcdefgh.ijklmnop@shop.test';
const ANSWER: ComposedMail = {
  raw: Buffer.from(`From: desk@shop.test\r\nMessage-ID: <${HEADER_ID}>\r\nSubject: Re: x\r\n\r\nHello ż\r\n`),
  envelope: { from: 'desk@shop.test', to: ['anna@customer.test'] },
};

let dovecot: Dovecot;
let user: string;
let users = 0;
const cleanUp: (() => unknown)[] = [];

async function elsewhere<T>(folder: string, act: (client: ImapFlow) => Promise<T>): Promise<T> {
  const client = new ImapFlow({ host: dovecot.host, port: dovecot.imapPort, doSTARTTLS: false, auth: { user, pass: 'secret' }, logger: false });
  await client.connect();
  try {
    await client.mailboxOpen(folder);
    return await act(client);
  } finally {
    await client.logout();
  }
}

async function contents(folder: string): Promise<{ raw: Buffer; seen: boolean }[]> {
  return elsewhere(folder, async (client) => {
    const mails = await client.fetchAll('1:*', { source: true, flags: true }, { uid: true });
    return mails.map(({ source, flags }) => ({ raw: source ?? Buffer.alloc(0), seen: flags?.has('\\Seen') ?? false }));
  });
}

interface MailboxChanges {
  readonly sentFolder?: string | undefined;
  readonly after?: AfterIntake;
  readonly server?: Partial<ServerLogin>;
}

function mailbox({ after = { do: 'leave' }, server, ...changes }: MailboxChanges = {}): Mailbox {
  const sentFolder = 'sentFolder' in changes ? changes.sentFolder : 'Sent';
  return aMailbox({ id: user as MailboxId, imap: { ...aLogin({ port: dovecot.imapPort, user, password: 'secret', ...server }), folders: ['INBOX'], after, sentFolder, pollSeconds: 60 } });
}

async function proxy(): Promise<MeddlingProxy> {
  const made = await MeddlingProxy.before(dovecot.imapPort);
  cleanUp.push(() => made.close());
  return made;
}

async function failureOf(doing: Promise<unknown>): Promise<MailError> {
  const error: unknown = await doing.then(
    () => new Error('it worked'),
    (caught: unknown) => caught,
  );
  if (!(error instanceof MailError)) throw error;
  return error;
}

describe.runIf(available('dovecot', 'openssl'))('on the IMAP server', () => {
  let sent: SentFolder;
  let settler: Settler;

  beforeAll(async () => {
    dovecot = await startDovecot();
  });
  afterAll(async () => {
    await dovecot.close();
  });
  beforeEach(async () => {
    users += 1;
    user = `user${users}@shop.test`;
    await dovecot.addUser(user);
    sent = createSentFolder({ log: quietLog(), patience: PATIENCE });
    settler = createSettler({ log: quietLog(), patience: PATIENCE });
    cleanUp.push(() => sent.close(), () => settler.close());
  });
  afterEach(async () => {
    for (const step of cleanUp.splice(0).reverse()) await step();
  });

  describe('copies of answers', () => {
    it('C08: are filed once, as read, byte for byte', async () => {
      for (let round = 0; round < 3; round += 1) await sent.fileCopy(mailbox(), ANSWER, HEADER_ID);
      const copies = await contents('Sent');
      expect(copies).toHaveLength(1);
      expect(copies[0]?.seen).toBe(true);
      expect(copies[0]?.raw.equals(Buffer.from(ANSWER.raw))).toBe(true);
    });

    it('C08: are filed once when the line broke after the server had filed one', async () => {
      const between = await proxy();
      between.meddle = (command) => (command.includes(' APPEND ') ? 'cut the answer' : undefined);
      const through = mailbox({ server: { port: between.port } });
      expect(await failureOf(sent.fileCopy(through, ANSWER, HEADER_ID))).toMatchObject({ fault: 'unavailable', certain: false });
      expect(await contents('Sent')).toHaveLength(1);
      between.meddle = () => undefined;
      await sent.fileCopy(through, ANSWER, HEADER_ID);
      expect(await contents('Sent')).toHaveLength(1);
    });

    it('C08: are filed once where the server finds nothing by SEARCH', async () => {
      const between = await proxy();
      between.meddle = (command) => (command.includes('SEARCH') ? 'OK nothing found' : undefined);
      const through = mailbox({ server: { port: between.port } });
      for (let round = 0; round < 2; round += 1) await sent.fileCopy(through, ANSWER, HEADER_ID);
      expect(await contents('Sent')).toHaveLength(1);
    });

    it('go to the folder the server calls \\Sent where none of that name is there', async () => {
      await sent.fileCopy(mailbox({ sentFolder: 'Elementy wysłane' }), ANSWER, HEADER_ID);
      expect(await contents('Sent')).toHaveLength(1);
      await elsewhere('INBOX', (client) => client.mailboxCreate('Elementy wysłane'));
      await sent.fileCopy(mailbox({ sentFolder: 'Elementy wysłane' }), ANSWER, HEADER_ID);
      expect(await contents('Elementy wysłane')).toHaveLength(1);
    });

    it('are found by Message-ID, and are not where they are not', async () => {
      expect(await sent.findInSent(mailbox(), HEADER_ID)).toBe(false);
      await sent.fileCopy(mailbox(), ANSWER, HEADER_ID);
      expect(await sent.findInSent(mailbox(), HEADER_ID)).toBe(true);
      expect(await sent.findInSent(mailbox({ sentFolder: undefined }), HEADER_ID)).toBe(true);
      expect(await sent.findInSent(mailbox(), 'another@shop.test')).toBe(false);
      expect(await sent.findInSent(aMailbox(), HEADER_ID)).toBeUndefined();
    });

    it('fail in a way that is tried again, and work over a new connection', async () => {
      const between = await proxy();
      const through = mailbox({ server: { port: between.port } });
      await sent.findInSent(through, HEADER_ID);
      between.freeze();
      expect(await failureOf(sent.fileCopy(through, ANSWER, HEADER_ID).then(() => Promise.reject(new MailError('unavailable', true, 'it connected anew'))))).toMatchObject({ fault: 'unavailable' });
      await sent.fileCopy(through, ANSWER, HEADER_ID);
      expect(await contents('Sent')).toHaveLength(1);
    });

    it('C30: tell a refused login from a server that wants patience', async () => {
      expect(await failureOf(sent.fileCopy(mailbox({ server: { password: 'wrong' } }), ANSWER, HEADER_ID))).toMatchObject({ fault: 'forbidden', certain: true });
      const between = await proxy();
      between.meddle = (command) => (/ (?:LOGIN|AUTHENTICATE) /.test(command) ? 'NO [LIMIT] Too many connections' : undefined);
      expect(await failureOf(sent.fileCopy(mailbox({ server: { port: between.port } }), ANSWER, HEADER_ID))).toMatchObject({ fault: 'rate-limited', certain: true });
    });
  });

  describe('mails that are stored here', () => {
    let place: NonNullable<RawMail['place']>;

    beforeEach(async () => {
      await dovecot.deliver(user, 'Subject: one\r\n\r\n', 'Subject: two\r\n\r\n');
      place = await elsewhere('INBOX', (client) => Promise.resolve({ folder: 'INBOX', uidValidity: client.mailbox === false ? 0 : Number(client.mailbox.uidValidity), uid: 1 }));
    });

    const rawMail = (at: RawMail['place']): RawMail => ({
      id: 'raw-1' as RawMailId,
      mailboxId: user as MailboxId,
      source: 'imap',
      place: at,
      blob: undefined,
      bytes: 0,
      recipients: [],
      receivedAt: new Date(0),
      state: 'done',
      historic: false,
      tries: 0,
      outcome: undefined,
      messageId: undefined,
      subject: '',
      sender: '',
    });

    it('are left, marked as read or moved, as the mailbox says', async () => {
      await settler.settle(mailbox(), rawMail(place));
      expect((await contents('INBOX')).map(({ seen }) => seen)).toEqual([false, false]);
      await settler.settle(mailbox({ after: { do: 'mark-seen' } }), rawMail(place));
      expect((await contents('INBOX')).map(({ seen }) => seen)).toEqual([true, false]);
      await settler.settle(mailbox({ after: { do: 'move', folder: 'Archive' } }), rawMail(place));
      expect((await contents('INBOX')).map(({ raw }) => raw.toString().includes('two'))).toEqual([true]);
      expect((await contents('Archive')).map(({ raw }) => raw.toString().includes('one'))).toEqual([true]);
    });

    it('are moved to a folder that is made for them', async () => {
      await settler.settle(mailbox({ after: { do: 'move', folder: 'Done by Goniec' } }), rawMail(place));
      expect(await contents('Done by Goniec')).toHaveLength(1);
    });

    it('may be gone already', async () => {
      await elsewhere('INBOX', (client) => client.messageDelete('1', { uid: true }));
      await settler.settle(mailbox({ after: { do: 'mark-seen' } }), rawMail(place));
      await settler.settle(mailbox({ after: { do: 'move', folder: 'Archive' } }), rawMail(place));
      expect(await contents('Archive')).toHaveLength(0);
    });

    it('C29: are not touched when UIDs mean other mails now', async () => {
      await settler.settle(mailbox({ after: { do: 'move', folder: 'Archive' } }), rawMail({ ...place, uidValidity: place.uidValidity - 1 }));
      expect(await contents('INBOX')).toHaveLength(2);
    });

    it('are tried again when the server refuses', async () => {
      const between = await proxy();
      between.meddle = (command) => (/ UID (?:STORE|MOVE|COPY) /.test(command) ? 'NO not now' : undefined);
      for (const after of [{ do: 'mark-seen' }, { do: 'move', folder: 'Archive' }] as const) {
        expect(await failureOf(settler.settle(mailbox({ after, server: { port: between.port } }), rawMail(place)))).toMatchObject({ fault: 'unavailable' });
      }
      await settler.settle(mailbox({ after: { do: 'mark-seen' } }), rawMail(undefined));
    });

    it('fail for good when their folder is gone', async () => {
      expect(await failureOf(settler.settle(mailbox({ after: { do: 'mark-seen' } }), rawMail({ ...place, folder: 'Nowhere' })))).toMatchObject({ fault: 'gone' });
    });
  });
});
