import { classifyMail } from '../core/classify-mail.js';
import { ownAddresses } from '../core/sight.js';
import { inBusinessHours } from '../core/hours.js';
import { route } from '../core/routing.js';
import { explainRouting } from '../core/routing-words.js';
import { parseMail } from '../mail/parse.js';
import { re2Patterns } from '../patterns/re2.js';
import { loadDeskFile } from './desk-file.js';
import { chooseMailbox, readMailFile } from './replay.js';
import { print, printJson, withHouse } from './setting.js';

/** `goniec rules test mail.eml`: which rules fit, and why. Changes nothing. */
export async function testRules(file: string, options: { json?: boolean; mailbox?: string; desk?: string }): Promise<void> {
  const raw = await readMailFile(file);
  await withHouse(async ({ desk, store }, { environment }) => {
    const tested = options.desk ? await loadDeskFile(options.desk, environment) : await desk();
    const mailbox = chooseMailbox(tested.mailboxes, options.mailbox);
    const mail = await parseMail(raw);
    const kind = classifyMail(mail, ownAddresses(tested));
    const now = new Date();
    const knownCustomer = mail.from !== undefined && (await store.customers.byAddress(mail.from.address)) !== undefined;
    const routing = route({ mail, kind, mailboxId: mailbox.id, knownCustomer, receivedAt: now, businessHours: inBusinessHours(tested.hours, now) }, tested.rules, re2Patterns());
    if (options.json) {
      const { outcome, trace, fired } = routing;
      return printJson({ kind, mailbox: mailbox.id, fired: fired.map(({ id }) => id), outcome: { ...outcome, channelId: outcome.folderId ? undefined : (outcome.channelId ?? mailbox.channel) }, trace });
    }
    print(`${kind.kind}${kind.kind === 'personal' ? '' : `: ${kind.reason}`}\n`);
    print(explainRouting(routing, mailbox.channel, 'en'));
  });
}
