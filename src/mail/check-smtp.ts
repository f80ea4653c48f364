/**
 * Looks whether a server takes mail from us: it logs in and names our address as sender and as receiver, then takes it all back. No mail is ever handed over.
 */
import { createHmac } from 'node:crypto';
import { hostname } from 'node:os';

import type { ServerLogin } from '../core/model.js';
import { certificateReason, codeOf, type CertificateReason } from './certificate-reason.js';
import { CHECK_PATIENCE, withLimit, type CheckPatience } from './check-imap.js';
import { hostIsKnown } from './host-known.js';
import { toMailboxProblem } from './mailbox-problem.js';
import { SmtpDialogue, type SmtpReply } from './smtp-dialogue.js';

export type SmtpProblemKind =
  | 'no-host'
  | 'unreachable'
  | 'certificate'
  | 'no-tls'
  | 'wrong-password'
  /** It wants a login and none is configured. */
  | 'needs-login'
  /** Not now. */
  | 'throttled'
  /** This login may not send as our address. */
  | 'sender-refused'
  /** It takes no mail for our own address. */
  | 'own-address-refused'
  | 'other';

export type SmtpReport =
  | { readonly works: false; readonly kind: SmtpProblemKind; readonly certificate: CertificateReason | undefined; readonly detail: string }
  | {
      readonly works: true;
      /** The server's words when it does not take mail for the tagged address; undefined when it does, or was not asked. */
      readonly taggedRefused: string | undefined;
    };

export interface SmtpCheck {
  readonly login: ServerLogin;
  /** Our own address. */
  readonly address: string;
  /** address+tag of the same mailbox, when answers ask for replies there. */
  readonly tagged: string | undefined;
}

/** Never rejects and never takes longer than the patience. */
export async function checkSmtp(check: SmtpCheck, patience: CheckPatience = CHECK_PATIENCE): Promise<SmtpReport> {
  const limit = AbortSignal.timeout(patience.wholeMs);
  try {
    const reported = await withLimit(look(check, patience, limit), limit);
    return reported;
  } catch (error) {
    if (error instanceof Refused) return problem(error.kind, error.detail);
    const { kind, detail, cause } = toMailboxProblem(error);
    const certificate = certificateReason(cause);
    switch (kind) {
      case 'certificate':
        return { works: false, kind, certificate, detail };
      case 'unreachable':
        // A server that waits for our TLS greeting says nothing itself.
        return problem(check.login.security !== 'tls' && error instanceof NoGreeting ? 'no-tls' : 'unreachable', detail);
      case 'no-tls':
      case 'throttled':
        return problem(kind, detail);
      case 'wrong-password':
      case 'no-such-folder':
      case 'other':
        return problem('other', detail);
    }
  }
}

/** What the server said no to. */
class Refused extends Error {
  constructor(
    readonly kind: SmtpProblemKind,
    readonly detail: string,
  ) {
    super(`${kind}: ${detail}`);
  }
}

/** Connected, and then silence. */
class NoGreeting extends Error {
  readonly code = 'ETIMEDOUT';
}

const problem = (kind: SmtpProblemKind, detail: string): SmtpReport => ({ works: false, kind, certificate: undefined, detail });

async function look({ login, address, tagged }: SmtpCheck, { answerMs }: CheckPatience, limit: AbortSignal): Promise<SmtpReport> {
  if (!(await hostIsKnown(login.host))) return problem('no-host', '');
  const dialogue = await SmtpDialogue.open(login, login.security === 'tls', answerMs);
  const close = (): void => dialogue.close();
  limit.addEventListener('abort', close);
  try {
    const offers = await greet(dialogue, login);
    await logIn(dialogue, login, offers);
    await nameSender(dialogue, login, address);
    const taggedRefused = tagged === undefined ? undefined : await refusalOf(dialogue, tagged);
    await dialogue.say('RSET');
    await dialogue.say('QUIT').catch(() => undefined);
    return { works: true, taggedRefused };
  } finally {
    limit.removeEventListener('abort', close);
    dialogue.close();
  }
}

/** @returns what the server offers after EHLO, in upper case, encrypted by then if it has to be. */
async function greet(dialogue: SmtpDialogue, { security }: ServerLogin): Promise<readonly string[]> {
  const greeting = await dialogue.hear().catch((error: unknown) => {
    throw codeOf(error) === 'ETIMEDOUT' ? new NoGreeting('the server says nothing') : error;
  });
  expect(greeting, 'other');
  const offers = await hello(dialogue);
  if (security !== 'starttls') return offers;
  if (!offers.includes('STARTTLS')) throw new Refused('no-tls', 'the server does not offer STARTTLS');
  expect(await dialogue.say('STARTTLS'), 'no-tls');
  await dialogue.encrypt();
  return hello(dialogue);
}

async function hello(dialogue: SmtpDialogue): Promise<readonly string[]> {
  const name = hostname();
  // RFC 5321 section 4.1.3: who has no full name gives an address.
  const reply = await dialogue.say(`EHLO ${name.includes('.') ? name : '[127.0.0.1]'}`);
  expect(reply, 'other');
  return reply.lines.slice(1).map((line) => line.toUpperCase());
}

/** In nodemailer's order, and like there not at all where the server offers no login. */
async function logIn(dialogue: SmtpDialogue, { user, password = '' }: ServerLogin, offers: readonly string[]): Promise<void> {
  const methods = offers.find((offer) => /^AUTH[ =]/.test(offer))?.split(/[ =]/).slice(1);
  if (user === undefined || methods === undefined) return;
  if (methods.includes('PLAIN') || !methods.some((method) => method === 'LOGIN' || method === 'CRAM-MD5')) {
    expect(await dialogue.say(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`), 'wrong-password');
  } else if (methods.includes('LOGIN')) {
    expect(await dialogue.say('AUTH LOGIN'), 'wrong-password');
    expect(await dialogue.say(base64(user)), 'wrong-password');
    expect(await dialogue.say(base64(password)), 'wrong-password');
  } else {
    const challenge = expect(await dialogue.say('AUTH CRAM-MD5'), 'wrong-password');
    // RFC 2195 section 2.
    const digest = createHmac('md5', password).update(Buffer.from(challenge.lines.join(''), 'base64')).digest('hex');
    expect(await dialogue.say(base64(`${user} ${digest}`)), 'wrong-password');
  }
}

/** Many servers say only at RCPT what they think of the sender (Postfix: smtpd_delay_reject), so our own address is named as receiver, too. */
async function nameSender(dialogue: SmtpDialogue, login: ServerLogin, address: string): Promise<void> {
  const sender = await dialogue.say(`MAIL FROM:<${address}>`);
  if (sender.code === 530) throw new Refused(login.user === undefined ? 'needs-login' : 'no-tls', sender.words);
  expect(sender, 'sender-refused');
  const receiver = await dialogue.say(`RCPT TO:<${address}>`);
  if (receiver.code === 530) throw new Refused(login.user === undefined ? 'needs-login' : 'no-tls', receiver.words);
  expect(receiver, speaksOfReceiver(receiver) ? 'own-address-refused' : 'sender-refused');
}

/** X.1.1 to X.1.6 and X.2.x are about the receiver, X.1.7, X.1.8 and X.7.x about the sender or what it may do. Source: RFC 3463 section 3. */
function speaksOfReceiver({ words }: SmtpReply): boolean {
  return /^\d{3} [45]\.(?:1\.[1-6]|2\.\d{1,3})\b/.test(words);
}

async function refusalOf(dialogue: SmtpDialogue, receiver: string): Promise<string | undefined> {
  const reply = await dialogue.say(`RCPT TO:<${receiver}>`);
  return reply.code >= 500 ? reply.words : undefined;
}

/** 2xx and 3xx pass; 4xx means not now, whatever was asked; 5xx means no. Source: RFC 5321 section 4.2.1. */
function expect(reply: SmtpReply, refused: SmtpProblemKind): SmtpReply {
  if (reply.code < 400) return reply;
  throw new Refused(reply.code < 500 ? 'throttled' : refused, reply.words);
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
