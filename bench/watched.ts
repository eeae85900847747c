/** Programs of a lab, watched from outside: when they first speak, and what memory their whole tree takes. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../test/lab/lab.ts';
import { descendants } from '../test/lab/processes.ts';

/** A line of plain Node.js. */
export const PLAIN = [process.execPath, '-e', 'console.log("first")'] as const;

/** The same program with a terminal of its own. The words are the lab's and hold nothing that a shell would take. */
export const onTerminal = (argv: readonly string[]): string[] => [
  'script',
  '--quiet',
  '--return',
  '--command',
  argv.join(' '),
  '/dev/null',
];

const options = {
  reject: false,
  stdin: 'pipe',
  stdout: 'pipe',
  stderr: 'pipe',
  buffer: false,
  timeout: 30_000,
} as const;

/** Milliseconds until a program writes anything; it is ended then. */
export async function untilFirstByte(lab: Lab, argv: readonly string[]): Promise<number> {
  const began = performance.now();
  const child = lab.run('host', argv, options);
  const took = await new Promise<number>((resolve, refuse) => {
    const first = (): void => resolve(performance.now() - began);
    child.stdout.once('data', first);
    child.stderr.once('data', first);
    void child.then(() => refuse(new Error(`${argv.join(' ')} said nothing`)));
  });
  child.stdout.resume();
  child.stderr.resume();
  child.stdin.end();
  child.kill('SIGTERM');
  await child;
  return took;
}

/** How a frame begins: the terminal is asked to show it as one. */
const FRAME = '\u001b[?2026h';

/** What the prompt says when nothing runs any more. */
const IDLE = /Ctrl-D\S* leave/;

/** Frames and bytes that a diagnosis writes to a terminal until its prompt waits, and when, in milliseconds. */
export async function drawn(
  lab: Lab,
  argv: readonly string[],
): Promise<{ firstFrame: number; prompt: number; frames: number; bytes: number }> {
  const began = performance.now();
  const child = lab.run('host', onTerminal(argv), { ...options, env: { TERM: 'xterm-256color' } });
  let said = '';
  let firstFrame: number | null = null;
  const prompt = await new Promise<number>((resolve, refuse) => {
    child.stdout.on('data', (bytes) => {
      said += String(bytes);
      if (said.includes(FRAME)) firstFrame ??= performance.now() - began;
      if (/fix 1/.test(said) && IDLE.test(said.slice(said.lastIndexOf('fix 1'))))
        resolve(performance.now() - began);
    });
    void child.then(() => refuse(new Error(`it ended before its prompt:\n${said}`)));
  });
  const result = { prompt, firstFrame: firstFrame ?? prompt, frames: said.split(FRAME).length - 1 };
  const bytes = Buffer.byteLength(said);
  child.stdin.write('quit\r');
  await child;
  return { ...result, bytes };
}

/** Memory that is a process's own, and its share of what it has in common with others: proc_pid_smaps(5). Bytes. */
function proportional(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return 1024 * Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/**
 * Seconds of processor time that a program and all it has started, and that still lives, have used so far: the first number
 * of each thread's schedstat, in nanoseconds (Documentation/scheduler/sched-stats.rst). proc_pid_stat(5) counts hundredths of a second.
 */
export function processorTime(root: number): number {
  return descendants([root]).reduce((sum, pid) => {
    try {
      const threads = readdirSync(`/proc/${pid}/task`);
      return sum + threads.reduce((all, thread) => all + spentBy(`/proc/${pid}/task/${thread}`), 0);
    } catch {
      return sum;
    }
  }, 0);
}

const spentBy = (thread: string): number =>
  Number(readFileSync(`${thread}/schedstat`, 'latin1').split(' ')[0]) / 1e9;

/** Bytes that a program and all it starts take together at most, looked at every few milliseconds. */
export async function peakMemory(
  lab: Lab,
  argv: readonly string[],
  whenDone?: { readonly says: RegExp; readonly type: string },
): Promise<number> {
  const child = lab.run('host', argv, options);
  let said = '';
  let typed = false;
  child.stdout.on('data', (bytes) => {
    said += String(bytes);
    if (typed || !whenDone?.says.test(said)) return;
    typed = true;
    child.stdin.write(whenDone.type);
  });
  child.stderr.resume();
  let ended = false;
  void child.then(() => {
    ended = true;
  });
  let peak = 0;
  while (!ended) {
    const tree = descendants([child.pid!]);
    peak = Math.max(
      peak,
      tree.reduce((sum, pid) => sum + proportional(pid), 0),
    );
    await sleep(10);
  }
  const { exitCode } = await child;
  if (exitCode !== 0 && exitCode !== 1) throw new Error(`${argv.join(' ')} ended with ${exitCode}: ${said}`);
  return peak;
}
