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
    // These end what hangs. What works takes a fifth of it at most, several times as long on a busy
    // machine.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
