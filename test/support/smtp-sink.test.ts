import { createTransport, type Transporter } from 'nodemailer';
import { afterEach, describe, expect, it } from 'vitest';

import { available } from './servers.js';
import { startSmtpSink, type SmtpSink, type SmtpSinkOptions } from './smtp-sink.js';

const MAIL = { from: 'desk@shop.test', to: ['anna@customer.test', 'jan@customer.test'], subject: 'Hello', text: 'Hi\n.dot', messageId: '<one@shop.test>' };

describe('the SMTP sink', () => {
  let sink: SmtpSink;
  let client: Transporter;

  async function start(options: SmtpSinkOptions = {}): Promise<void> {
    sink = await startSmtpSink(options);
    client = createTransport({
      host: sink.host,
      port: sink.port,
      socketTimeout: 300,
      ...(options.auth ? { auth: options.auth } : {}),
      ...(sink.ca === undefined ? {} : { requireTLS: true, tls: { ca: sink.ca } }),
    });
  }

  afterEach(async () => {
    client.close();
    await sink.stop();
  });

  it('keeps what is sent, with its envelope and headers', async () => {
    await start();
    const waited = sink.waitFor((mail) => mail.subject === 'Hello');
    await client.sendMail(MAIL);
    const mail = await waited;
    expect(mail).toMatchObject({ from: MAIL.from, to: MAIL.to, messageId: MAIL.messageId });
    expect(mail.header('From')).toBe(MAIL.from);
    expect(mail.raw.toString()).toContain('Hi\r\n.dot');
    await expect(sink.waitFor((other) => other.subject === 'Bye', 20)).rejects.toThrow('arrived: Hello');
  });

  it.runIf(available('openssl'))('asks for a password and offers STARTTLS', async () => {
    await start({ auth: { user: 'desk', pass: 'secret' }, startTls: true });
    await client.sendMail(MAIL);
    expect(sink.mails[0]).toMatchObject({ user: 'desk' });
    const stranger = createTransport({ host: sink.host, port: sink.port, tls: { ca: sink.ca ?? '' }, auth: { user: 'desk', pass: 'guessed' } });
    await expect(stranger.sendMail(MAIL)).rejects.toMatchObject({ responseCode: 535 });
  });

  it.each([
    ['connect', 421],
    ['mail', 451],
    ['rcpt', 550],
    ['data', 554],
  ] as const)('refuses at %s with the code it was given, once', async (stage, code) => {
    await start();
    sink.failNext({ stage, code, times: stage === 'rcpt' ? MAIL.to.length : 1 });
    await expect(client.sendMail(MAIL)).rejects.toMatchObject({ responseCode: code });
    expect(sink.mails).toHaveLength(0);
    await client.sendMail(MAIL);
    expect(sink.mails).toHaveLength(1);
  });

  it('refuses a login that is right', async () => {
    await start({ auth: { user: 'desk', pass: 'secret' } });
    sink.failNext({ stage: 'auth', code: 454 });
    await expect(client.sendMail(MAIL)).rejects.toMatchObject({ responseCode: 454 });
    await client.sendMail(MAIL);
  });

  it.each(['connect', 'mail', 'rcpt', 'data'] as const)('does not answer at %s', async (stage) => {
    await start();
    sink.hangAt(stage);
    await expect(client.sendMail(MAIL)).rejects.toThrow(/time/i);
    expect(sink.mails).toHaveLength(0);
  });

  it('loses a mail with the line, or keeps it and says nothing', async () => {
    await start();
    sink.dropAt('data');
    await expect(client.sendMail(MAIL)).rejects.toThrow();
    expect(sink.mails).toHaveLength(0);
    sink.dropAfterData();
    await expect(client.sendMail(MAIL)).rejects.toThrow();
    expect(sink.mails).toHaveLength(1);
  });

  it('is away and comes back on the same port', async () => {
    await start();
    await sink.stop();
    await expect(client.sendMail(MAIL)).rejects.toThrow();
    await sink.start();
    await client.sendMail(MAIL);
    expect(sink.mails).toHaveLength(1);
  });
});
