import { ImapFlow } from 'imapflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startDovecot, type Dovecot } from './dovecot.js';
import { available } from './servers.js';

const USER = 'desk@shop.test';

function mail(subject: string): string {
  return `From: Anna <anna@customer.test>\nTo: ${USER}\nSubject: ${subject}\nMessage-ID: <${subject}@customer.test>\n\n.dot first\nHello\n`;
}

async function withInbox<T>(dovecot: Dovecot, use: (client: ImapFlow) => Promise<T>, secure = false): Promise<T> {
  const client = new ImapFlow({
    host: dovecot.host,
    port: secure ? dovecot.imapsPort : dovecot.imapPort,
    secure,
    tls: { ca: dovecot.ca },
    auth: { user: USER, pass: 'secret' },
    logger: false,
  });
  await client.connect();
  try {
    await client.mailboxOpen('INBOX');
    return await use(client);
  } finally {
    await client.logout();
  }
}

async function sources(client: ImapFlow): Promise<string[]> {
  const found: string[] = [];
  for await (const message of client.fetch('1:*', { source: true })) found.push(message.source?.toString() ?? '');
  return found;
}

function uidValidity(client: ImapFlow): bigint {
  if (client.mailbox === false) throw new Error('no mailbox is open');
  return client.mailbox.uidValidity;
}

describe.runIf(available('dovecot', 'openssl'))('the Dovecot of the tests', () => {
  let dovecot: Dovecot;

  beforeAll(async () => {
    dovecot = await startDovecot();
  });

  afterAll(async () => {
    await dovecot.close();
  });

  it('takes mail by LMTP and gives it by IMAP, with STARTTLS and with TLS', async () => {
    await dovecot.deliver(USER, mail('first'), mail('second'));
    const expected = mail('first').replaceAll('\n', '\r\n');
    for (const secure of [false, true]) {
      const [first, second] = await withInbox(dovecot, sources, secure);
      expect(first).toContain(expected);
      expect(second).toContain('Subject: second');
    }
  });

  it('keeps its mail when it is killed and started again, and ends the connections it had', async () => {
    const before = (await withInbox(dovecot, sources)).length;
    const client = new ImapFlow({ host: dovecot.host, port: dovecot.imapPort, tls: { ca: dovecot.ca }, auth: { user: USER, pass: 'secret' }, logger: false });
    client.on('error', () => undefined);
    await client.connect();
    const closed = new Promise((resolve) => client.once('close', resolve));
    await dovecot.kill();
    await closed;
    expect(dovecot.running).toBe(false);
    await dovecot.start();
    await dovecot.deliver(USER, mail('after'));
    expect(await withInbox(dovecot, sources)).toHaveLength(before + 1);
  });

  it('can be stopped politely and started on the same port', async () => {
    await dovecot.stop();
    await expect(withInbox(dovecot, sources)).rejects.toThrow();
    await dovecot.start();
    await withInbox(dovecot, sources);
  });

  it('gives a mailbox a new UIDVALIDITY', async () => {
    const before = await withInbox(dovecot, (client) => Promise.resolve(uidValidity(client)));
    const mails = await withInbox(dovecot, sources);
    await dovecot.changeUidValidity(USER);
    expect(await withInbox(dovecot, (client) => Promise.resolve(uidValidity(client)))).not.toBe(before);
    expect(await withInbox(dovecot, sources)).toHaveLength(mails.length);
  });

  it('knows users that are added while it runs', async () => {
    await dovecot.addUser('new@shop.test', 'other');
    await dovecot.deliver('new@shop.test', mail('welcome'));
    const client = new ImapFlow({ host: dovecot.host, port: dovecot.imapPort, tls: { ca: dovecot.ca }, auth: { user: 'new@shop.test', pass: 'other' }, logger: false });
    await client.connect();
    expect(await client.status('INBOX', { messages: true })).toMatchObject({ messages: 1 });
    await client.logout();
  });
});
