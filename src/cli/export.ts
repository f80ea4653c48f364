import { exportDesk, secretsOf } from '../deskfile/export.js';
import { withEntries } from '../core/senders.js';
import { print, withHouse } from './setting.js';

/** `goniec export`: the present desk as desk.yaml, with the senders that staff blocked and allowed. Passwords stay in the database; the variables that stand for them are named on standard error. */
export async function printDesk(): Promise<void> {
  await withHouse(async ({ desk, store }) => {
    const applied = await desk();
    const present = { ...applied, spam: withEntries(applied.spam, await store.senders.all()) };
    print(exportDesk(present).trimEnd());
    const secrets = [...secretsOf(present).keys()];
    if (secrets.length > 0) console.error(`To apply this elsewhere, set in .env: ${secrets.join(', ')}`);
  });
}
