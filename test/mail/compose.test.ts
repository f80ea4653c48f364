import fc from 'fast-check';
import { simpleParser, type AddressObject, type ParsedMail } from 'mailparser';
import { describe, expect, it } from 'vitest';

import { MailError } from '../../src/core/errors.js';
import type { AttachmentId, BlobHash } from '../../src/core/ids.js';
import { isGenuine, readReplyAddress } from '../../src/core/message-ids.js';
import type { Attachment, Mailbox, Message } from '../../src/core/model.js';
import { createComposer } from '../../src/mail/compose.js';
import { answerSubject } from '../../src/mail/subject.js';
import { aMailbox, anAnswer, CONVERSATION, hashOf, sign } from './samples.js';

const blobs = new Map<BlobHash, Uint8Array>();
const compose = createComposer({ sign, readBlob: (hash) => Promise.resolve(blobs.get(hash) ?? new Uint8Array()) });

function attached(content: Uint8Array, changes: Partial<Attachment> = {}): Attachment {
  const hash = hashOf(content);
  blobs.set(hash, content);
  const id = 'attachment-1' as AttachmentId;
  return { id, fileName: 'a.bin', contentType: 'application/octet-stream', bytes: content.length, inline: false, contentId: undefined, content: { kind: 'blob', hash }, ...changes };
}

async function composed(message: Partial<Message> = {}, mailbox: Partial<Mailbox> = {}): Promise<{ text: string; mail: ParsedMail; to: readonly string[] }> {
  const { raw, envelope } = await compose(aMailbox(mailbox), anAnswer(message));
  const text = Buffer.from(raw).toString('utf8');
  return { text, mail: await simpleParser(Buffer.from(raw), { skipTextToHtml: true }), to: envelope.to };
}

function people(header: AddressObject | AddressObject[] | undefined): { address: string | undefined; name: string }[] {
  return [header ?? []].flat().flatMap(({ value }) => value.map(({ address, name }) => ({ address, name })));
}

/** Header names in order, without their folded lines. */
function headerNames(text: string): string[] {
  const block = text.slice(0, text.indexOf('\r\n\r\n'));
  return block.split('\r\n').filter((line) => !/^[ \t]/.test(line)).map((line) => line.slice(0, line.indexOf(':')));
}

describe('a composed mail', () => {
  it('carries what keeps a thread together', async () => {
    const { mail } = await composed({ references: ['root@customer.test', 'question@customer.test'] });
    expect(mail.messageId).toBe(`<${anAnswer().headerId ?? ''}>`);
    expect(mail.inReplyTo).toBe('<question@customer.test>');
    expect(mail.references).toEqual(['<root@customer.test>', '<question@customer.test>']);
    expect(mail.subject).toBe('Re: Where is my parcel?');
    expect(mail.date?.toISOString()).toBe('2025-06-01T10:00:15.000Z');
  });

  it('is the same, byte for byte, when it is composed again', async () => {
    const message = anAnswer({ attachments: [attached(Buffer.from('x'))] });
    expect(Buffer.from((await compose(aMailbox(), message)).raw).equals(Buffer.from((await compose(aMailbox(), message)).raw))).toBe(true);
  });

  it('has the Markdown source as text and its rendering as HTML, with the signature under both', async () => {
    const { mail } = await composed({ text: 'It is **on its way**.' }, { signature: '*The shop*' });
    expect(mail.text).toBe('It is **on its way**.\n\n-- \n*The shop*');
    expect(mail.html).toContain('<strong>on its way</strong>');
    expect(mail.html).toContain('<em>The shop</em>');
  });

  it('C21: has nothing in it but what was written', async () => {
    const { mail } = await composed({ text: 'Yes.', hiddenText: 'internal', problem: { key: 'x', params: {}, detail: 'internal' } });
    expect(mail.text).toBe('Yes.');
    expect(mail.html).not.toContain('internal');
  });

  it('asks for answers at an address that names the conversation, where the mailbox says so', async () => {
    expect((await composed()).mail.replyTo).toBeUndefined();
    const replyTo = people((await composed({}, { plusAddressing: true })).mail.replyTo)[0]?.address ?? '';
    const token = readReplyAddress(replyTo);
    expect(token && isGenuine(sign, token, CONVERSATION)).toBe(true);
  });

  it('C16: tells other machines when it was written by one', async () => {
    const { mail } = await composed({ automatic: { kind: 'acknowledgement', reason: 'rule' } });
    expect(mail.headers.get('auto-submitted')).toBe('auto-replied');
    expect(mail.headers.get('x-auto-response-suppress')).toBe('All');
    expect((await composed()).mail.headers.has('auto-submitted')).toBe(false);
  });

  it('C22: carries files byte for byte, also texts and mails', async () => {
    const content = Buffer.from('From: x\n\nbare\rline ends\n.\n\u0000\xff', 'latin1');
    for (const contentType of ['text/plain', 'message/rfc822', 'image/png', 'multipart/mixed', 'no type; at all']) {
      const { mail } = await composed({ attachments: [attached(content, { contentType, fileName: 'zażółć "x".eml' })] });
      const [file] = mail.attachments;
      expect(file?.content.equals(content)).toBe(true);
      expect(file?.filename).toBe('zażółć "x".eml');
      expect(file?.contentDisposition).toBe('attachment');
    }
  });

  it('C22: shows an inline picture in the text', async () => {
    const { mail } = await composed({ text: '![x](cid:pic@x)', attachments: [attached(Buffer.from('png'), { inline: true, contentId: 'pic@x', contentType: 'image/png' })] });
    expect(mail.attachments[0]).toMatchObject({ contentId: '<pic@x>', contentDisposition: 'inline', related: true });
  });

  it.each(['anna@customer.test\r\nRCPT TO:<b@x>', 'a b@x', '<a@x>', 'a@x, b@x', 'a@', '@x', 'a', 'a@b@c'])('is not addressed to %j', async (address) => {
    const error = await compose(aMailbox(), anAnswer({ to: [{ address, name: '' }] })).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(MailError);
    expect(error).toMatchObject({ fault: 'invalid', certain: true });
  });

  it('is not made without a recipient', async () => {
    await expect(compose(aMailbox(), anAnswer({ to: [] }))).rejects.toMatchObject({ fault: 'invalid', certain: true });
  });

  it('sends to each address once', async () => {
    const anna = { address: 'anna@customer.test', name: 'Anna' };
    expect((await composed({ to: [anna], cc: [anna, { address: 'jan@customer.test', name: '' }] })).to).toEqual(['anna@customer.test', 'jan@customer.test']);
  });

  it('trims a long history of references (RFC 5322 section 2.1.1: no line over 998 characters)', async () => {
    const references = Array.from({ length: 300 }, (_, index) => `mail-number-${index}@customer.test`);
    const { mail, text } = await composed({ references });
    expect(mail.references).toContain('<mail-number-0@customer.test>');
    expect(mail.references).toContain('<mail-number-299@customer.test>');
    expect(text.indexOf('\r\n\r\n')).toBeLessThan(4_000);
    expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
  });
});

/** Text as people write it in any language; controls that no mail carries are left out. */
// What looks like an encoded word already (RFC 2047) is decoded by every reader.
const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => !text.includes('=?'));
const anyText = fc.string({ unit: 'binary', maxLength: 300 });
const nameOf = fc.oneof(word, fc.constantFrom('Kowalska, Anna', 'O"Neil', 'a <b@c>', 'Łódź (PL)', 'x;y:z', 'back\\slash'));
const address = fc.tuple(fc.stringMatching(/^[a-z0-9]([a-z0-9._+-]{0,20}[a-z0-9])?$/).filter((local) => !local.includes('..')), fc.constantFrom('customer.test', 'ex-ample.com'));
const person = fc.tuple(address, nameOf).map(([[local, domain], name]) => ({ address: `${local}@${domain}`, name }));

function oneSpace(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}

describe('parse(compose(message)) keeps the message', () => {
  it('its people, subject, text and files', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          to: fc.array(person, { minLength: 1, maxLength: 3 }),
          cc: fc.array(person, { maxLength: 2 }),
          subject: fc.string({ unit: 'grapheme', maxLength: 120 }),
          text: fc.string({ unit: 'grapheme', maxLength: 400 }),
          name: nameOf,
          files: fc.array(fc.tuple(fc.uint8Array({ maxLength: 300 }), word), { maxLength: 2 }),
        }),
        async ({ to, cc, subject, text, name, files }) => {
          const attachments = files.map(([content, fileName]) => attached(content, { fileName: `${fileName}.bin` }));
          const { mail } = await composed({ to, cc, subject, text, attachments, inReplyTo: undefined, references: [] }, { name });
          const expected = (list: readonly { address: string; name: string }[]): unknown => list.map((each) => ({ address: each.address, name: oneSpace(each.name) }));
          expect(people(mail.to)).toEqual(expected(to));
          expect(people(mail.cc)).toEqual(expected(cc));
          expect(people(mail.from)).toEqual(expected([{ address: 'desk@shop.test', name }]));
          expect(mail.subject).toBe(answerSubject(subject));
          expect((mail.text ?? '').trimEnd()).toBe(text.replace(/\r\n?/g, '\n').trimEnd());
          expect(mail.attachments.map((file) => [...file.content])).toEqual(files.map(([content]) => [...content]));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('and nothing in it adds a header', async () => {
    const names = headerNames((await composed({}, { plusAddressing: true })).text);
    await fc.assert(
      fc.asyncProperty(anyText, fc.constantFrom('\r\nBcc: b@x', '\nX: y', '\r\n\r\nbody', '\rX: y', '\u2028X: y', ''), async (junk, injected) => {
        const hostile = `${junk}${injected}`;
        const { text, to } = await composed(
          { subject: hostile, to: [{ address: 'anna@customer.test', name: hostile }], references: [hostile, 'question@customer.test'] },
          { name: hostile, plusAddressing: true },
        );
        expect(headerNames(text)).toEqual(names);
        expect(to).toEqual(['anna@customer.test']);
      }),
      { numRuns: 200 },
    );
  });
});
