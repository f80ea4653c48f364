import { defineConfig } from 'vitest/config';

/** Real servers (Dovecot, PostgreSQL, Chromium) start within it even on a busy machine with two cores. */
const TEST_TIMEOUT_MS = 30_000;
const HOOK_TIMEOUT_MS = 60_000;
/** One more than the cores of a small machine: a good part of a test is waiting for servers. Even more only wait for each other. */
const MAX_WORKERS = 3;

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: MAX_WORKERS,
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: HOOK_TIMEOUT_MS,
    teardownTimeout: 10_000,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    coverage: { include: ['src/**'], exclude: ['src/storage/generated/**'] },
  },
});
