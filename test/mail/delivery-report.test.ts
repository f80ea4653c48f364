import { describe, expect, it } from 'vitest';
import { parseMail } from '../../src/mail/parse.js';
import { fixture, raw } from './fixture.js';

describe('delivery reports', () => {
  it('reads a DSN', async () => {
    expect((await parseMail(fixture('dsn'))).report).toEqual({
      kind: 'failed', originalMessageId: 'out-7@goniec.example', recipient: 'nobody@kunde.example', status: '5.1.1', diagnostic: '550 5.1.1 <nobody@kunde.example>: Recipient address rejected: User unknown',
    });
  });

  it('reads a bounce without structure', async () => {
    expect((await parseMail(fixture('bounce-without-structure'))).report).toEqual({
      kind: 'failed', originalMessageId: 'out-8@goniec.example', recipient: 'weg@alt.example', status: '5.1.1', diagnostic: 'Remote host said: 550 5.1.1 User unknown',
    });
  });

  it.each([['delayed', '4.4.1', 'delayed'], ['delivered', '2.0.0', 'delivered'], ['relayed', '2.0.0', 'delivered']])('tells %s apart', async (action, status, kind) => {
    const mail = await parseMail(raw('From: MAILER-DAEMON@x.example', 'Content-Type: multipart/report; report-type=delivery-status; boundary=d', '', '--d', '', 'text', '--d', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; x', '', 'Final-Recipient: rfc822; a@b.example', `Action: ${action}`, `Status: ${status}`, '', '--d--'));
    expect(mail.report).toMatchObject({ kind, recipient: 'a@b.example' });
  });

  it('reads a complaint', async () => {
    const mail = await parseMail(raw('From: abuse@x.example', 'Content-Type: multipart/report; report-type=feedback-report; boundary=d', '', '--d', '', 'text', '--d', 'Content-Type: message/feedback-report', '', 'Feedback-Type: abuse', 'Original-Rcpt-To: <a@b.example>', '', '--d', 'Content-Type: message/rfc822', '', 'Message-ID: <out-1@goniec.example>', '', 'x', '--d--'));
    expect(mail.report).toEqual({ kind: 'complaint', originalMessageId: 'out-1@goniec.example', recipient: 'a@b.example', status: undefined, diagnostic: 'abuse' });
    expect(mail.forwarded).toBe(false);
  });

  it('finds no report in a letter', async () => {
    expect((await parseMail(fixture('polish-iso-8859-2'))).report).toBeUndefined();
    expect((await parseMail(raw('From: a@b.example', 'Subject: My parcel was returned', '', 'The courier said: address unknown, returned to sender. Why?'))).report).toBeUndefined();
  });
});
