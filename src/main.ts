/** Arguments → mode → exit code. */
import { runProgram } from './main/program.ts';

// Pipes and terminals are written synchronously on Linux: nothing is lost, and nothing left open holds the program up.
process.exit(await runProgram(process));
