/** Arguments → mode → exit code. */
import { runProgram } from './main/program.ts';

/** All that was said is written by then, and nothing left open holds the program up. */
export const ended: Promise<never> = runProgram(process).then((code) => process.exit(code));
