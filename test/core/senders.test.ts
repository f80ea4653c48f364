import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { AgentId } from '../../src/core/ids.js';
import { DEFAULT_SPAM, domainOf, judgeSender, patternsFor, readSenderPattern, whyNotBlock, withEntries, type SenderEntry, type SenderPattern, type SenderVerdict } from '../../src/core/senders.js';
import { NOON } from '../support/samples.js';

const said = (...entries: readonly (readonly [string, SenderVerdict])[]): readonly SenderEntry[] => entries.map(([pattern, verdict]) => ({ pattern: pattern as SenderPattern, verdict, agentId: 'marek' as AgentId, at: NOON }));
const verdictOn = (address: string, entries: readonly SenderEntry[], file: Partial<Pick<typeof DEFAULT_SPAM, 'blocked' | 'allowed'>> = {}): string | undefined => judgeSender(address, { ...DEFAULT_SPAM, ...file }, entries)?.verdict;

describe('what people write for a sender', () => {
  it.each([
    ['Ads@Casino.example', 'ads@casino.example'], ['<ads@casino.example>', 'ads@casino.example'], ['@casino.example', '@casino.example'], ['*@casino.example', '@casino.example'], [' casino.example ', '@casino.example'],
    ['żaba@łódź.example', 'żaba@łódź.example'],
  ])('%s is %s', (text, pattern) => expect(readSenderPattern(text)).toBe(pattern));

  it.each(['', 'nobody', '@', '@com', 'a b@casino.example', 'a@@casino.example', '-x.example', 'ads@casino..example'])('“%s” is none', (text) => expect(readSenderPattern(text)).toBeUndefined());
});

describe('the judgement of a sender', () => {
  it('is none where nothing was said', () => expect(verdictOn('anna@customer.example', [])).toBeUndefined());

  it('of a domain counts for everybody there and in its subdomains, and for no other domain', () => {
    const entries = said(['@casino.example', 'blocked']);
    expect(['ads@casino.example', 'x@mail.casino.example', 'x@notcasino.example', 'casino.example@shop.example'].map((address) => verdictOn(address, entries))).toEqual(['blocked', 'blocked', undefined, undefined]);
  });

  it('of an address counts whatever its +tag', () => expect(verdictOn('ads+7@shop.example', said(['ads@shop.example', 'blocked']))).toBe('blocked'));

  it('the nearest speaks', () => {
    expect(verdictOn('ann@partner.example', said(['@partner.example', 'blocked'], ['ann@partner.example', 'allowed']))).toBe('allowed');
    expect(verdictOn('ann@partner.example', said(['@partner.example', 'allowed'], ['ann@partner.example', 'blocked']))).toBe('blocked');
  });

  it('of two that say otherwise about the same, letting in counts', () => {
    const pattern = '@partner.example' as SenderPattern;
    expect(verdictOn('ann@partner.example', said([pattern, 'allowed']), { blocked: [pattern] })).toBe('allowed');
    expect(verdictOn('ann@partner.example', said([pattern, 'blocked']), { allowed: [pattern] })).toBe('allowed');
  });

  it('an address that is allowed by itself is never blocked, whatever else was said', () => {
    const others = fc.array(fc.tuple(fc.constantFrom('@partner.example', '@mail.partner.example', 'bob@mail.partner.example'), fc.constantFrom<SenderVerdict>('blocked', 'allowed')), { maxLength: 6 });
    fc.assert(fc.property(others, (entries) => verdictOn('ann@mail.partner.example', [...said(...entries), ...said(['ann@mail.partner.example', 'allowed'])]) === 'allowed'));
  });
});

it('what people said is written down so that it means the same', () => {
  const entries = said(['@casino.example', 'blocked'], ['@partner.example', 'allowed'], ['@file.example', 'allowed']);
  const file = { keepDays: 30, blocked: ['@file.example' as SenderPattern], allowed: [] };
  const written = withEntries(file, entries);
  expect(written).toEqual({ keepDays: 30, blocked: ['@casino.example'], allowed: ['@partner.example', '@file.example'] });
  for (const address of ['x@casino.example', 'x@partner.example', 'x@file.example', 'x@other.example']) expect(judgeSender(address, written, [])?.verdict).toBe(judgeSender(address, file, entries)?.verdict);
});

describe('what must not be blocked', () => {
  const ours = ['shop@desk.example', 'anna@desk.example'];
  it('are we, and the domain we are at', () => expect(['shop@desk.example', '@desk.example', '@other.example'].map((pattern) => whyNotBlock(pattern as SenderPattern, ours))).toEqual(['ours', 'ours', undefined]));
  it('are providers of everybody, though not one address there', () => expect(['@gmail.com', 'ads@gmail.com'].map((pattern) => whyNotBlock(pattern as SenderPattern, ours))).toEqual(['public', undefined]));
});

it('every address is found by itself first and by its domain', () => {
  expect(patternsFor('Ads+7@mail.casino.example')).toEqual(['ads+7@mail.casino.example', 'ads@mail.casino.example', '@mail.casino.example', '@casino.example']);
  expect(domainOf('Ads@Casino.example')).toBe('@casino.example');
});
