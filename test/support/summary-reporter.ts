import { writeFileSync } from 'node:fs';

import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** What scripts/test.mjs reads when the run is over. */
export interface Summary {
  passed: number;
  failed: number;
  skipped: number;
}

/** Counts the tests and writes the counts as JSON to the file that GONIEC_TEST_SUMMARY names. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const file = process.env['GONIEC_TEST_SUMMARY'];
    if (file === undefined) return;
    const summary: Summary = { passed: 0, failed: unhandled.length, skipped: 0 };
    for (const module of modules) {
      // A file or a suite that fails outside its tests (an import, a hook) runs none of them: it counts as one failure.
      summary.failed += module.errors().length > 0 ? 1 : 0;
      for (const suite of module.children.allSuites()) summary.failed += suite.errors().length > 0 ? 1 : 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') summary.passed += 1;
        else if (state === 'failed') summary.failed += 1;
        else summary.skipped += 1;
      }
    }
    writeFileSync(file, JSON.stringify(summary));
  }
}
