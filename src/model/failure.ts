/** An end of the program that is not a verdict: the call was wrong (2), or it could not look (3). */
export interface Problem {
  readonly exit: 2 | 3;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** A problem on its way to the one place that shows it. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

export const wrongCall = (code: string, message: string, hint: string): Failure =>
  new Failure({ exit: 2, code, message, hint });

export const cannotLook = (code: string, message: string, hint: string): Failure =>
  new Failure({ exit: 3, code, message, hint });
