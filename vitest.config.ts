import { defineConfig } from 'vitest/config';

/** Whole exams of recipes, repairs and replays, minutes each; and what takes programs of Wireshark. */
const LONG = [
  'test/lab/capture-files.test.ts',
  'test/lab/replay-samples.test.ts',
  'test/lab/recipes.test.ts',
  'test/lab/setup.test.ts',
  'test/lab/wizard.test.ts',
  'test/lab/repair/scenarios.test.ts',
  'test/lab/repair/docker.test.ts',
];

export default defineConfig({
  test: {
    // The second reporter ends the output with “N passed, N failed” on a line of its own.
    reporters: ['default', './test/report/totals.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          // Ink draws nothing live where it believes itself in CI.
          env: { CI: 'false' },
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [
            'test/attacks/**',
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
            'test/attacks/*.test.ts',
            'test/lab/**/*.test.ts',
            'test/robustness/**/*.test.ts',
            'test/scenarios.test.ts',
            'test/counts.test.ts',
          ],
          // What takes long has a command of its own: npm run exam:suites.
          exclude: LONG,
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
      {
        test: {
          // Keys typed into a terminal: no verdict is asked here, and a key may come while a screen is drawn.
          name: 'terminal',
          include: ['test/pty/**/*.test.ts'],
          retry: 2,
          pool: 'forks',
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'long',
          // What is tried at a few moments every time is tried at many there.
          include: process.env.NETDOCTOR_LONG ? [...LONG, 'test/robustness/ended.test.ts'] : [],
          pool: 'forks',
          maxWorkers: 1,
          maxConcurrency: 2,
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          // Attacks that last: npm run exam:attacks.
          name: 'attacks',
          include: process.env.NETDOCTOR_ATTACKS ? ['test/attacks/long/*.test.ts'] : [],
          pool: 'forks',
          maxWorkers: 1,
          testTimeout: 3_600_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
