/** Looks at everything that a desk needs, and says what is in order, what to know and what does not work. Changes nothing anywhere. */
import type { Agent, Desk, Mailbox } from '../core/model.js';
import type { PatternEngine } from '../core/patterns.js';
import { CHECK_PATIENCE, type CheckPatience } from '../mail/check-imap.js';
import { checkDataFolder } from './data-folder.js';
import { checkDatabase, type DatabaseLook } from './database.js';
import { checkDesk, type DeskFile } from './desk.js';
import { bad, ok, warn, type Finding } from './finding.js';
import { checkInbound, type InboundSettings } from './inbound.js';
import { checkReading } from './reading.js';
import { checkSecrets, hasReadableSecrets } from './secrets.js';
import { checkSending } from './sending.js';

/** What was applied, as far as there is a database. Passwords have gone through `forgivingVault`. */
export interface AppliedDesk {
  readonly desk: Desk;
  readonly hasPassword: (agent: Agent) => Promise<boolean>;
}

export interface Patient {
  readonly dataDir: string;
  readonly inboundSmtp: InboundSettings;
  readonly database: DatabaseLook;
  /** undefined: there is no database that could be opened. */
  readonly applied: AppliedDesk | undefined;
  readonly deskFile: DeskFile | undefined;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly patterns: PatternEngine;
  /** Names of the bridges that would run for a desk. */
  readonly bridges: (desk: Desk) => ReadonlySet<string>;
  readonly patience?: CheckPatience;
}

/** A mistake in the environment. */
export interface SettingProblem {
  readonly variable: string;
  readonly problem: string;
  /** What the variable is for, and an example. */
  readonly explanation: string;
}

/** Mailboxes looked at at once: each has two connections, and a firewall may take hundreds at a time for an attack. */
const AT_ONCE = 16;

/** With wrong settings there is nothing else to look at. */
export function settingsFindings(problems: readonly SettingProblem[]): readonly Finding[] {
  return [...problems.map(({ variable, problem, explanation }) => bad('doctor.setting', { variable, problem }, explanation)), warn('doctor.rest-unchecked')];
}

export async function examine(patient: Patient): Promise<readonly Finding[]> {
  const { applied, deskFile, variables, patterns, bridges, patience = CHECK_PATIENCE } = patient;
  const folder = await checkDataFolder(patient.dataDir);
  const { findings, desk } = await checkDesk({ applied: applied?.desk, file: deskFile, variables, patterns, bridges, hasPassword: applied?.hasPassword ?? (() => Promise.resolve(true)) });
  const mailboxes = desk?.mailboxes ?? [];
  const [inbound, mail] = await Promise.all([
    mailboxes.some(({ kind }) => kind === 'smtp') ? checkInbound(patient.inboundSmtp) : [],
    inTurns(mailboxes.filter(hasReadableSecrets), (mailbox) => checkMailbox(mailbox, patience)),
  ]);
  return [ok('doctor.settings-ok'), ...folder, checkDatabase(patient.database), ...checkSecrets(applied?.desk), ...findings, ...inbound, ...mail.flat()];
}

async function checkMailbox(mailbox: Mailbox, patience: CheckPatience): Promise<readonly Finding[]> {
  return (await Promise.all([checkReading(mailbox, patience), checkSending(mailbox, patience)])).flat();
}

/** Results in the order of the things, however long each took. */
async function inTurns<Thing, Result>(things: readonly Thing[], work: (thing: Thing) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  const waiting = [...things.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, things.length) }, worker));
  return results;
}
