import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run with one plain line that a script can read: how many tests passed and how many did not. */
export default class Totals implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    for (const module of modules) {
      let failedInside = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed') failedInside += 1;
      }
      // A file that could not even be read has no tests to count, and still is a failure.
      failed += module.state() === 'failed' ? Math.max(1, failedInside) : failedInside;
    }
    // After the default reporter's own summary, which it writes when this event is over.
    process.once('exit', () => process.stdout.write(`${passed} passed, ${failed} failed\n`));
  }
}
