import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MailboxId, TeamId, TemplateId } from '../../src/core/ids.js';
import { offeredTo, searchTemplates, sortedTemplates, templateIdFor, templatesMeant, textFor } from '../../src/core/template-choice.js';
import { anAgent, aTemplate } from '../support/samples.js';

const template = (id: string, name: string, over: Parameters<typeof aTemplate>[0] = {}) => aTemplate({ id: id as TemplateId, name, ...over });
const names = (list: readonly { readonly name: string }[]): readonly string[] => list.map(({ name }) => name);

describe('the language of a template', () => {
  const both = { texts: [{ language: 'pl', body: 'Dzień dobry' }, { language: 'en', body: 'Hello' }, { language: 'pt-BR', body: 'Olá' }] };

  it("is the customer's, the mailbox's where theirs is not there, else the first", () => {
    expect(textFor(both, ['en', 'pl']).body).toBe('Hello');
    expect(textFor(both, [undefined, 'pl']).body).toBe('Dzień dobry');
    expect(textFor(both, ['de', 'en']).body).toBe('Hello');
    expect(textFor(both, ['de']).body).toBe('Dzień dobry');
    expect(textFor(both, []).body).toBe('Dzień dobry');
  });

  it('is found whatever its region', () => {
    expect(textFor(both, ['en-GB']).body).toBe('Hello');
    expect(textFor(both, ['pt']).body).toBe('Olá');
  });
});

describe('templates that are offered', () => {
  const all = [template('a', 'For all'), template('b', 'For the shop', { mailboxes: ['shop' as MailboxId] }), template('c', 'For care', { teams: ['care' as TeamId] })];

  it('are those for the mailbox and for a team of the agent', () => {
    expect(names(offeredTo(all, anAgent(), 'shop' as MailboxId))).toEqual(['For all', 'For the shop']);
    expect(names(offeredTo(all, anAgent(), 'wholesale' as MailboxId))).toEqual(['For all']);
    expect(names(offeredTo(all, anAgent({ teams: ['care' as TeamId] }), 'wholesale' as MailboxId))).toEqual(['For all', 'For care']);
    expect(names(offeredTo(all, anAgent()))).toEqual(['For all', 'For the shop']);
    expect(names(offeredTo(all, anAgent({ role: 'admin' })))).toEqual(['For all', 'For the shop', 'For care']);
  });
});

describe('templates that are meant', () => {
  const all = [template('zwrot', 'Zwrot pieniędzy'), template('zwrot-towaru', 'Zwrot towaru'), template('hello', 'Hello')];

  it('by id, name, or a part of the name, without case and accents', () => {
    expect(names(templatesMeant(all, 'zwrot'))).toEqual(['Zwrot pieniędzy']);
    expect(names(templatesMeant(all, 'ZWROT PIENIEDZY'))).toEqual(['Zwrot pieniędzy']);
    expect(names(templatesMeant(all, 'towaru'))).toEqual(['Zwrot towaru']);
    expect(names(templatesMeant(all, 'zwrot '))).toEqual(['Zwrot pieniędzy']);
    expect(names(templatesMeant(all, 'zwro'))).toEqual(['Zwrot pieniędzy', 'Zwrot towaru']);
    expect(templatesMeant(all, 'faktura')).toEqual([]);
    expect(templatesMeant(all, ' ')).toEqual([]);
  });
});

describe('searching templates', () => {
  const all = [template('a', 'Delay', { category: 'Shipping', texts: [{ language: 'pl', body: 'Przesyłka się spóźni' }] }), template('b', 'Shipping costs'), template('c', 'Refund', { category: 'Money' })];

  it('looks at names, categories and texts, names first, and wants every word', () => {
    expect(names(searchTemplates(all, 'shipping'))).toEqual(['Shipping costs', 'Delay']);
    expect(names(searchTemplates(all, 'spozni PRZESYLKA'))).toEqual(['Delay']);
    expect(names(searchTemplates(all, 'shipping refund'))).toEqual([]);
    expect(searchTemplates(all, '  ')).toHaveLength(3);
  });

  it('lists by category, those without one last', () => {
    expect(names(sortedTemplates(all))).toEqual(['Refund', 'Delay', 'Shipping costs']);
  });
});

describe('the id of a new template', () => {
  it('is made of its name and is not taken', () => {
    expect(templateIdFor('Zwrot pieniędzy: żółć!', new Set())).toBe('zwrot-pieniedzy-zolc');
    expect(templateIdFor('Hello', new Set(['hello', 'hello-2']))).toBe('hello-3');
    expect(templateIdFor('你好', new Set())).toBe('template');
  });

  it('can always be a key of desk.yaml', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (name) => {
      const id = templateIdFor(name, new Set());
      expect(id).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/);
      expect(templateIdFor(name, new Set([id]))).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/);
    }));
  });
});
