import { describe, expect, it } from 'vitest';

import { findConversation, type ThreadingFacts } from '../../src/core/threading.js';
import { aConversation } from '../support/samples.js';

const known = aConversation({ participants: ['anna@customer.example', 'colleague@customer.example'] });
const facts = (over: Partial<ThreadingFacts>): ThreadingFacts => ({ sender: 'anna@customer.example', senderIsOurs: false, forwarded: false, found: {}, openOfSender: undefined, ...over });

describe('findConversation', () => {
  it('joins the writer of a conversation by reference, token or number', () => {
    for (const by of ['reference', 'token', 'number'] as const) {
      expect(findConversation(facts({ found: { [by]: known } }))).toEqual({ verdict: 'join', conversation: known, by, stranger: false });
    }
  });

  it('prefers the stronger evidence when they disagree', () => {
    const other = aConversation({ number: 7, participants: ['anna@customer.example'] });
    expect(findConversation(facts({ found: { reference: known, number: other } }))).toMatchObject({ conversation: known, by: 'reference' });
  });

  it('C11 a stranger who quotes a number does not join', () => {
    expect(findConversation(facts({ sender: 'mallory@elsewhere.example', found: { number: known } }))).toEqual({ verdict: 'open', maybeSame: undefined });
  });

  it('a stranger who holds a valid reference joins with a warning', () => {
    expect(findConversation(facts({ sender: 'brother@elsewhere.example', found: { reference: known } }))).toMatchObject({ verdict: 'join', stranger: true });
  });

  it('C12 a forward opens a conversation of its own even with references', () => {
    expect(findConversation(facts({ forwarded: true, found: { reference: known } })).verdict).toBe('open');
  });

  it('C13 somebody who was in copy may go on with it', () => {
    expect(findConversation(facts({ sender: 'colleague@customer.example', found: { reference: known } }))).toMatchObject({ verdict: 'join', stranger: false });
  });

  it('C14 without evidence a mail opens a conversation, whatever its subject; an open one of the same customer is only suggested', () => {
    expect(findConversation(facts({ openOfSender: known }))).toEqual({ verdict: 'open', maybeSame: known });
  });

  it('staff may continue any conversation they answer to', () => {
    expect(findConversation(facts({ sender: 'marek@shop.example', senderIsOurs: true, found: { reference: known } }))).toMatchObject({ verdict: 'join', stranger: false });
  });
});
