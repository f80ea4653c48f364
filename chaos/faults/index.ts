/** Every fault that `--faults` knows. */
import { clockJumps, databaseLocked, diskFull } from './machine.js';
import type { Fault } from './fault.js';
import { idleSilent, imapDrops } from './imap.js';
import { smtp4xx, smtp5xx, smtpCutAfterData, smtpCutInData, smtpDown, smtpSlow } from './smtp.js';

export const FAULTS: readonly Fault[] = [diskFull, databaseLocked, smtpDown, smtp4xx, smtp5xx, smtpSlow, smtpCutInData, smtpCutAfterData, imapDrops, idleSilent, clockJumps];
