import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Mailbox } from '../../src/core/model.js';
import type { ArrivedMail } from '../../src/core/ports/intake.js';
import { fetchAgain, listServerMails } from '../../src/mail/list-uids.js';
import { mailFrom } from '../support/desk-under-test.js';
import { startDovecot, type Dovecot } from '../support/dovecot.js';
import { aMailbox } from '../support/samples.js';
import { available } from '../support/servers.js';

describe.runIf(available('dovecot'))('what lies on a server, for an audit', () => {
  let dovecot: Dovecot;
  let mailbox: Mailbox;
  beforeAll(async () => {
    dovecot = await startDovecot({ users: { shop: 'secret' } });
    mailbox = aMailbox({
      kind: 'imap', maxMailBytes: 5_000,
      imap: { host: 'localhost', port: dovecot.imapsPort, security: 'tls', user: 'shop', password: 'secret', ca: dovecot.ca, trustAnyCertificate: false, folders: ['INBOX'], after: { do: 'leave' }, sentFolder: undefined, pollSeconds: 60 },
    });
    for (const subject of ['one', 'two', 'three']) await dovecot.deliver('shop', mailFrom('Anna <anna@customer.example>', subject, subject === 'three' ? 'long '.repeat(2_000) : 'short'));
  });
  afterAll(() => dovecot.close());

  it('is listed by UID above a mark; a folder that is missing does not keep the others from being listed', async () => {
    const [inbox, missing, sent] = await listServerMails(mailbox, [{ folder: 'INBOX', above: 1 }, { folder: 'Nowhere', above: 0 }, { folder: 'Sent', above: 0 }]);
    expect(inbox).toMatchObject({ folder: 'INBOX', mails: [{ uid: 2 }, { uid: 3 }] });
    expect(missing).toMatchObject({ folder: 'Nowhere', problem: expect.stringMatching(/Nowhere|exist/) as string });
    expect(sent).toMatchObject({ folder: 'Sent', mails: [] });
    expect((await listServerMails(mailbox, [{ folder: 'INBOX', above: 3 }]))[0]).toMatchObject({ mails: [] });
  });

  it('is fetched once more as it came; of what is too large only the headers; what is gone is left out', async () => {
    const [inbox] = await listServerMails(mailbox, [{ folder: 'INBOX', above: 0 }]);
    const uidValidity = inbox && 'uidValidity' in inbox ? inbox.uidValidity : 0;
    const arrived: ArrivedMail[] = [];
    await fetchAgain(mailbox, { folder: 'INBOX', uidValidity, uids: [2, 3, 99] }, async (arrivals) => void arrived.push(...arrivals));
    expect(arrived.map(({ place, raw, headers }) => [place?.uid, raw?.toString().includes('Subject: two'), headers?.toString().includes('Subject: three')])).toEqual([[2, true, undefined], [3, undefined, true]]);
    await expect(fetchAgain(mailbox, { folder: 'INBOX', uidValidity: uidValidity + 1, uids: [2] }, () => Promise.resolve())).rejects.toThrow('numbered anew');
  });

  it('says why it cannot be asked', async () => {
    const wrong: Mailbox = { ...mailbox, imap: mailbox.imap && { ...mailbox.imap, password: 'wrong' } };
    await expect(listServerMails(wrong, [{ folder: 'INBOX', above: 0 }])).rejects.toMatchObject({ kind: 'wrong-password' });
    await expect(listServerMails(aMailbox(), [])).rejects.toThrow('no IMAP server');
  });
});
