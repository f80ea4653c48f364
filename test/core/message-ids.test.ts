import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ConversationId, MailboxId, MessageId } from '../../src/core/ids.js';
import { headerIdFor, isGenuine, numberInSubject, readHeaderId, readReplyAddress, replyAddressFor, subjectTag, tokensIn } from '../../src/core/message-ids.js';
import { CONVERSATION, sign } from '../mail/samples.js';

const MAILBOX = { address: 'desk@shop.test' };
const MESSAGE = 'message-1' as MessageId;

describe('our Message-IDs', () => {
  const headerId = headerIdFor(sign, CONVERSATION, MESSAGE, MAILBOX);

  it('are the same for the same message and differ between messages', () => {
    expect(headerIdFor(sign, CONVERSATION, MESSAGE, MAILBOX)).toBe(headerId);
    expect(headerIdFor(sign, CONVERSATION, 'message-2' as MessageId, MAILBOX)).not.toBe(headerId);
    expect(headerId).toMatch(/^goniec\.42\.[a-z2-7]{16}\.[a-z2-7]{16}@shop\.test$/);
  });

  it('prove the conversation, also after a relay changed their case', () => {
    for (const seen of [headerId, headerId.toUpperCase()]) {
      const token = readHeaderId(seen);
      expect(token && isGenuine(sign, token, CONVERSATION)).toBe(true);
    }
  });

  it('do not prove another conversation, mailbox or message', () => {
    const token = readHeaderId(headerId);
    if (!token) throw new Error('not read');
    expect(isGenuine(sign, token, { ...CONVERSATION, id: 'another' as ConversationId })).toBe(false);
    expect(isGenuine(sign, token, { ...CONVERSATION, mailboxId: 'sales' as MailboxId })).toBe(false);
    expect(isGenuine(sign, { ...token, message: sign('message message-2') }, CONVERSATION)).toBe(false);
    expect(isGenuine(sign, { ...token, message: '' }, CONVERSATION)).toBe(false);
    expect(isGenuine(sign, { ...token, signature: token.signature.slice(1) }, CONVERSATION)).toBe(false);
  });

  it('are not taken from what only looks like them', () => {
    for (const other of ['goniec.42@shop.test', 'goniec.0.aaaaaaaa.aaaaaaaa@x', 'goniec.12345678901.aaaaaaaa.aaaaaaaa@x', 'abc@shop.test', '']) {
      expect(readHeaderId(other)).toBeUndefined();
    }
  });
});

describe('reply addresses', () => {
  it('carry a proof of the conversation', () => {
    const address = replyAddressFor(sign, CONVERSATION, MAILBOX);
    expect(address).toMatch(/^desk\+g42\.[a-z2-7]{16}@shop\.test$/);
    const token = readReplyAddress((address ?? '').toUpperCase());
    expect(token && isGenuine(sign, token, CONVERSATION)).toBe(true);
  });

  it('work for a mailbox whose address has a plus itself', () => {
    const token = readReplyAddress(replyAddressFor(sign, CONVERSATION, { address: 'desk+pl@shop.test' }) ?? '');
    expect(token && isGenuine(sign, token, CONVERSATION)).toBe(true);
  });

  it('are not used where mail does not allow so long a local part', () => {
    expect(replyAddressFor(sign, CONVERSATION, { address: `${'a'.repeat(50)}@shop.test` })).toBeUndefined();
  });

  it('cannot be made from a Message-ID, nor the other way round', () => {
    const header = readHeaderId(headerIdFor(sign, CONVERSATION, MESSAGE, MAILBOX));
    const reply = readReplyAddress(replyAddressFor(sign, CONVERSATION, MAILBOX) ?? '');
    if (!header || !reply) throw new Error('not read');
    expect(isGenuine(sign, { ...header, message: '' }, CONVERSATION)).toBe(false);
    expect(isGenuine(sign, { ...reply, message: header.message }, CONVERSATION)).toBe(false);
  });
});

describe('tokens in a mail', () => {
  it('come with the most telling first, each once', () => {
    const first = headerIdFor(sign, CONVERSATION, 'm1' as MessageId, MAILBOX);
    const second = headerIdFor(sign, CONVERSATION, 'm2' as MessageId, MAILBOX);
    const address = replyAddressFor(sign, CONVERSATION, MAILBOX) ?? '';
    const tokens = tokensIn({ inReplyTo: [second], references: ['root@x', first, second], recipients: ['other@shop.test', address] });
    expect(tokens).toEqual([readHeaderId(second), readHeaderId(first), readReplyAddress(address)]);
  });
});

describe('subject tags', () => {
  it('name a conversation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999 }), fc.oneof(fc.string(), fc.constant('[#7] x')), (number, rest) => {
        expect(numberInSubject(`${rest} ${subjectTag(number)}`)).toBe(number);
      }),
    );
    expect(numberInSubject('Re: [#0] #12 [12]')).toBeUndefined();
  });
});
