import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // The second reporter ends the output with “N passed, N failed” on a line of its own.
    reporters: ['default', './test/report/totals.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [
            'test/lab/**',
            'test/pty/**',
            'test/robustness/**',
            'test/scenarios.test.ts',
            'test/counts.test.ts',
          ],
          // Some start the built program: a busy machine is no failure.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'lab',
          include: [
            'test/lab/**/*.test.ts',
            'test/pty/**/*.test.ts',
            'test/robustness/**/*.test.ts',
            'test/scenarios.test.ts',
            'test/counts.test.ts',
          ],
          // A namespace is entered by the thread that asks, so each file has a process of its own.
          pool: 'forks',
          maxWorkers: 1,
          // After the unit tests, which tell sooner what is wrong.
          sequence: { groupOrder: 1 },
          // Two networks at once: building one waits for the kernel more than it works.
          maxConcurrency: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
