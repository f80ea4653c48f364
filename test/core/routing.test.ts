import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentId, ChannelId, FolderId, LabelId, MailboxId, RuleId, TeamId, TemplateId } from '../../src/core/ids.js';
import type { MailKind } from '../../src/core/mail-kind.js';
import type { ParsedMail } from '../../src/core/mail.js';
import type { Rule } from '../../src/core/model.js';
import { explainRouting } from '../../src/core/routing-words.js';
import { check, route, type RoutingFacts } from '../../src/core/routing.js';
import type { Action, Condition } from '../../src/core/rules.js';
import { re2Patterns } from '../../src/patterns/re2.js';
import { aParsedMail, NOON } from '../support/samples.js';

const patterns = re2Patterns();
const file = (fileName: string, inline = false): ParsedMail['attachments'][number] => ({ fileName, contentType: 'application/pdf', bytes: 10, inline, contentId: undefined, content: new Uint8Array() });

function facts(mail: Partial<ParsedMail> = {}, over: Partial<RoutingFacts> = {}): RoutingFacts {
  return { mail: aParsedMail(mail), kind: { kind: 'personal' }, mailboxId: 'shop' as MailboxId, knownCustomer: false, receivedAt: NOON, businessHours: true, ...over };
}
const holds = (condition: Condition, about: RoutingFacts = facts()): boolean => check(condition, about, patterns).matched;
const rules = (...list: readonly (readonly [when: Condition, ...then: Action[]])[]): readonly Rule[] =>
  list.map(([when, ...then], index) => ({ id: `rule-${index + 1}` as RuleId, name: `Rule ${index + 1}`, position: index + 1, when, then }));
const from = (address: string, name = ''): RoutingFacts => facts({ from: { address, name } });

const channel = (id: string): Action => ({ channel: id as ChannelId });
const folder = (id: string): Action => ({ folder: id as FolderId });
const label = (id: string): Action => ({ label: id as LabelId });
const ALWAYS: Condition = { always: true };

describe('conditions', () => {
  it('a domain is that domain and no other', () => {
    expect(holds({ from: '@example.com' }, from('anna@example.com'))).toBe(true);
    expect(holds({ from: '@EXAMPLE.com' }, from('anna@example.com'))).toBe(true);
    for (const evil of ['anna@evil-example.com', 'anna@example.com.evil.org', 'anna@sub.example.com', 'example.com@evil.org', '"@example.com"@evil.org', 'anna@evil.org']) {
      expect(holds({ from: '@example.com' }, from(evil, 'Anna @example.com')), evil).toBe(false);
    }
  });

  it('an address is that address, a tag aside; a display name proves nothing', () => {
    expect(holds({ to: 'shop@desk.example' }, facts({ to: [{ address: 'shop+k7@desk.example', name: '' }] }))).toBe(true);
    expect(holds({ to: 'shop+k7@desk.example' }, facts({ to: [{ address: 'shop@desk.example', name: '' }] }))).toBe(false);
    expect(holds({ from: 'boss@example.com' }, from('x@evil.org', 'boss@example.com'))).toBe(false);
    expect(holds({ from: 'boss@example.com' }, from('boss@example.com.evil.org'))).toBe(false);
    expect(holds({ from: 'no-reply@' }, from('no-reply@any.example'))).toBe(true);
    expect(holds({ from: 'no-reply@' }, from('xno-reply@any.example'))).toBe(false);
  });

  it('other text is sought in address and name', () => {
    expect(holds({ from: 'zielinska' }, from('a@b.example', 'Anna Zielińska'))).toBe(true);
    expect(holds({ from: '/^anna$/i' }, from('a@b.example', 'Anna'))).toBe(true);
    expect(holds({ from: 'anna' }, facts({ from: undefined, sender: { address: 'anna@b.example', name: '' } }))).toBe(true);
    expect(holds({ from: 'anna' }, facts({ from: undefined }))).toBe(false);
  });

  it('to looks at To, Cc and what the envelope names', () => {
    const about = facts({ to: [{ address: 'a@x.example', name: '' }], cc: [{ address: 'b@x.example', name: '' }] }, { recipients: ['c@x.example'] });
    expect(['a@x.example', 'b@x.example', 'c@x.example', 'd@x.example'].map((to) => holds({ to }, about))).toEqual([true, true, true, false]);
  });

  it('the body is what was written now, of a forwarded mail all of it', () => {
    const mail = { text: 'See below\n> refund', visibleText: 'See below' };
    expect(holds({ body: 'refund' }, facts(mail))).toBe(false);
    expect(holds({ body: 'refund' }, facts({ ...mail, forwarded: true }))).toBe(true);
  });

  it('headers, attachments, size, language, customer, hours, kind', () => {
    const about = facts(
      { headers: new Map([['x-shop', ['one', 'Order 7']]]), attachments: [file('Faktura.PDF'), file('logo.png', true)], bytes: 1000, language: 'pl' },
      { knownCustomer: true, businessHours: false, kind: { kind: 'list', reason: 'List-Id' } },
    );
    const yes: Condition[] = [
      { header: { name: 'X-Shop', matches: 'order' } }, { attachment: true }, { attachment: '.pdf' }, { larger: 999 }, { smaller: 1001 }, { language: 'pl' }, { knownCustomer: true }, { hours: 'outside' },
      { automatic: true }, { automatic: 'list' }, { mailbox: 'shop' as MailboxId }, ALWAYS,
    ];
    const no: Condition[] = [
      { header: { name: 'X-Other', matches: 'order' } }, { attachment: false }, { attachment: '.doc' }, { larger: 1000 }, { smaller: 1000 }, { language: 'en' }, { knownCustomer: false }, { hours: 'business' },
      { automatic: false }, { automatic: 'bounce' }, { mailbox: 'other' as MailboxId },
    ];
    expect(yes.map((condition) => holds(condition, about))).toEqual(yes.map(() => true));
    expect(no.map((condition) => holds(condition, about))).toEqual(no.map(() => false));
    // A picture inside the text is not "has a file".
    expect(holds({ attachment: true }, facts({ attachments: [file('logo.png', true)] }))).toBe(false);
    expect(holds({ language: 'pl' }, facts({ language: undefined }))).toBe(false);
  });

  it('all, any and not obey De Morgan', () => {
    const kinds: readonly MailKind[] = [{ kind: 'personal' }, { kind: 'list', reason: 'List-Id' }];
    const simple: fc.Arbitrary<Condition> = fc.oneof(
      fc.constantFrom<Condition>(ALWAYS, { subject: 'cup' }, { subject: '/^B/' }, { attachment: true }, { automatic: true }, { hours: 'business' }, { from: '@customer.example' }),
      fc.boolean().map((knownCustomer): Condition => ({ knownCustomer })),
    );
    const condition = fc.letrec<{ any: Condition }>((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        simple,
        fc.array(tie('any'), { maxLength: 3 }).map((all): Condition => ({ all })),
        fc.array(tie('any'), { maxLength: 3 }).map((any): Condition => ({ any })),
        tie('any').map((not): Condition => ({ not })),
      ),
    })).any;
    const about = fc.record({ subject: fc.constantFrom('Broken cup', 'Hello'), kind: fc.constantFrom(...kinds), knownCustomer: fc.boolean(), businessHours: fc.boolean() }).map(({ subject, ...rest }) => facts({ subject }, rest));
    fc.assert(
      fc.property(condition, condition, about, (a, b, mail) => {
        expect(holds({ not: { any: [a, b] } }, mail)).toBe(holds({ all: [{ not: a }, { not: b }] }, mail));
        expect(holds({ not: { all: [a, b] } }, mail)).toBe(holds({ any: [{ not: a }, { not: b }] }, mail));
        expect(holds({ not: { not: a } }, mail)).toBe(holds(a, mail));
      }),
    );
  });
});

describe('route', () => {
  it('leaves all open when nothing fits', () => {
    expect(route(facts(), rules([{ subject: 'nothing like it' }, channel('returns')]), patterns)).toMatchObject({
      outcome: { channelId: undefined, folderId: undefined, teamId: undefined, agentId: undefined, labels: [], priority: undefined, acknowledge: [] },
      fired: [],
    });
  });

  it('the first rule that fits decides each question; labels add up', () => {
    const { outcome, fired } = route(
      facts(),
      rules(
        [{ subject: 'cup' }, folder('system'), label('a'), { team: 'care' as TeamId }],
        [ALWAYS, channel('orders'), label('b'), label('a'), { team: 'other' as TeamId }, { agent: 'anna' as AgentId }, { priority: 'high' }, { acknowledge: 'one' as TemplateId }],
        [ALWAYS, { priority: 'low' }, { acknowledge: 'two' as TemplateId }],
      ),
      patterns,
    );
    expect(outcome).toEqual({ channelId: undefined, folderId: 'system', teamId: 'care', agentId: 'anna', labels: ['a', 'b'], priority: 'high', spam: false, acknowledge: ['one'] });
    expect(fired.map(({ name }) => name)).toEqual(['Rule 1', 'Rule 2', 'Rule 3']);
  });

  it('goes by position, and stop ends the reading', () => {
    const [first, second] = rules([ALWAYS, channel('orders'), { stop: true }], [ALWAYS, label('late')]);
    const { outcome, fired, trace } = route(facts(), [second, first].filter((rule) => rule !== undefined), patterns);
    expect(outcome).toMatchObject({ channelId: 'orders', labels: [] });
    expect(fired).toHaveLength(1);
    expect(trace.map(({ result }) => result)).toEqual(['fired', 'not-reached']);
  });

  it('passes over a rule whose pattern cannot be run, even inside not', () => {
    const { outcome, trace } = route(facts(), rules([{ not: { subject: '/(/' } }, channel('returns')], [ALWAYS, channel('orders')]), patterns);
    expect(outcome.channelId).toBe('orders');
    expect(trace[0]).toMatchObject({ result: 'broken', problem: expect.stringContaining('missing closing') as string });
  });

  it('explains what it did', () => {
    const routing = route(
      facts({ subject: 'Refund' }),
      rules([{ all: [{ subject: 'refund' }, { not: { knownCustomer: true } }] }, channel('returns'), label('refund')], [{ attachment: '.pdf' }, folder('invoices')], [ALWAYS, channel('orders'), { stop: true }], [ALWAYS, label('x')]),
      patterns,
    );
    expect(explainRouting(routing, 'orders', 'en').split('\n')).toEqual([
      '1. Rule 1: fits',
      '  + all',
      '    + subject “refund” (the mail has: Refund)',
      '    + not',
      '      - known-customer true (the mail has: false)',
      '  -> put in #returns',
      '  -> label refund',
      '2. Rule 2: does not fit',
      '  - attachment “.pdf” (the mail has: nothing)',
      '3. Rule 3: fits',
      '  + always',
      '  -> put in #orders (an earlier rule decided this)',
      '  -> stop here',
      '4. Rule 4: not reached: an earlier rule said stop',
      'It goes to #returns',
    ]);
    expect(explainRouting(route(facts(), [], patterns), 'orders', 'en')).toBe('No rule gave it a place: #orders, the channel of its mailbox');
  });
});
