import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { MailError } from '../../src/core/errors.js';
import { mailFrom, openDesk, type DeskUnderTest } from '../support/desk-under-test.js';

let desk: DeskUnderTest;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

const HOUR = 3_600_000;
const first = mailFrom('Anna <anna@customer.example>', 'Cup', 'It is broken', { 'Message-ID': '<first@customer.example>' });
const answer = async (text = 'A new one is on its way'): Promise<void> => {
  await desk.say('marek', 'reply', 1, { text });
  desk.pass(15_000);
};
const outbound = async (): Promise<Awaited<ReturnType<DeskUnderTest['message']>>> => {
  const message = (await desk.messages(1)).findLast(({ direction }) => direction === 'out');
  if (!message) throw new Error('no answer');
  return message;
};

/** Gives the mailbox a Sent folder. */
async function watchOverImap(): Promise<void> {
  const imap = { host: 'x', port: 993, security: 'tls', user: 'u', password: 'p', ca: undefined, trustAnyCertificate: false, folders: ['INBOX'], after: { do: 'leave' }, sentFolder: 'Sent', pollSeconds: 60 } as const;
  await desk.store.transaction((tx) => tx.desk.save({ ...desk.desk, mailboxes: desk.desk.mailboxes.map((mailbox) => ({ ...mailbox, imap })) }));
}

describe('sending mail', () => {
  beforeEach(() => desk.receive(first));

  it('C06 while the mail server is down the answer waits, the card says so, and it goes out when the server is back', async () => {
    desk.sink.failNext({ stage: 'mail', code: 451, message: 'try later', times: 6 });
    await answer();
    for (let round = 0; round < 6; round += 1) {
      await desk.settle();
      desk.pass(HOUR);
    }
    expect(desk.bridge.cards()[0]?.post.alert).toMatch(/Queued/);
    expect(await outbound()).toMatchObject({ state: 'queued', problem: { key: expect.stringContaining('problem.') } });
    await desk.settle();
    expect(desk.sink.mails).toHaveLength(1);
    expect(await outbound()).toMatchObject({ state: 'sent', problem: undefined });
    expect(desk.bridge.cards()[0]?.post.alert).toBeUndefined();
  });

  it('what the server refuses for good ends visibly and hands the turn back', async () => {
    desk.sink.failNext({ stage: 'rcpt', code: 550, message: '5.1.1 no such user' });
    await answer();
    await desk.settle();
    desk.pass(HOUR);
    await desk.settle();
    expect(desk.sink.mails).toHaveLength(0);
    expect(await outbound()).toMatchObject({ state: 'failed' });
    expect(await desk.conversation(1)).toMatchObject({ status: 'open' });
    expect(desk.bridge.cards()[0]?.post.alert).toMatch(/Not sent/);
    const again = await desk.say('marek', 'send-again', 1, { message: (await outbound()).id });
    expect(again.kind).toBe('done');
    await desk.settle();
    expect(desk.sink.mails).toHaveLength(1);
  });

  it('a mail that the server takes for some recipients only says who got nothing', async () => {
    await desk.receive(mailFrom('Cleo <cleo@customer.example>', 'Vase', 'Is it there?', { Cc: 'Dora <dora@customer.example>' }));
    desk.sink.failNext({ stage: 'rcpt', code: 550, message: '5.1.1 no such user' });
    await desk.say('marek', 'reply', 2, { text: 'Yes' });
    desk.pass(15_000);
    await desk.settle();
    expect(desk.sink.mails).toHaveLength(1);
    expect((await desk.messages(2)).at(-1)).toMatchObject({ state: 'bounced', problem: { key: 'problem.some-refused', params: { address: 'cleo@customer.example' } } });
    expect((await desk.conversation(2)).status).toBe('open');
  });

  it('a line cut after the data leaves "uncertain", never a blind resend; a person settles it with one press', async () => {
    desk.sink.dropAfterData();
    await answer();
    await desk.settle();
    desk.pass(24 * HOUR);
    await desk.settle();
    expect(desk.sink.mails).toHaveLength(1);
    expect(await outbound()).toMatchObject({ state: 'uncertain', problem: { key: 'problem.line-broke' } });
    expect(desk.bridge.cards()[0]?.post).toMatchObject({ tone: 'decide', actions: [{ verb: 'arrived' }, { verb: 'send-again' }] });
    expect((await desk.say('marek', 'arrived', 1, { message: (await outbound()).id })).kind).toBe('done');
    await desk.settle();
    expect(desk.sink.mails).toHaveLength(1);
    expect(await outbound()).toMatchObject({ state: 'sent' });
  });

  it('what became of an answer is settled by a bare word, which means the newest that waits for it', async () => {
    for (const word of ['arrived', 'send-again']) expect(await desk.say('marek', word, 1)).toMatchObject({ kind: 'refused', message: { key: 'refused.nothing-to-settle' } });
    desk.sink.dropAfterData();
    await answer('first');
    await desk.settle();
    expect(await desk.say('marek', 'arrived', 1)).toMatchObject({ kind: 'done', message: { key: 'resolve.arrived' } });
    desk.sink.failNext({ stage: 'rcpt', code: 550, message: '5.1.1 no such user' });
    await answer('second');
    await desk.settle();
    expect((await desk.say('marek', 'arrived', 1)).kind).toBe('refused');
    expect(await desk.say('marek', 'send-again', 1)).toMatchObject({ kind: 'done', message: { key: 'resolve.again' } });
    await desk.settle();
    expect((await desk.messages(1)).filter(({ direction }) => direction === 'out').map(({ text, state }) => `${text} ${state}`)).toEqual(['first sent', 'second sent']);
    expect(desk.sink.mails).toHaveLength(2);
  });

  it('a crash between "server accepted" and "we wrote it down" is uncertain after the restart, or proved by the Sent folder', async () => {
    await watchOverImap();
    const send = desk.mail.send;
    for (const found of [false, true]) {
      desk.mail.findInSent = async () => found;
      await answer(`found: ${found}`);
      let crash: () => void = () => {};
      desk.mail.send = async (mailbox, mail) => {
        const sent = await send(mailbox, mail);
        crash();
        return new Promise(() => void sent);
      };
      const crashed = new Promise<void>((resolve) => (crash = resolve));
      void desk.settle();
      await crashed;
      desk.mail.send = send;
      desk.restartDeliveries();
      const before = desk.sink.mails.length;
      await desk.settle();
      expect(desk.sink.mails).toHaveLength(before);
      expect((await outbound()).state).toBe(found ? 'sent' : 'uncertain');
    }
  });

  it('C08 a copy to Sent that fails never sends the mail again', async () => {
    await watchOverImap();
    let copies = 0;
    desk.mail.fileCopy = async () => {
      copies += 1;
      throw new MailError('unavailable', true, 'APPEND failed');
    };
    await answer();
    for (let round = 0; round < 8; round += 1) {
      await desk.settle();
      desk.pass(HOUR);
    }
    expect(copies).toBeGreaterThan(3);
    expect(desk.sink.mails).toHaveLength(1);
    expect(await outbound()).toMatchObject({ state: 'sent' });
  });

  it('an answer that a person says has arrived is copied to Sent, like any other', async () => {
    await watchOverImap();
    const copied: string[] = [];
    desk.mail.fileCopy = async (_mailbox, _mail, headerId) => void copied.push(headerId);
    desk.sink.dropAfterData();
    await answer();
    await desk.settle();
    expect(copied).toEqual([]);
    await desk.say('marek', 'arrived', 1);
    await desk.settle();
    expect(copied).toEqual([(await outbound()).headerId]);
  });

  it('a bounce is tied to the very message, with its reason on the card', async () => {
    await answer();
    await desk.settle();
    const headerId = desk.sink.mails[0]?.messageId ?? '';
    const report = [
      'From: MAILER-DAEMON@relay.example', 'To: shop@desk.example', 'Subject: Undelivered Mail Returned to Sender', 'Auto-Submitted: auto-replied', 'Message-ID: <b1@relay.example>', 'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="B"', '', '--B', 'Content-Type: text/plain', '', 'The mail could not be delivered.', '--B', 'Content-Type: message/delivery-status', '',
      'Reporting-MTA: dns; relay.example', '', 'Final-Recipient: rfc822; anna@customer.example', 'Action: failed', 'Status: 5.1.1', 'Diagnostic-Code: smtp; 550 5.1.1 no such user', '', '--B', 'Content-Type: text/rfc822-headers', '', `Message-ID: ${headerId}`, 'Subject: Re: Cup', '', '--B--', '',
    ].join('\n');
    await desk.receive(report);
    expect(await outbound()).toMatchObject({ state: 'bounced', problem: { key: 'problem.no-such-mailbox', params: { address: 'anna@customer.example' } } });
    expect(await desk.conversation(1)).toMatchObject({ status: 'open' });
    expect(desk.bridge.cards()).toHaveLength(1);
    expect(desk.bridge.cards()[0]?.post.alert).toMatch(/Bounced/);
  });
});

describe('posting', () => {
  it('a platform that is down gets everything later, in order, once', async () => {
    for (let failures = 0; failures < 3; failures += 1) desk.bridge.failNext('unavailable');
    await desk.receive(first);
    await desk.receive(mailFrom('Anna <anna@customer.example>', 'Re: Cup', 'And the plate too', { 'In-Reply-To': '<first@customer.example>' }));
    for (let round = 0; round < 5; round += 1) {
      await desk.settle();
      desk.pass(HOUR);
    }
    expect(desk.bridge.cards()).toHaveLength(1);
    expect(desk.bridge.thread(1).map(({ post }) => post.text)).toEqual(['It is broken', 'And the plate too']);
  });

  it('a post that may have arrived is repeated with the same key, so that nothing is shown twice', async () => {
    desk.bridge.failNext('unavailable', { certain: false, posted: true });
    await desk.receive(first);
    desk.pass(HOUR);
    await desk.settle();
    expect(desk.bridge.cards()).toHaveLength(1);
  });

  it('posts that wait for a later try are tried at once where somebody is at work', async () => {
    desk.bridge.failNext('rate-limited');
    await desk.receive(mailFrom('Eve <eve@customer.example>', 'Broken cup', 'It came broken'));
    await desk.settle();
    expect(desk.bridge.cards()).toHaveLength(0);
    await desk.say('marek', 'claim', 1);
    await desk.settle();
    expect(desk.bridge.cards()).toHaveLength(1);
    expect(desk.bridge.thread(1)).toHaveLength(1);
  });

  it('many changes in a row are one edit of the card', async () => {
    await desk.receive(first);
    const edits = desk.bridge.cards()[0]?.edits ?? 0;
    await desk.say('marek', 'claim', 1);
    await desk.say('marek', 'release', 1);
    await desk.say('anna', 'claim', 1);
    await desk.settle();
    expect(desk.bridge.cards()[0]?.edits).toBe(edits + 1);
    expect(desk.bridge.cards()[0]?.post.facts).toContain('Anna Zielińska');
  });
});
