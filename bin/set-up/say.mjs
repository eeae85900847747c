// What set-up tells the person who waits: one line a step, and three parts to every error.

/** Something that set-up cannot get: what, why, and the lines to type. */
export class CannotHave extends Error {
  constructor(what, why, type = []) {
    super(what);
    this.why = why;
    this.type = type;
  }
}

const steps = [];

/** Says that a step begins; only steps that make somebody wait are announced. */
export function begin(step, waitsFor) {
  process.stderr.write(`set-up  ${step}: ${waitsFor} …\n`);
  steps.push({ step, since: Date.now() });
}

/** Says that a step is done, with its seconds when it was announced. */
export function done(step, result) {
  const begun = steps.find((other) => other.step === step);
  const seconds = begun ? ` (${((Date.now() - begun.since) / 1000).toFixed(1)} s)` : '';
  process.stderr.write(`set-up  ${step}: ${result}${seconds}\n`);
}

/** Prints the error and ends with code 3: set-up could not get what is needed. */
export function fail(error) {
  if (!(error instanceof CannotHave)) throw error;
  const lines = [`✗ ${error.message}`, `  why   ${error.why}`];
  if (error.type.length > 0) lines.push('  do    type:', ...error.type);
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(3);
}
