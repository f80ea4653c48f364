import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Mailbox } from '../../src/core/model.js';
import { findingText, type Finding } from '../../src/doctor/finding.js';
import { checkReading } from '../../src/doctor/reading.js';
import { checkSending } from '../../src/doctor/sending.js';
import { startScriptedSmtp } from '../mail/scripted-smtp.js';
import { startDovecot, type Dovecot } from '../support/dovecot.js';
import { freePort } from '../support/free-port.js';
import { aMailbox } from '../support/samples.js';
import { available } from '../support/servers.js';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.js';

/** Dovecot lets those wait who gave a wrong password before. */
const PATIENCE = { answerMs: 10_000, wholeMs: 20_000 };
/** For servers that will never answer. */
const HURRY = { answerMs: 500, wholeMs: 3_000 };
const keysOf = (findings: readonly Finding[]): readonly string[] => findings.map(({ level, key }) => `${level} ${key}`);
const textsOf = (findings: readonly Finding[]): string => findings.map((finding) => findingText(finding, 'en')).join('\n');

/** Accepts connections and says nothing. */
async function startSilence(): Promise<{ server: Server; port: number }> {
  const port = await freePort();
  const server = createServer((socket) => socket.on('error', () => undefined)).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { server, port };
}

describe.runIf(available('dovecot'))('reading, looked at on a real server', () => {
  let dovecot: Dovecot;
  beforeAll(async () => {
    dovecot = await startDovecot({ users: { shop: 'secret' } });
  });
  afterAll(() => dovecot.close());

  const imapBox = (over: Partial<NonNullable<Mailbox['imap']>> = {}): Mailbox =>
    aMailbox({
      kind: 'imap',
      imap: {
        host: 'localhost', port: dovecot.imapsPort, security: 'tls', user: 'shop', password: 'secret', ca: dovecot.ca, trustAnyCertificate: false, folders: ['INBOX'], after: { do: 'leave' },
        sentFolder: 'Sent', pollSeconds: 60, ...over,
      },
    });
  const look = (over: Partial<NonNullable<Mailbox['imap']>> = {}, patience = PATIENCE): Promise<readonly Finding[]> => checkReading(imapBox(over), patience);

  it('says when all is well, over TLS and over STARTTLS', async () => {
    expect(keysOf(await look())).toEqual(['ok doctor.imap-ok']);
    expect(keysOf(await look({ port: dovecot.imapPort, security: 'starttls' }))).toEqual(['ok doctor.imap-ok']);
  });

  it('tells a wrong password', async () => {
    const findings = await look({ password: 'wrong' });
    expect(keysOf(findings)).toEqual(['bad doctor.imap-auth']);
    expect(textsOf(findings)).toBe('shop: localhost does not accept this user name and password. Check both; many providers want an app password.');
    expect(findings[0]?.detail).toContain('Authentication failed');
  });

  it('tells a folder that is not there, and which there are', async () => {
    const findings = await look({ folders: ['INBOX', 'Orders'], sentFolder: 'Wysłane' });
    // The server names its Sent folder itself, so copies have a place.
    expect(keysOf(findings)).toEqual(['bad doctor.imap-folder-missing']);
    expect(textsOf(findings)).toMatch(/^shop: there is no folder “Orders”\. The server has: INBOX, .*Drafts/);
    expect(keysOf(await look({ after: { do: 'move', folder: 'Done' } }))).toEqual(['ok doctor.imap-ok', 'warn doctor.imap-after-folder-missing']);
  });

  it('tells a certificate that is not trusted, and why', async () => {
    const unknown = await look({ ca: undefined });
    expect(keysOf(unknown)).toEqual(['bad doctor.imap-certificate']);
    expect(textsOf(unknown)).toContain('the certificate of localhost is not trusted (it is signed by itself)');
    expect(keysOf(await look({ ca: undefined, port: dovecot.imapPort, security: 'starttls' }))).toEqual(['bad doctor.imap-certificate']);
    expect(keysOf(await look({ ca: undefined, trustAnyCertificate: true }))).toEqual(['warn doctor.trust-any', 'ok doctor.imap-ok']);
  });

  it('tells the wrong kind of encryption for a port, both ways', async () => {
    expect(textsOf(await look({ port: dovecot.imapPort }))).toContain('does not speak “tls”. Try security “starttls”');
    expect(textsOf(await look({ security: 'starttls' }, HURRY))).toContain('does not speak “starttls”. Try security “tls”');
  });

  it('tells a server that is not there, one without a name, and one that says nothing; it never hangs', async () => {
    expect(keysOf(await look({ port: await freePort() }))).toEqual(['bad doctor.imap-down']);
    expect(keysOf(await look({ host: 'imap.no-such-place.invalid' }))).toEqual(['bad doctor.imap-no-host']);
    const silence = await startSilence();
    const started = Date.now();
    expect(keysOf(await look({ host: '127.0.0.1', port: silence.port }, HURRY))).toEqual(['bad doctor.imap-down']);
    expect(Date.now() - started).toBeLessThan(HURRY.wholeMs + 1_000);
    silence.server.close();
  });
});

describe('sending, looked at without sending', () => {
  const smtpBox = (port: number, over: Partial<NonNullable<Mailbox['smtp']>> = {}, mailbox: Partial<Mailbox> = {}): Mailbox =>
    aMailbox({ ...mailbox, smtp: { host: '127.0.0.1', port, security: 'none', user: undefined, password: undefined, ca: undefined, trustAnyCertificate: false, ...over } });
  const look = (port: number, over: Partial<NonNullable<Mailbox['smtp']>> = {}, mailbox: Partial<Mailbox> = {}, patience = PATIENCE): Promise<readonly Finding[]> =>
    checkSending(smtpBox(port, over, mailbox), patience);

  describe('on a server with login', () => {
    let sink: SmtpSink;
    beforeAll(async () => {
      sink = await startSmtpSink({ auth: { user: 'shop', pass: 'secret' }, startTls: true });
    });
    afterAll(() => sink.stop());
    const login = { user: 'shop', password: 'secret' };

    it('says when all is well, and hands no mail over', async () => {
      expect(keysOf(await look(sink.port, { ...login, security: 'starttls', ca: sink.ca }))).toEqual(['ok doctor.smtp-ok']);
      expect(keysOf(await look(sink.port, login))).toEqual(['ok doctor.smtp-ok']);
      expect(sink.mails).toEqual([]);
    });

    it('tells a wrong password, a missing login and an untrusted certificate', async () => {
      expect(keysOf(await look(sink.port, { ...login, password: 'wrong' }))).toEqual(['bad doctor.smtp-auth']);
      expect(keysOf(await look(sink.port))).toEqual(['bad doctor.smtp-needs-login']);
      const certificate = await look(sink.port, { ...login, security: 'starttls' });
      expect(keysOf(certificate)).toEqual(['bad doctor.smtp-certificate']);
      expect(textsOf(certificate)).toContain('it is signed by itself');
    });

    it('tells the wrong kind of encryption', async () => {
      expect(keysOf(await look(sink.port, { ...login, security: 'tls', ca: sink.ca }))).toEqual(['bad doctor.smtp-security']);
    });
  });

  it('tells that the sender is refused, at MAIL and at RCPT', async () => {
    const sink = await startSmtpSink();
    sink.failNext({ stage: 'mail', code: 553, message: '5.7.1 not owned by user shop' });
    const findings = await look(sink.port);
    expect(keysOf(findings)).toEqual(['bad doctor.smtp-sender-refused']);
    expect(textsOf(findings)).toBe('shop: 127.0.0.1 does not accept shop@desk.example as sender. Allow it at your provider, or use the login that owns it.');
    expect(findings[0]?.detail).toBe('553 5.7.1 not owned by user shop');
    sink.failNext({ stage: 'rcpt', code: 553, message: '5.7.1 sender address rejected' });
    expect(keysOf(await look(sink.port))).toEqual(['bad doctor.smtp-sender-refused']);
    sink.failNext({ stage: 'rcpt', code: 550, message: '5.1.1 no such user' });
    expect(keysOf(await look(sink.port))).toEqual(['bad doctor.smtp-own-address-refused']);
    await sink.stop();
  });

  it('C30 tells "not now" from "no"', async () => {
    const later = await startScriptedSmtp({ AUTH: '454 4.7.0 too many logins' }, ['AUTH PLAIN LOGIN']);
    expect(keysOf(await look(later.port, { user: 'shop', password: 'secret' }))).toEqual(['warn doctor.smtp-throttled']);
    await later.close();
    const greylisting = await startScriptedSmtp({ RCPT: '450 4.2.0 come back later' });
    expect(keysOf(await look(greylisting.port))).toEqual(['warn doctor.smtp-throttled']);
    await greylisting.close();
  });

  it('tells a server that does not take tagged addresses, when answers use them', async () => {
    const port = await freePort();
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('220 hello\r\n');
      socket.on('data', (line) => socket.write(/\+/.test(line.toString()) ? '550 5.1.1 unknown\r\n' : '250 ok\r\n'));
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    const imap = { host: '127.0.0.1', port, security: 'none', user: 'u', password: 'p', ca: undefined, trustAnyCertificate: false, folders: [], after: { do: 'leave' }, sentFolder: undefined, pollSeconds: 60 } as const;
    expect(keysOf(await look(port, {}, { kind: 'imap', imap, plusAddressing: true }))).toEqual(['ok doctor.smtp-ok', 'warn doctor.plus-refused']);
    expect(keysOf(await look(port, {}, { kind: 'imap', imap, plusAddressing: false }))).toEqual(['ok doctor.smtp-ok']);
    server.close();
  });

  it('tells a server that is not there, hangs or speaks something else', async () => {
    expect(keysOf(await look(await freePort()))).toEqual(['bad doctor.smtp-down']);
    expect(keysOf(await look(25, { host: 'smtp.no-such-place.invalid' }))).toEqual(['warn doctor.no-tls', 'bad doctor.smtp-no-host']);
    const silence = await startSilence();
    expect(keysOf(await look(silence.port, { security: 'tls' }, {}, HURRY))).toEqual(['bad doctor.smtp-down']);
    expect(keysOf(await look(silence.port, { security: 'starttls' }, {}, HURRY))).toEqual(['bad doctor.smtp-security']);
    silence.server.close();
    const http = await startScriptedSmtp({ greeting: 'HTTP/1.1 400 Bad Request' });
    expect(keysOf(await look(http.port))).toEqual(['bad doctor.smtp-other']);
    await http.close();
    const cut = await startScriptedSmtp({ MAIL: 'cut' });
    expect(keysOf(await look(cut.port))).toEqual(['bad doctor.smtp-down']);
    await cut.close();
  });

  it('a mailbox without a server for sending is worth knowing', async () => {
    expect(keysOf(await checkSending(aMailbox({ smtp: undefined })))).toEqual(['warn doctor.smtp-missing']);
  });
});
