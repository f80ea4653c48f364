import { say } from '../core/language/say.js';
import { formatPlan, isEmptyPlan, planDesk } from '../deskfile/plan.js';
import { keepPreferences } from '../deskfile/preferences.js';
import { loadDeskFile } from './desk-file.js';
import { print, withHouse } from './setting.js';

/** `goniec apply desk.yaml`: shows the plan, then does it. */
export async function applyDeskFile(file: string, options: { dryRun?: boolean }): Promise<void> {
  await withHouse(async ({ store, desk }, { environment }) => {
    const present = await desk();
    const wanted = keepPreferences(present, await loadDeskFile(file, environment));
    const plan = planDesk(present, wanted);
    print(formatPlan(plan, 'en'));
    if (isEmptyPlan(plan)) return;
    if (options.dryRun) return print(say('en', 'plan.dry-run'));
    await store.transaction((tx) => tx.desk.save(wanted));
    print(say('en', 'plan.done'));
  });
}
