import { defineConfig } from 'vitest/config';

/** Real servers (Dovecot, PostgreSQL, Chromium) start within it even on a busy machine with two cores. */
const TEST_TIMEOUT_MS = 30_000;
const HOOK_TIMEOUT_MS = 60_000;
/** More workers only wait for each other: the servers under test want the cores as well. */
const MAX_WORKERS = 2;
/** On a shared machine a real server is now and then slower than a test allows; what fails twice in a row is a failure. On a developer's machine the first one counts. */
const RETRIES_IN_CI = 1;

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: MAX_WORKERS,
    retry: process.env['CI'] ? RETRIES_IN_CI : 0,
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: HOOK_TIMEOUT_MS,
    teardownTimeout: 10_000,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    coverage: { include: ['src/**'], exclude: ['src/storage/generated/**'] },
  },
});
