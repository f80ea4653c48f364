/**
 * The mailboxes of the demo's sample customers: a folder of .eml files each, read with the same parser as the desk's own mail. What a customer writes is sent as a real
 * mail to the inbound SMTP listener.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';

import type { ParsedMail } from '../core/mail.js';
import type { CustomerMailbox, Letter, SampleCustomer } from '../web/customer-mailbox.js';

export interface MailboxesNeeds {
  /** Where the letters lie: a folder per address. */
  readonly folder: string;
  readonly customers: readonly SampleCustomer[];
  readonly readMail: (raw: Uint8Array) => Promise<ParsedMail>;
  /** Port of the desk's inbound SMTP listener on this machine. */
  readonly inboundPort: () => number;
  /** Where a new letter goes. */
  readonly deskAddress: { readonly name: string; readonly address: string };
}

export interface CustomerMailboxes extends CustomerMailbox {
  /** Puts a mail from the desk into the mailboxes of its receivers. */
  deliver(to: readonly string[], raw: Buffer): Promise<void>;
  /** Sends a mail as it is to the desk and keeps it as written by its sender. */
  send(raw: Buffer, from: string, to: readonly string[]): Promise<void>;
}

export function openCustomerMailboxes(needs: MailboxesNeeds): CustomerMailboxes {
  const folderOf = (address: string): string => join(needs.folder, address.replace(/[^a-z0-9@._+-]/gi, '_'));

  const keep = async (address: string, direction: Letter['direction'], raw: Buffer): Promise<void> => {
    await mkdir(folderOf(address), { recursive: true });
    await writeFile(join(folderOf(address), `${Date.now()}-${direction}-${randomUUID()}.eml`), raw);
  };

  const read = async (address: string): Promise<readonly { readonly letter: Letter; readonly mail: ParsedMail }[]> => {
    const names = (await readdir(folderOf(address)).catch(() => [])).filter((name) => name.endsWith('.eml')).sort().reverse();
    return Promise.all(names.map(async (name) => {
      const mail = await needs.readMail(await readFile(join(folderOf(address), name)));
      return { mail, letter: toLetter(name, mail) };
    }));
  };

  const send = async (raw: Buffer, from: string, to: readonly string[]): Promise<void> => {
    const transport = createTransport({ host: '127.0.0.1', port: needs.inboundPort(), secure: false, ignoreTLS: true });
    try {
      await transport.sendMail({ envelope: { from, to: [...to] }, raw });
    } finally {
      transport.close();
    }
    await keep(from, 'out', raw);
  };

  const compose = async (address: string, to: { name: string; address: string }, subject: string, text: string, answered: ParsedMail | undefined): Promise<void> => {
    const from = { name: needs.customers.find((customer) => customer.address === address)?.name ?? '', address };
    // The stream transport only puts the mail together; `send` takes it to the desk.
    const composer = createTransport({ streamTransport: true, buffer: true });
    const references = answered ? [...answered.references, ...(answered.messageId ? [answered.messageId] : [])] : [];
    const { message } = await composer.sendMail({
      from,
      to,
      subject,
      text: answered ? `${text}\n\n${quote(answered)}` : text,
      ...(answered?.messageId && { inReplyTo: `<${answered.messageId}>`, references: references.map((id) => `<${id}>`) }),
    });
    await send(message as Buffer, address, [to.address]);
  };

  return {
    send,
    async list() {
      return needs.customers;
    },
    async letters(address) {
      return (await read(address)).map(({ letter }) => letter);
    },
    async deliver(to, raw) {
      for (const address of to) await keep(address, 'in', raw);
    },
    async answer(address, letterId, text) {
      const found = (await read(address)).find(({ letter }) => letter.id === letterId);
      if (!found) throw new Error('There is no such letter.');
      const { mail, letter } = found;
      const to = letter.direction === 'out' ? letter.to : (mail.replyTo[0] ?? mail.from ?? needs.deskAddress);
      await compose(address, to, /^(re|odp):/i.test(mail.subject) ? mail.subject : `Re: ${mail.subject}`, text, mail);
    },
    async write(address, subject, text) {
      await compose(address, needs.deskAddress, subject, text, undefined);
    },
  };
}

function toLetter(fileName: string, mail: ParsedMail): Letter {
  const nobody = { name: '', address: '' };
  return {
    id: fileName.replace(/\.eml$/, ''),
    threadId: mail.references[0] ?? mail.inReplyTo[0] ?? mail.messageId ?? fileName,
    direction: fileName.includes('-out-') ? 'out' : 'in',
    from: mail.from ?? nobody,
    to: mail.to[0] ?? nobody,
    subject: mail.subject,
    text: mail.visibleText,
    quoted: mail.hiddenText,
    at: new Date(Number(fileName.split('-')[0])),
    files: mail.attachments.filter(({ inline }) => !inline).map((attachment) => attachment.fileName),
  };
}

/** As mail programs quote. */
function quote(mail: ParsedMail): string {
  const who = mail.from?.name || mail.from?.address || '';
  return [`On ${(mail.date ?? new Date()).toUTCString()}, ${who} wrote:`, ...mail.visibleText.split('\n').map((line) => `> ${line}`)].join('\n');
}
