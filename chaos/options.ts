/** What `npm run chaos` takes. */
import { parseArgs } from 'node:util';

import { BREAKS, type Break } from './broken.js';

export interface ChaosOptions {
  readonly mails: number;
  readonly answers: number;
  readonly kills: number;
  readonly mailboxes: number;
  readonly seed: number;
  /** Runs an intentionally broken product: the run has to fail. */
  readonly broken: Break | undefined;
  /** Folder that the product's data and log are copied to when a run fails. */
  readonly keep: string | undefined;
  /** Where what happens is told. */
  readonly tell: (line: string) => void;
}

export interface CommandLine extends ChaosOptions {
  readonly json: boolean;
  /** Faults instead of kills, by name; [] means kills. */
  readonly faults: readonly string[];
}

const HELP = `npm run chaos -- [options]

  --mails 2000      mails that arrive (with --faults 200, for each of them)
  --answers 200     answers that the team sends (with --faults 20)
  --kills 50        SIGKILLs at random moments
  --mailboxes 4     IMAP mailboxes that are watched
  --seed 1          of everything that is random here
  --faults a,b|all  faults of disk, database, servers and clock instead of kills
  --break name      run a product that was broken on purpose (${BREAKS.join(', ')}): the run must fail
  --keep folder     when a run fails: copy the product's data and log there
  --json            the result as JSON on standard output

Exit code 1: something was lost or came twice.`;

/** @throws Error with a text for people; undefined when only help was asked for */
export function readCommandLine(args: readonly string[], names: readonly string[]): CommandLine | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      mails: { type: 'string' },
      answers: { type: 'string' },
      kills: { type: 'string', default: '50' },
      mailboxes: { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
      faults: { type: 'string' },
      break: { type: 'string' },
      keep: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return undefined;
  }
  const broken = BREAKS.find((name) => name === values.break);
  if (values.break !== undefined && !broken) throw new Error(`--break knows ${BREAKS.join(' and ')}, not "${values.break}".`);
  const faults = values.faults === 'all' ? names : (values.faults?.split(',') ?? []);
  const unknown = faults.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`--faults knows ${names.join(', ')} and all, not "${unknown.join(', ')}".`);
  return {
    mails: wholeNumber('mails', values.mails ?? (faults.length > 0 ? '200' : '2000')), answers: wholeNumber('answers', values.answers ?? (faults.length > 0 ? '20' : '200')),
    kills: wholeNumber('kills', values.kills),
    mailboxes: Math.max(1, wholeNumber('mailboxes', values.mailboxes)), seed: wholeNumber('seed', values.seed),
    broken, faults, keep: values.keep, json: values.json, tell: (line) => process.stderr.write(`${line}\n`),
  };
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new Error(`--${name} takes a whole number, not "${text}".`);
  return Number(text);
}
