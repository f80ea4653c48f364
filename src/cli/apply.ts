import { promisesDiffer } from '../core/due.js';
import { say } from '../core/language/say.js';
import { formatKept, keepTemplates } from '../deskfile/keep-templates.js';
import { formatPlan, isEmptyPlan, planDesk } from '../deskfile/plan.js';
import { keepPreferences } from '../deskfile/preferences.js';
import { wakeRecount } from '../desk/recount-due.js';
import { loadDeskFile } from './desk-file.js';
import { print, withHouse } from './setting.js';

/** `goniec apply desk.yaml`: shows the plan, then does it. */
export async function applyDeskFile(file: string, options: { dryRun?: boolean }): Promise<void> {
  await withHouse(async ({ store, desk }, { environment }) => {
    const present = await desk();
    const described = keepPreferences(present, await loadDeskFile(file, environment));
    const { desk: wanted, kept } = keepTemplates(described, await store.templates.all());
    const plan = planDesk(present, wanted);
    print(formatPlan(plan, 'en'));
    if (kept.length > 0) print(formatKept(kept, 'en'));
    if (options.dryRun) return isEmptyPlan(plan) ? undefined : print(say('en', 'plan.dry-run'));
    await store.transaction(async (tx) => {
      if (!isEmptyPlan(plan)) await tx.desk.save(wanted);
      if (promisesDiffer(present, wanted)) await wakeRecount(tx, new Date());
      await tx.templates.setDescribed(described.templates);
    });
    if (!isEmptyPlan(plan)) print(say('en', 'plan.done'));
  });
}
