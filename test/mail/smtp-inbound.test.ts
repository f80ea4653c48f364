import { createConnection } from 'node:net';

import { simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import { afterEach, describe, expect, it } from 'vitest';

import type { MailboxId } from '../../src/core/ids.js';
import type { Mailbox } from '../../src/core/model.js';
import type { ArrivedMail } from '../../src/core/ports/intake.js';
import { startInboundSmtp, type InboundSmtp, type InboundSmtpOptions } from '../../src/mail/smtp-inbound.js';
import { certificate } from '../support/certificate.js';
import { quietLog } from '../support/quiet-log.js';
import { available } from '../support/servers.js';
import { aMailbox } from './samples.js';

const NOW = new Date('2025-06-01T10:00:00Z');
const SHOP = aMailbox({ kind: 'smtp', address: 'desk@shop.test', aliases: ['help@shop.test'] });
const SALES = aMailbox({ id: 'sales' as MailboxId, kind: 'smtp', address: 'sales@shop.test', maxMailBytes: 20_000 });
const MAIL = 'From: Anna <anna@customer.test>\r\nTo: desk@shop.test\r\nSubject: x\r\nMessage-ID: <1@customer.test>\r\n\r\n.dot first\r\nHello\r\n';

const servers: InboundSmtp[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

interface Kept {
  readonly mailbox: MailboxId;
  readonly mail: ArrivedMail;
}

async function receiving(options: Partial<InboundSmtpOptions> = {}): Promise<{ port: number; kept: Kept[] }> {
  const kept: Kept[] = [];
  const server = await startInboundSmtp({
    host: '127.0.0.1',
    port: 0,
    mailboxes: () => [SHOP, SALES, aMailbox({ id: 'imap' as MailboxId, address: 'imap@shop.test' })],
    intake: {
      keep: (mailbox, arrivals) => {
        kept.push(...arrivals.map((mail) => ({ mailbox: mailbox.id, mail })));
        return Promise.resolve();
      },
    },
    maxBytes: 100_000,
    clock: { now: () => NOW },
    log: quietLog(),
    ...options,
  });
  servers.push(server);
  return { port: server.port, kept };
}

async function send(port: number, to: readonly string[], mail: { raw?: string; from?: string; ca?: string } = {}): Promise<{ response: string; rejected: string[] }> {
  const transport = createTransport({ host: '127.0.0.1', port, name: 'client.test', ...(mail.ca === undefined ? { ignoreTLS: true } : { requireTLS: true, tls: { ca: mail.ca } }) });
  try {
    const { response, rejected } = await transport.sendMail({ envelope: { from: mail.from ?? 'anna@customer.test', to: [...to] }, raw: mail.raw ?? MAIL });
    return { response, rejected: (rejected ?? []).map(String) };
  } finally {
    transport.close();
  }
}

describe('inbound SMTP', () => {
  it('keeps the mail as it came, with Return-Path and Received in front', async () => {
    const { port, kept } = await receiving();
    expect((await send(port, ['Desk@Shop.test'])).response).toContain('250');
    const [{ mailbox, mail } = { mailbox: undefined, mail: undefined }] = kept;
    expect(mailbox).toBe('shop');
    expect(mail).toMatchObject({ source: 'smtp', place: undefined, recipients: ['desk@shop.test'], receivedAt: NOW, historic: false, reread: false });
    const raw = Buffer.from(mail?.raw ?? []).toString();
    expect(raw.endsWith(MAIL)).toBe(true);
    expect(raw).toMatch(/^Return-Path: <anna@customer\.test>\r\nReceived: from client\.test \(\[127\.0\.0\.1\]\)\r\n by /);
    expect(mail?.bytes).toBe(raw.length);
    expect((await simpleParser(raw)).text).toBe('.dot first\nHello\n');
  });

  it('takes aliases and plus addresses', async () => {
    const { port, kept } = await receiving();
    for (const address of ['help@shop.test', 'desk+g42.abcdefghabcdefgh@shop.test', 'sales+a+b@shop.test']) await send(port, [address]);
    expect(kept.map(({ mailbox, mail }) => [mailbox, ...mail.recipients])).toEqual([
      ['shop', 'help@shop.test'],
      ['shop', 'desk+g42.abcdefghabcdefgh@shop.test'],
      ['sales', 'sales+a+b@shop.test'],
    ]);
  });

  it('does not relay, nor receive for mailboxes that are read by IMAP', async () => {
    const { port, kept } = await receiving();
    for (const address of ['someone@elsewhere.test', 'nobody@shop.test', 'imap@shop.test', 'desk@elsewhere.test', '+@shop.test']) {
      await expect(send(port, [address])).rejects.toMatchObject({ responseCode: 550, message: expect.stringContaining('not an address of this desk') as string });
    }
    expect((await send(port, ['someone@elsewhere.test', 'desk@shop.test'])).rejected).toEqual(['someone@elsewhere.test']);
    expect(kept).toHaveLength(1);
  });

  it('C07: keeps one mail to several addresses of a mailbox once, with all of them', async () => {
    const { port, kept } = await receiving();
    await send(port, ['desk@shop.test', 'help@shop.test', 'sales@shop.test']);
    expect(kept.map(({ mailbox, mail }) => [mailbox, ...mail.recipients])).toEqual([
      ['shop', 'desk@shop.test', 'help@shop.test'],
      ['sales', 'sales@shop.test'],
    ]);
  });

  it('shows bounces by their empty return path', async () => {
    const { port, kept } = await receiving();
    await send(port, ['desk@shop.test'], { from: '' });
    expect(Buffer.from(kept[0]?.mail.raw ?? []).toString()).toMatch(/^Return-Path: <>\r\n/);
  });

  it('refuses what is too large, as announced and while it streams', async () => {
    const { port, kept } = await receiving();
    const raw = `${MAIL}${'more text\r\n'.repeat(4_000)}`;
    await expect(send(port, ['sales@shop.test'], { raw })).rejects.toMatchObject({ responseCode: 552 });
    await expect(send(port, ['desk@shop.test'], { raw: raw.repeat(4) })).rejects.toMatchObject({ responseCode: 552 });
    expect(kept).toHaveLength(0);
    await send(port, ['desk@shop.test'], { raw });
    expect(kept).toHaveLength(1);
  });

  it('says 451 when the mail could not be kept, so that the sender comes again', async () => {
    let full = true;
    const { port } = await receiving({ intake: { keep: () => (full ? Promise.reject(new Error('disk full: /secret/path')) : Promise.resolve()) } });
    await expect(send(port, ['desk@shop.test'])).rejects.toMatchObject({ responseCode: 451, message: expect.not.stringContaining('secret') as string });
    full = false;
    expect((await send(port, ['desk@shop.test'])).response).toContain('250');
  });

  it('says 250 only when the mail is kept', async () => {
    const order: string[] = [];
    const { port } = await receiving({
      intake: {
        keep: async () => {
          await new Promise(setImmediate);
          order.push('kept');
        },
      },
    });
    await send(port, ['desk@shop.test']).then(() => order.push('answered'));
    expect(order).toEqual(['kept', 'answered']);
  });

  it('keeps nothing of a mail whose sender goes away in the middle', async () => {
    const { port, kept } = await receiving();
    const socket = createConnection({ port, host: '127.0.0.1' });
    let heard = '';
    await new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        heard += chunk.toString();
        if (heard.includes('354 ')) socket.write('Subject: half\r\n\r\nhalf a', () => socket.destroy());
      });
      socket.on('close', () => {
        resolve();
      });
      socket.write('EHLO client.test\r\nMAIL FROM:<a@customer.test>\r\nRCPT TO:<desk@shop.test>\r\nDATA\r\n');
    });
    await send(port, ['desk@shop.test']);
    expect(kept.map(({ mail }) => Buffer.from(mail.raw ?? []).includes('half'))).toEqual([false]);
  });

  it('counts a change of the desk at once', async () => {
    let mailboxes: readonly Mailbox[] = [];
    const { port } = await receiving({ mailboxes: () => mailboxes });
    await expect(send(port, ['desk@shop.test'])).rejects.toMatchObject({ responseCode: 550 });
    mailboxes = [SHOP];
    await send(port, ['desk@shop.test']);
  });

  it('fails to start where it cannot listen', async () => {
    const { port } = await receiving();
    await expect(receiving({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it.runIf(available('openssl'))('offers encryption when it has a certificate', async () => {
    const tls = await certificate();
    const { port, kept } = await receiving({ tls });
    await send(port, ['desk@shop.test'], { ca: tls.cert });
    expect(Buffer.from(kept[0]?.mail.raw ?? []).toString()).toContain('with ESMTPS');
    await expect(send((await receiving()).port, ['desk@shop.test'], { ca: tls.cert })).rejects.toThrow();
  });
});
