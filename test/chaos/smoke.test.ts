/** A small run of the chaos harness (`npm run chaos` is the large one): the product as its own process, killed while mails come in and answers go out. And the harness is no yes-man: a broken product fails. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { readThread } from '../../chaos/chat.js';
import { runKills } from '../../chaos/kill-run.js';
import { planMails } from '../../chaos/plan.js';
import { seeded } from '../../chaos/random.js';
import { available } from '../support/servers.js';

const SMALL = { mails: 40, answers: 6, kills: 3, mailboxes: 2, seed: 1, broken: undefined, keep: undefined, tell: () => undefined };
/** A run takes a quarter of a minute; several times that when the machine is busy. */
const TIMEOUT_MS = 240_000;
/** `npm test` builds; whoever calls Vitest by hand may have no product yet. */
const built = existsSync(new URL('../../dist/main.js', import.meta.url));

describe.runIf(available('dovecot') && built)('chaos, small', () => {
  it('three kills: nothing lost, nothing twice', async () => {
    const result = await runKills(SMALL);
    expect(result.verdict).toMatchObject({ ok: true, held: 0, astray: [], unsettled: [] });
    expect(result.starts).toBeGreaterThan(3);
    expect(result.answers.accepted).toBe(6);
  }, TIMEOUT_MS);

  it('a product that moves the cursor before the mail is stored is caught', async () => {
    const result = await runKills({ ...SMALL, answers: 0, broken: 'cursor-first' });
    expect(result.ok).toBe(false);
    expect(result.verdict.messages.lost.length).toBeGreaterThan(0);
  }, TIMEOUT_MS);
});

describe('what the harness counts with', () => {
  it('the same seed plans the same mails', () => {
    expect(planMails(50, 3, seeded(7))).toEqual(planMails(50, 3, seeded(7)));
    expect(planMails(50, 3, seeded(7))).not.toEqual(planMails(50, 3, seeded(8)));
  });

  it('a mail that stands twice on a page counts twice, a preview not at all', () => {
    const mail = (id: string, mark: string): string => `<article id="mail-${id}"><span class="mail__peek">${mark}</span><div class="mail__body"><p>Hello</p><p>${mark}</p></div></article>`;
    const html = mail('0198c2a0-0000-7000-8000-000000000001', 'm000001') + mail('0198c2a0-0000-7000-8000-000000000002', 'm000001') + mail('0198c2a0-0000-7000-8000-000000000003', 'a000009');
    expect(readThread(html)).toMatchObject({ inbound: ['m000001', 'm000001'], outbound: [{ mark: 'a000009' }] });
  });
});
