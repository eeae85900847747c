/** One call of the program, from its words to its exit code. */
import type { CaptureEngine, Tracing } from '../host/machine.ts';
import { Standard } from '../host/standard.ts';
import { Failure, type Problem } from '../model/failure.ts';
import { failureText } from '../output/failure.ts';
import { errorDocument, jsonLine, jsonText } from '../output/json.ts';
import { sentence } from '../output/words.ts';
import { outOfFiles } from '../words/out-of-files.ts';
import { type Call, parseArguments } from './arguments.ts';
import { called } from './docker-plugin.ts';
import { commandHelp, programHelp } from './help.ts';
import { Interruption, interruptions, SIGNALS } from './interruption.ts';
import { machineOf } from './machine.ts';
import { tellOverdue } from './overdue.ts';
import { commands } from './registry.ts';
import { type Screen, screenOf } from './screen.ts';

/** Runs what the command line asks for, and resolves with the exit code when everything armed is taken back. */
export async function runProgram(process: NodeJS.Process): Promise<number> {
  const argv: string[] = process.argv.slice(2);
  const stdout = new Standard(1, () => process.stdout);
  const stderr = new Standard(2, () => process.stderr);
  const screen = screenOf(
    {
      stdout,
      stderr,
      env: process.env,
      get stdin() {
        return process.stdin;
      },
    },
    !argv.includes('--no-color'),
  );
  const verbose = argv.includes('--verbose');
  const interrupted = interruptions(
    process,
    (error) => tell(unforeseen(error, verbose), argv, screen),
    (code) => screen.err(failureText(unwritten(code), screen)),
    [stdout, stderr],
  );
  const { signal } = interrupted;
  let asMeant = false;
  try {
    const code = await answered();
    await screen.flushed(signal);
    // An error of writing is told after the callback of the write.
    await new Promise((resolve) => setImmediate(resolve));
    const { reason } = signal;
    if (!(reason instanceof Interruption && reason.counts)) return code;
    return asMeant && reason.exitCode === SIGNALS.SIGINT ? code : reason.exitCode;
  } finally {
    interrupted.stop();
  }

  async function answered(): Promise<number> {
    try {
      const { words, env } = called(process.argv);
      argv.splice(0, argv.length, ...words);
      Object.assign(process.env, env);
      const call = parseArguments(argv, commands);
      if (call.type === 'run' && call.command.patience) interrupted.bePatient(call.command.patience);
      const code = await carryOut(call, argv, screen, signal);
      asMeant = call.type === 'run' && call.command.untilInterrupted === true;
      return code;
    } catch (error) {
      if (signal.reason instanceof Interruption) return signal.reason.exitCode;
      const problem = error instanceof Failure ? error.problem : unforeseen(error, verbose);
      tell(problem, argv, screen);
      return problem.exit;
    }
  }
}

async function carryOut(
  call: Call,
  argv: readonly string[],
  screen: Screen,
  signal: AbortSignal,
): Promise<number> {
  if (call.type === 'help') {
    const { columns } = screen;
    screen.out(call.command ? commandHelp(call.command, columns) : programHelp(commands, columns));
    return 0;
  }
  if (call.type === 'version') {
    const { version } = await import('../host/package.ts');
    if (call.json) {
      const { versionDocument } = await import('./version.ts');
      screen.out(jsonText(await versionDocument(await machineOf(false, screen)())));
    } else screen.out(`netdoctor ${version()}\n`);
    return 0;
  }
  // Files that the call names are the host's.
  if (process.env.NETDOCTOR_HOST) (await import('../host/image.ts')).seeHost();
  const { command, words, options } = call;
  const machine = machineOf(
    options.verbose === true,
    screen,
    options.engine as CaptureEngine | undefined,
    options.tracing as Tracing | undefined,
  );
  await tellOverdue(command, options.readOnly === true, machine, screen);
  const context = { words, options, screen, signal, machine, spent: () => performance.now() };
  if (typeof options.record !== 'string') return command.run(context, commands);
  const { recorded } = await import('./record.ts');
  return recorded(options.record, argv, machine, (machine) => command.run({ ...context, machine }, commands));
}

/** A problem on standard error; with --json or --ndjson also as a document, which a script can read. */
function tell(problem: Problem, argv: readonly string[], screen: Screen): void {
  const options = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  if (options.includes('--ndjson')) screen.out(jsonLine(errorDocument(problem)));
  else if (options.includes('--json')) screen.out(jsonText(errorDocument(problem)));
  else screen.err(failureText(problem, screen));
}

/** A fault of netdoctor itself: said as one, and never taken for a verdict. */
function unforeseen(error: unknown, verbose: boolean): Problem {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const full = outOfFiles(message);
  if (full) return { exit: 3, code: 'no-files', ...full };
  return {
    exit: 3,
    code: 'internal',
    message: `netdoctor itself failed. ${sentence(verbose ? (stack ?? message) : message)}`,
    hint: verbose ? 'Please report it with these lines.' : 'The same call with --verbose says more.',
  };
}

/** What was to be said did not arrive whole. */
const unwritten = (code: string): Problem => ({
  exit: 3,
  code: 'unwritten',
  message: `The output could not be written: ${code === 'ENOSPC' ? 'no space is left there' : code}.`,
  hint: 'Send it where there is room, or through a pipe to whoever reads it.',
});
