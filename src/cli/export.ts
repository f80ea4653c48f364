import { exportDesk, secretsOf } from '../deskfile/export.js';
import { print, withHouse } from './setting.js';

/** `goniec export`: the present desk as desk.yaml. Passwords stay in the database; the variables that stand for them are named on standard error. */
export async function printDesk(): Promise<void> {
  await withHouse(async ({ desk }) => {
    const present = await desk();
    print(exportDesk(present).trimEnd());
    const secrets = [...secretsOf(present).keys()];
    if (secrets.length > 0) console.error(`To apply this elsewhere, set in .env: ${secrets.join(', ')}`);
  });
}
