import { describe, expect, it } from 'vitest';
import type { ChannelId, LabelId, RuleId } from '../../src/core/ids.js';
import type { Rule } from '../../src/core/model.js';
import type { SenderPattern } from '../../src/core/senders.js';
import { formatPlan, isEmptyPlan, planDesk } from '../../src/deskfile/plan.js';
import { aDesk, aMailbox } from '../support/samples.js';

const SMTP = { host: 'smtp.example.com', port: 465, security: 'tls' as const, user: 'shop', password: 'old-geheim', ca: undefined, trustAnyCertificate: false };
const rule = (id: string, position: number): Rule => ({ id: id as RuleId, name: id, position, when: { always: true }, then: [{ label: 'complaint' as LabelId }] });

describe('planDesk', () => {
  it('is empty when nothing differs', () => {
    expect(isEmptyPlan(planDesk(aDesk(), structuredClone(aDesk())))).toBe(true);
    expect(formatPlan(planDesk(aDesk(), aDesk()), 'en')).toBe('The desk already looks like this. Nothing to do.');
  });

  it('the first time everything is added', () => {
    const plan = planDesk(undefined, aDesk());
    expect(plan).toMatchObject({ changed: [], removed: [] });
    expect(plan.added.map(({ kind, id }) => `${kind} ${id}`)).toContain('mailbox shop');
  });

  it('names senders one by one, and how long spam is kept', () => {
    const before = aDesk({ spam: { keepDays: 90, blocked: ['@casino.example' as SenderPattern], allowed: [] } });
    const after = aDesk({ spam: { keepDays: undefined, blocked: [], allowed: ['ann@partner.example' as SenderPattern] } });
    expect(formatPlan(planDesk(before, after), 'en')).toBe(`Added
  + allowed sender ann@partner.example

Changed
  ~ desk
      spam.keepDays: 90 -> -

Removed
  - blocked sender @casino.example

1 to add, 1 to change, 1 to remove`);
  });

  it('names what changes; of secrets only that they do', () => {
    const before = aDesk({ mailboxes: [aMailbox({ smtp: SMTP })] });
    const after = aDesk({
      name: 'Glinka',
      mailboxes: [aMailbox({ smtp: { ...SMTP, port: 587, password: 'new-geheim' } })],
      channels: [...before.channels.filter(({ id }) => id !== 'returns'), { id: 'hurt' as ChannelId, name: 'Hurtownia', bridge: 'web', target: 'hurt' }],
    });
    const plan = planDesk(before, after);
    expect(formatPlan(plan, 'en')).toBe(`Added
  + channel hurt (Hurtownia)

Changed
  ~ desk
      name: Sample desk -> Glinka
  ~ mailbox shop (Shop)
      smtp.port: 465 -> 587
      smtp.password: (secret) -> (secret)

Removed
  - channel returns

1 to add, 2 to change, 1 to remove`);
    expect(JSON.stringify(plan)).not.toContain('geheim');
  });

  it('hides the password of a server that comes or goes as a whole', () => {
    const plan = planDesk(aDesk({ mailboxes: [aMailbox({ smtp: undefined })] }), aDesk({ mailboxes: [aMailbox({ smtp: SMTP })] }));
    expect(plan.changed).toHaveLength(1);
    expect(JSON.stringify(plan)).not.toContain('geheim');
  });

  it('a rule put first changes no others; a new order does', () => {
    const before = aDesk({ rules: [rule('a', 1), rule('b', 2)] });
    expect(planDesk(before, aDesk({ rules: [rule('new', 1), rule('a', 2), rule('b', 3)] }))).toMatchObject({ added: [{ id: 'new' }], changed: [] });
    expect(planDesk(before, aDesk({ rules: [rule('b', 1), rule('a', 2)] })).changed.map(({ id }) => id).sort()).toEqual(['a', 'b']);
  });
});
