/** Results as tables for people; `--json` has every mark. */
import type { FaultResult } from './fault-run.js';
import type { KillResult } from './kill-run.js';
import type { Tally, Verdict } from './verdict.js';

/** Marks that a table shows of each kind; the rest is in the JSON. */
const MARKS_SHOWN = 5;

const print = (line = ''): void => {
  process.stdout.write(`${line}\n`);
};

export function printKills(result: KillResult): void {
  print();
  print(`${result.mails} mails (${result.copies} of them copies), ${result.kills} kills, ${result.starts} starts, seed ${result.seed}${result.broken === undefined ? '' : `, broken on purpose: ${result.broken}`}, ${result.seconds} s`);
  const { answers } = result;
  print(`answers: ${answers.accepted} accepted, ${answers.repeatedCalls} calls repeated without an answer, ${answers.heldFirst} held first, ${answers.uncertain} uncertain (${answers.saidArrived} had arrived), ${answers.failed} failed`);
  print(`ready after a start: median ${result.readyAfterMs.median} ms, worst ${result.readyAfterMs.worst} ms; read again from quarantine: ${result.retriedFromQuarantine}`);
  print();
  printVerdict(result.verdict);
  print();
  print(result.ok ? 'Nothing lost, nothing twice.' : 'FAILED');
}

export function printFaults(result: FaultResult): void {
  print();
  print(`${result.mails} mails for each fault, seed ${result.seed}`);
  print();
  print(`${'fault'.padEnd(22)}${'result'.padEnd(10)}${'lost'.padStart(6)}${'twice'.padStart(7)}${'uncertain'.padStart(11)}${'failed'.padStart(8)}${'told'.padStart(6)}${'seconds'.padStart(9)}`);
  for (const { name, ok, skipped, verdict, answers, told, seconds } of result.outcomes) {
    if (skipped !== undefined) {
      print(`${name.padEnd(22)}skipped: ${skipped}`);
      continue;
    }
    const tallies = verdict ? talliesOf(verdict).map(([, tally]) => tally) : [];
    const sum = (of: (tally: Tally) => number): string => String(tallies.reduce((total, tally) => total + of(tally), 0));
    print(
      `${name.padEnd(22)}${(ok ? 'ok' : 'FAILED').padEnd(10)}${sum(({ lost }) => lost.length).padStart(6)}${sum(({ twice }) => twice.length).padStart(7)}${String(answers?.uncertain ?? 0).padStart(11)}` +
        `${String(answers?.failed ?? 0).padStart(8)}${(told === true ? 'yes' : 'NO').padStart(6)}${String(seconds).padStart(9)}`,
    );
    if (!ok && verdict) printVerdict(verdict);
  }
}

function printVerdict(verdict: Verdict): void {
  print(`${''.padEnd(12)}${'expected'.padStart(10)}${'found'.padStart(8)}${'lost'.padStart(7)}${'twice'.padStart(7)}`);
  for (const [name, tally] of talliesOf(verdict)) {
    print(`${name.padEnd(12)}${String(tally.expected).padStart(10)}${String(tally.found).padStart(8)}${String(tally.lost.length).padStart(7)}${String(tally.twice.length).padStart(7)}`);
    for (const [word, marks] of [['lost', tally.lost], ['twice', tally.twice]] as const) if (marks.length > 0) print(`  ${word}: ${marks.slice(0, MARKS_SHOWN).join(', ')}`);
  }
  if (verdict.astray.length > 0) print(`in the wrong conversation: ${verdict.astray.slice(0, MARKS_SHOWN).join(', ')}`);
  if (verdict.held > 0) print(`still in quarantine: ${verdict.held}`);
  if (verdict.unsettled.length > 0) print(`answers that are not settled: ${verdict.unsettled.slice(0, MARKS_SHOWN).join(', ')}`);
}

function talliesOf({ messages, cards, posts, ledger, answers, copies }: Verdict): readonly (readonly [string, Tally])[] {
  return [['messages', messages], ['cards', cards], ['posts', posts], ['ledger', ledger], ['answers', answers], ['sent copies', copies]];
}
