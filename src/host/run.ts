/** Programs, as argument lists through execa; never a shell. */
import { spawn } from 'node:child_process';
import { execa } from 'execa';
import { type Answer, known, notKnown } from '../model/answer.ts';
import { type Command, commandLine } from '../model/netns.ts';
import { refusalOfArguments } from '../words/arguments.ts';
import { plain } from '../words/text.ts';
import { asOnHost } from './image.ts';
import type { Output, Running, RunOptions } from './machine.ts';
import { ownedAlone } from './ownership.ts';
import { roomForPipes } from './room-for-pipes.ts';
import { signalChild } from './signal-child.ts';

const ENV = { LC_ALL: 'C', LANG: 'C' };
/** Debian keeps ip, nft and iptables where a plain user's PATH does not look. */
const SYSTEM = ['/usr/sbin', '/sbin', '/usr/bin', '/bin'];

/**
 * Where programs are looked for: whole paths only, since an empty or relative part is the folder that netdoctor was
 * started in; for root only folders in which nobody else can put a program.
 */
export function pathFor(path: string | undefined, root: boolean): string {
  const whole = (path ?? '').split(':').filter((part) => part.startsWith('/'));
  const believed = root ? whole.filter((part) => ownedAlone(part).known) : whole;
  return [...new Set([...believed, ...SYSTEM])].join(':');
}

let own: string | undefined;

/** This program's own: looked at when the first program is run. */
export const ownPath = (): string => {
  own ??= pathFor(process.env.PATH, process.getuid?.() === 0);
  return own;
};

const TIMEOUT = 5000;

const options = (extra: RunOptions['env']) => ({
  env: { ...ENV, ...extra, PATH: ownPath() },
  reject: false as const,
  stripFinalNewline: false as const,
});

export async function runProgram(command: Command, settings: RunOptions = {}): Promise<Answer<Output>> {
  const [file, ...args] = typed(command);
  const source = [file, ...args];
  const refusal = refusalOfArguments(command.argv);
  if (refusal) return notKnown('unreadable', `${command.argv[0]} is not asked: ${refusal}`, source);
  roomForPipes();
  const result = await execa(file, args, {
    ...options(settings.env),
    ...(settings.input === undefined ? { stdin: 'ignore' as const } : { input: settings.input }),
    timeout: settings.timeout ?? TIMEOUT,
    ...(settings.signal ? { cancelSignal: settings.signal } : {}),
    forceKillAfterDelay: 300,
    maxBuffer: 256 * 1024 * 1024,
  });
  if (result.isCanceled)
    return notKnown('timeout', `${command.argv[0]} did not answer before the time was up`, source);
  if (result.timedOut) return notKnown('timeout', `${command.argv[0]} did not answer in time`, source);
  if (result.exitCode === undefined) {
    const code = result.code ?? (result.cause as NodeJS.ErrnoException | undefined)?.code;
    if (code === 'ENOENT') return notKnown('no-such-tool', `${file} is not installed`, source);
    if (code === 'EACCES') return notKnown('no-permission', `${file} may not be run`, source);
    return notKnown('unreadable', plain(result.shortMessage ?? `${file} failed`), source);
  }
  // nsenter says 127 when it cannot find the program it was to run.
  if (file === 'nsenter' && result.exitCode === 127)
    return notKnown('no-such-tool', `${command.argv[0]} is not installed`, source);
  return known({ stdout: result.stdout, stderr: result.stderr, code: result.exitCode }, source);
}

/** What is started for a command. */
const typed = (command: Command) => asOnHost(command.argv[0], commandLine(command)) as [string, ...string[]];

/** A program that runs beside; its lines arrive as they are written. */
export function startProgram(
  command: Command,
  onLine: (line: string, from: 'stdout' | 'stderr') => void,
): Running {
  const refusal = refusalOfArguments(command.argv);
  if (refusal) throw new Error(`${command.argv[0]} is not started: ${refusal}`);
  const [file, ...args] = typed(command);
  roomForPipes();
  const child = execa(file, args, {
    ...options(undefined),
    stdin: 'pipe',
    buffer: false,
    forceKillAfterDelay: 500,
  });
  const read = async (from: 'stdout' | 'stderr'): Promise<void> => {
    for await (const line of child.iterable({ from })) onLine(line, from);
  };
  const reading = Promise.allSettled([read('stdout'), read('stderr')]);
  child.stdin.on('error', () => {});
  const ended = child.then(
    async (result) => {
      await reading;
      return result.exitCode ?? null;
    },
    () => null,
  );
  return {
    write: (text) => {
      child.stdin.write(text);
    },
    async stop() {
      child.stdin.end();
      signalChild(child, 'SIGTERM');
      await ended;
    },
    ended,
  };
}

/**
 * A program in a session of its own, without a terminal and with no pipe to this process (setsid(2)): neither the end
 * of the terminal nor a closed pipe ends it.
 */
export function detachProgram(command: Command): Answer<number> {
  const [file, ...args] = typed(command);
  const child = spawn(file, args, {
    detached: true,
    stdio: 'ignore',
    cwd: '/',
    env: { ...process.env, PATH: ownPath() },
  });
  // A refusal comes later, as an event; without a pid it is certain now.
  child.on('error', () => {});
  child.unref();
  const source = [file, ...args];
  return child.pid === undefined
    ? notKnown('no-such-tool', `${file} cannot be started`, source)
    : known(child.pid, source);
}
