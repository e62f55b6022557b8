import { defineConfig } from 'vitest/config';
import { resolve } from 'node:path';

// Two workers, as the smallest machine that the course supports has two processors.
export default defineConfig({
  root: resolve(__dirname, '..'),
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    minWorkers: 1,
    testTimeout: 60_000,
    // A browser on a busy machine needs more than the usual second.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 60_000,
  },
});
