import { afterEach, describe, expect, it } from 'vitest';

import { MailError } from '../../src/core/errors.js';
import type { Mailbox, ServerLogin } from '../../src/core/model.js';
import type { ComposedMail } from '../../src/core/ports/mail.js';
import { createMailer, type Mailer } from '../../src/mail/send.js';
import { quietLog } from '../support/quiet-log.js';
import { available } from '../support/servers.js';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.js';
import { aLogin, aMailbox } from './samples.js';
import { startScriptedSmtp, STAGES, type ScriptedSmtp, type Stage, type Trouble } from './scripted-smtp.js';

const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

function aMailer(answerMs = 10_000): Mailer {
  const mailer = createMailer({ log: quietLog(), patience: { connectMs: 500, answerMs } });
  cleanUp.push(() => {
    mailer.close();
  });
  return mailer;
}

async function aSink(...options: Parameters<typeof startSmtpSink>): Promise<SmtpSink> {
  const sink = await startSmtpSink(...options);
  cleanUp.push(() => sink.stop());
  return sink;
}

async function aScript(script: Partial<Record<Stage, Trouble>>, extensions: readonly string[] = []): Promise<ScriptedSmtp> {
  const server = await startScriptedSmtp(script, extensions);
  cleanUp.push(() => server.close());
  return server;
}

function mailboxAt(port: number, changes: Partial<ServerLogin> = {}): Mailbox {
  return aMailbox({ smtp: aLogin({ port, ...changes }) });
}

function aMail(size = 200, to: readonly string[] = ['anna@customer.test']): ComposedMail {
  const header = 'From: desk@shop.test\r\nMessage-ID: <one@shop.test>\r\nSubject: x\r\n\r\n.dot\r\n';
  return { raw: Buffer.from(`${header}${'text and more text\r\n'.repeat(Math.ceil(size / 20))}`), envelope: { from: 'desk@shop.test', to } };
}

async function failureOf(sending: Promise<unknown>): Promise<MailError> {
  const error: unknown = await sending.then(
    () => new Error('it was sent'),
    (caught: unknown) => caught,
  );
  if (!(error instanceof MailError)) throw error;
  return error;
}

describe('sending', () => {
  it('hands the bytes over as they are, over one connection', async () => {
    const sink = await aSink();
    const mailer = aMailer();
    for (let index = 0; index < 3; index += 1) await mailer.send(mailboxAt(sink.port), aMail());
    expect(sink.mails).toHaveLength(3);
    expect(sink.mails[0]?.raw.equals(Buffer.from(aMail().raw))).toBe(true);
    expect(sink.mails[0]).toMatchObject({ from: 'desk@shop.test', to: ['anna@customer.test'] });
    expect(sink.connections).toBe(1);
  });

  it('uses new settings of a mailbox at once', async () => {
    const [first, second] = [await aSink(), await aSink()];
    const mailer = aMailer();
    await mailer.send(mailboxAt(first.port), aMail());
    await mailer.send(mailboxAt(second.port), aMail());
    expect([first.mails.length, second.mails.length]).toEqual([1, 1]);
  });

  it('says which recipients were refused, and that the others have it', async () => {
    const sink = await aSink();
    sink.failNext({ stage: 'rcpt', code: 550, message: 'no such user' });
    const result = await aMailer().send(mailboxAt(sink.port), aMail(200, ['gone@customer.test', 'anna@customer.test']));
    expect(result.refused).toEqual([{ address: 'gone@customer.test', response: expect.stringContaining('no such user') as string }]);
    expect(result.response).toContain('gone@customer.test refused: 550');
    expect(sink.mails[0]?.to).toEqual(['anna@customer.test']);
  });

  it('sends over a new connection when the server closed the idle one', async () => {
    const sink = await aSink();
    const mailer = aMailer();
    await mailer.send(mailboxAt(sink.port), aMail());
    await sink.stop();
    await sink.start();
    await mailer.send(mailboxAt(sink.port), aMail());
    expect(sink.mails).toHaveLength(2);
  });

  it('C06: fails in a way that is tried again while the server is down, and sends once it is up', async () => {
    const sink = await aSink();
    const mailer = aMailer();
    await sink.stop();
    expect(await failureOf(mailer.send(mailboxAt(sink.port), aMail()))).toMatchObject({ fault: 'unavailable', certain: true });
    await sink.start();
    await mailer.send(mailboxAt(sink.port), aMail());
    expect(sink.mails).toHaveLength(1);
  });

  it('refuses mailboxes without a server, and everything after close', async () => {
    const mailer = aMailer();
    expect(await failureOf(mailer.send(aMailbox(), aMail()))).toMatchObject({ fault: 'forbidden', certain: true });
    mailer.close();
    expect(await failureOf(mailer.send(mailboxAt(1), aMail()))).toMatchObject({ fault: 'unavailable', certain: true });
  });
});

describe('a line that is lost', () => {
  const before = STAGES.slice(0, -1);

  describe.each(['cut', 'reset'] as const)('by a %s', (trouble) => {
    describe.each([{ extensions: [] }, { extensions: ['PIPELINING'] }])('with $extensions', ({ extensions }) => {
      it.each(before)('at %s is certain: nothing was taken', async (stage) => {
        const server = await aScript({ [stage]: trouble }, ['AUTH PLAIN', ...extensions]);
        const failure = await failureOf(aMailer().send(mailboxAt(server.port, { user: 'desk', password: 'secret' }), aMail(20_000_000)));
        expect(failure).toMatchObject({ fault: 'unavailable', certain: true });
        expect(server.taken).toHaveLength(0);
      });

      it('after the final dot is uncertain, and is not tried again by itself', async () => {
        const server = await aScript({ 'after the final dot': trouble }, extensions);
        const failure = await failureOf(aMailer().send(mailboxAt(server.port), aMail()));
        expect(failure).toMatchObject({ fault: 'unavailable', certain: false });
        expect(server.taken).toHaveLength(1);
        expect(server.connections).toBe(1);
      });

      it('after the final dot of a second mail over the same connection is uncertain as well', async () => {
        const server = await aScript({}, extensions);
        const mailer = aMailer();
        await mailer.send(mailboxAt(server.port), aMail());
        const trap: Partial<Record<Stage, Trouble>> = { 'after the final dot': trouble };
        const second = await aScript(trap, extensions);
        delete trap['after the final dot'];
        await mailer.send(mailboxAt(second.port), aMail());
        trap['after the final dot'] = trouble;
        expect(await failureOf(mailer.send(mailboxAt(second.port), aMail()))).toMatchObject({ fault: 'unavailable', certain: false });
        expect(second.taken).toHaveLength(2);
        expect(second.connections).toBe(1);
      });
    });
  });

  it.each(before.filter((stage) => stage !== 'connect'))('by silence at %s is certain', async (stage) => {
    const server = await aScript({ [stage]: 'hang' }, ['AUTH PLAIN']);
    const failure = await failureOf(aMailer(300).send(mailboxAt(server.port, { user: 'desk', password: 'secret' }), aMail(20_000_000)));
    expect(failure).toMatchObject({ fault: 'unavailable', certain: true });
  });

  it('by silence after the final dot is uncertain', async () => {
    const server = await aScript({ 'after the final dot': 'hang' });
    expect(await failureOf(aMailer(300).send(mailboxAt(server.port), aMail()))).toMatchObject({ fault: 'unavailable', certain: false });
  });
});

describe('a refusal', () => {
  it.each([
    ['greeting', '554 5.7.1 no service for you', 'unavailable'],
    ['greeting', '421 4.3.2 shutting down', 'unavailable'],
    ['MAIL', '550 5.7.1 you may not send as that address', 'invalid'],
    ['MAIL', '452 4.3.1 disk full', 'unavailable'],
    ['MAIL', '452 too many mails this minute', 'rate-limited'],
    ['MAIL', '503 bad sequence', 'unavailable'],
    ['MAIL', '530 5.7.0 authentication required', 'forbidden'],
    ['RCPT', '550 5.1.1 no such user', 'gone'],
    ['RCPT', '550 no such user', 'invalid'],
    ['RCPT', '450 4.2.1 greylisted', 'unavailable'],
    ['RCPT', '450 4.7.28 slow down', 'rate-limited'],
    ['DATA', '554 5.5.1 no valid recipients', 'invalid'],
    ['DATA', '421 4.3.0 closing', 'unavailable'],
    ['after the final dot', '552 5.3.4 too large', 'invalid'],
    ['after the final dot', '554 5.7.1 looks like spam', 'invalid'],
    ['after the final dot', '451 4.3.0 try again later', 'unavailable'],
    ['after the final dot', '421 4.3.0 closing', 'unavailable'],
  ] as const)('at %s with %j is certain and %s', async (stage, answer, fault) => {
    const server = await aScript({ [stage]: answer });
    const failure = await failureOf(aMailer().send(mailboxAt(server.port), aMail()));
    expect(failure).toMatchObject({ fault, certain: true });
    expect(failure.message).toContain(answer);
  });

  it('after the final dot with an answer that is none leaves it open', async () => {
    const server = await aScript({ 'after the final dot': '354 go on' });
    expect(await failureOf(aMailer().send(mailboxAt(server.port), aMail()))).toMatchObject({ certain: false });
  });

  it('C30: of the login is told apart from a login that cannot be checked now', async () => {
    const login = { user: 'desk', password: 'secret' };
    const wrong = await aScript({ AUTH: '535 5.7.8 bad credentials' }, ['AUTH PLAIN']);
    expect(await failureOf(aMailer().send(mailboxAt(wrong.port, login), aMail()))).toMatchObject({ fault: 'forbidden', certain: true, retryAfterMs: 300_000 });
    const busy = await aScript({ AUTH: '454 4.7.0 temporary authentication failure' }, ['AUTH PLAIN']);
    expect(await failureOf(aMailer().send(mailboxAt(busy.port, login), aMail()))).toMatchObject({ fault: 'unavailable', certain: true });
    const tooMany = await aScript({ AUTH: '454 4.7.0 too many login attempts' }, ['AUTH PLAIN']);
    expect(await failureOf(aMailer().send(mailboxAt(tooMany.port, login), aMail()))).toMatchObject({ fault: 'rate-limited', certain: true });
  });

  it('does not show the password', async () => {
    const sink = await aSink({ auth: { user: 'desk', pass: 'right' } });
    const failure = await failureOf(aMailer().send(mailboxAt(sink.port, { user: 'desk', password: 'wr0ng-s3cret' }), aMail()));
    expect(JSON.stringify([failure.message, String(failure.cause), failure.stack])).not.toContain('wr0ng');
    expect(failure.fault).toBe('forbidden');
  });
});

describe.runIf(available('openssl'))('encryption', () => {
  it('is required where it is asked for, and never given up', async () => {
    const plain = await aSink();
    expect(await failureOf(aMailer().send(mailboxAt(plain.port, { security: 'starttls' }), aMail()))).toMatchObject({ fault: 'unavailable', certain: true });
    expect(plain.mails).toHaveLength(0);
  });

  it('trusts a private authority, or anybody only when told so', async () => {
    const sink = await aSink({ startTls: true });
    const starttls = { security: 'starttls' } as const;
    expect(await failureOf(aMailer().send(mailboxAt(sink.port, starttls), aMail()))).toMatchObject({ fault: 'unavailable', certain: true });
    expect(sink.mails).toHaveLength(0);
    await aMailer().send(mailboxAt(sink.port, { ...starttls, ca: sink.ca }), aMail());
    await aMailer().send(mailboxAt(sink.port, { ...starttls, trustAnyCertificate: true }), aMail());
    expect(sink.mails).toHaveLength(2);
  });
});
