import { say } from '../core/language/say.js';
import { audit } from '../desk/audit.js';
import type { AuditFinding, AuditReport } from '../desk/audit-finding.js';
import { repairFindings, type Repaired, type RepairNeeds } from '../desk/audit-repair.js';
import { createLog } from '../log.js';
import { fetchAgain, listServerMails } from '../mail/list-uids.js';
import { openAudit } from '../storage/audit.js';
import { newId } from '../storage/new-id.js';
import { printFinding } from './findings.js';
import { print, printJson, withHouse } from './setting.js';

/** Ids shown on a terminal; `--json` has all. */
const SHOWN_IDS = 10;

/** `goniec audit`: is everything there that came in? Ends with 1 when something is missing, twice, or could not be compared. */
export async function runAudit(options: { json?: boolean; repair?: boolean }): Promise<void> {
  await withHouse(async (house, { config }) => {
    const opened = await openAudit(config.databaseUrl, createLog('error'));
    try {
      const needs: RepairNeeds = { ...house, audit: opened.audit, listServerMails, fetchAgain, clock: { now: () => new Date() }, newId };
      const first = await audit(needs);
      const repaired = options.repair ? await repairFindings(needs, first.findings) : { count: 0, problems: [] };
      // What was put back in line is there; what is told now is left.
      const last = repaired.count > 0 ? await audit(needs) : first;
      if (options.json) printJson({ ok: last.ok, checked: last.checked, findings: first.findings.map(asJson), repaired: repaired.count, problems: repaired.problems, left: last.findings.map(asJson) });
      else printReport(first, last, repaired);
      if (!last.ok) process.exitCode = 1;
    } finally {
      await opened.close();
    }
  });
}

function asJson({ level, kind, key, params, ids, detail, repair }: AuditFinding): object {
  return { level, kind, key, text: say('en', key, params), params, count: ids.length, ids, detail, repairable: repair !== undefined };
}

function printReport(first: AuditReport, last: AuditReport, { count, problems }: Repaired): void {
  for (const finding of first.findings) printAuditFinding(finding);
  print(say('en', 'audit.checked', last.checked));
  for (const problem of problems) print(problem);
  if (count > 0) {
    print(`\n${say('en', 'audit.repaired', { count })}`);
    for (const finding of last.findings.filter(({ level }) => level === 'bad')) printAuditFinding(finding);
  }
  if (last.ok) print(say('en', 'audit.all-well'));
  else if (last.findings.some(({ level, repair }) => level === 'bad' && repair)) print(say('en', 'audit.repair-hint'));
}

function printAuditFinding({ level, key, params, ids, detail }: AuditFinding): void {
  const shown = `${ids.slice(0, SHOWN_IDS).join(' ')}${ids.length > SHOWN_IDS ? ' …' : ''}`;
  printFinding(level, say('en', key, params), [detail, shown].filter((line) => line !== undefined && line !== '').join('\n') || undefined);
}
