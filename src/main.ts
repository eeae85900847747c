/** Arguments → mode → exit code. */
import { runProgram } from './main/program.ts';

process.exitCode = await runProgram(process);
