/** Arguments → mode → exit code. */
import { runProgram } from './main/program.ts';

// Should all that it waits for come to nothing, Node ends by itself; that is no verdict.
process.exitCode = 3;
/** All that was said is written by then, and nothing left open holds the program up. */
void runProgram(process).then((code) => process.exit(code));
