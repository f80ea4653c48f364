/** Prints what was found, one line each: for people at a terminal and in a log file. */
import { say } from '../core/language/say.js';
import { findingText, type Finding, type Level } from '../doctor/finding.js';
import { print } from './setting.js';

const SIGNS: Readonly<Record<Level, string>> = { ok: '✓', warn: '!', bad: '✗' };
/** Files and pipes may not know the signs; words can be searched for. */
const WORDS: Readonly<Record<Level, string>> = { ok: 'ok  ', warn: 'warn', bad: 'bad ' };

export function printFinding(level: Level, text: string, detail: string | undefined): void {
  const signs = process.stdout.isTTY ? SIGNS : WORDS;
  print(`${signs[level]} ${text}`);
  const indent = ' '.repeat(signs[level].length + 1);
  if (detail !== undefined) for (const line of detail.split('\n')) print(`${indent}${line}`.trimEnd());
}

export function printFindings(findings: readonly Finding[]): void {
  for (const finding of findings) printFinding(finding.level, findingText(finding, 'en'), finding.level === 'ok' ? undefined : finding.detail);
  const count = (level: Level): number => findings.filter((finding) => finding.level === level).length;
  print('');
  if (count('bad') > 0) print(say('en', 'doctor.failed', { count: count('bad') }));
  if (count('warn') > 0) print(say('en', 'doctor.warned', { count: count('warn') }));
  if (count('bad') + count('warn') === 0) print(say('en', 'doctor.all-well'));
}
