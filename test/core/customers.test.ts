import { describe, expect, it } from 'vitest';

import { afterUnmerge, mergedCustomer, readCustomerRef, readLanguage, returnedByUnmerge } from '../../src/core/customers.js';
import type { ConversationId, CustomerId, CustomerMergeId, LabelId } from '../../src/core/ids.js';
import type { AgentId } from '../../src/core/ids.js';
import type { Customer, CustomerMerge } from '../../src/core/model.js';
import { aConversation, NOON } from '../support/samples.js';

const aCustomer = (over: Partial<Customer> = {}): Customer => ({ id: 'a' as CustomerId, name: 'Anna', addresses: ['anna@home.example'], language: undefined, labels: [], mergedInto: undefined, ...over });
const into = aCustomer({ id: 'into' as CustomerId, name: 'Anna Nowak', addresses: ['anna@home.example', 'anna@work.example'], labels: ['vip', 'late'] as LabelId[] });
const from = aCustomer({ id: 'from' as CustomerId, name: 'A. N.', addresses: ['anna@work.example'], language: 'pl', labels: ['late', 'shop'] as LabelId[] });
const merge: CustomerMerge = {
  id: 'm' as CustomerMergeId, from: from.id, into: into.id, at: NOON, agentId: 'marek' as AgentId,
  moved: { addresses: ['anna@work.example'], conversations: ['c1', 'gone'] as ConversationId[], notes: [], before: { name: 'Anna Nowak', language: undefined, labels: ['vip', 'late'] as LabelId[] } },
};

describe('merging customers', () => {
  it('keeps the name of the one who stays, and the labels of both', () => expect(mergedCustomer(into, from)).toEqual({ name: 'Anna Nowak', language: 'pl', labels: ['vip', 'late', 'shop'] }));
  it('takes the other name where there was only an address', () => expect(mergedCustomer({ ...into, name: 'anna@home.example' }, from).name).toBe('A. N.'));

  it('and undoing it is the identity', () => {
    const merged = { ...into, ...mergedCustomer(into, from) };
    expect(afterUnmerge(merge, merged, from)).toEqual({ name: into.name, language: into.language, labels: into.labels });
  });

  it('undone keeps what was said meanwhile', () => {
    const renamed = { ...into, ...mergedCustomer(into, from), name: 'Mrs Nowak', language: 'de', labels: ['vip', 'late', 'shop', 'new'] as LabelId[] };
    expect(afterUnmerge(merge, renamed, from)).toEqual({ name: 'Mrs Nowak', language: 'de', labels: ['vip', 'late', 'new'] });
  });

  it('undone, what came from them goes with them, and what they wrote since from their address alone', () => {
    const conversation = (id: string, participants: readonly string[], minutes: number) => aConversation({ id: id as ConversationId, customerId: into.id, participants, createdAt: new Date(NOON.getTime() + minutes * 60_000) });
    const all = [conversation('c1', ['anna@work.example'], -5), conversation('own', ['anna@home.example'], -5), conversation('since', ['anna@work.example'], 5), conversation('both', ['anna@work.example', 'anna@home.example'], 5)];
    expect(returnedByUnmerge(merge, into, all)).toEqual({ addresses: ['anna@work.example'], conversations: ['c1', 'since'] });
  });
});

it('reads whom somebody means', () => {
  expect(['#42', '42', 'Anna@Home.example', '<a@b.example>', '01983c5e-0000-7000-8000-000000000001', 'Anna'].map(readCustomerRef)).toEqual([
    { kind: 'number', number: 42 }, { kind: 'number', number: 42 }, { kind: 'address', address: 'anna@home.example' }, { kind: 'address', address: 'a@b.example' }, { kind: 'id', id: '01983c5e-0000-7000-8000-000000000001' }, undefined,
  ]);
  expect(['pl', 'EN', 'xx', 'polish', ''].map(readLanguage)).toEqual(['pl', 'en', undefined, undefined, undefined]);
});
