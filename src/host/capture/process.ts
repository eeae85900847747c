/** Starts the capture process, hands it the points, and turns its lines into events. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type {
  Capture,
  CaptureEngine,
  CaptureEvent,
  CapturePoint,
  Traced,
  TraceEvent,
  TraceFilters,
} from '../machine.ts';
import { partCall } from '../package.ts';
import { roomForPipes } from '../room-for-pipes.ts';
import { signalChild } from '../signal-child.ts';
import { PERF_TRACE } from '../trace/event.ts';
import type { Asked } from './child.ts';

type Line = Heard | { guarded: string };
type Heard =
  | { armed: string }
  | { failed: string; because: string }
  | { ready: number }
  | { settled: number }
  | { lost: string; because: string }
  | { gone: string }
  | { tracing: { because: 'no-permission' | 'unsupported'; detail: string } | null }
  | { traced: readonly (readonly [Omit<TraceEvent, 'at'>, string])[] }
  | { untraced: number }
  | { frame: string; link: string; at: string; length: number; bytes: string };

const untold = (because: 'not-asked' | 'vanished' | 'no-permission' | 'unsupported', detail: string) =>
  notKnown(because, detail, PERF_TRACE);

let waiting: ChildProcess | undefined;

const LISTENER = Symbol.for('netdoctor.listener');
const world = globalThis as { [LISTENER]?: (() => ChildProcess) | undefined };

/** The one that the launcher has begun beside this program, which is its to end until somebody takes it. Once. */
function begun(): ChildProcess | undefined {
  const child = world[LISTENER]?.();
  delete world[LISTENER];
  if (child) latest = child;
  return child;
}

/**
 * Starts the process ahead of time: its 60 ms of start-up run beside the discovery of the path. `trace`: the kernel's trace
 * will be asked for as well.
 */
export function warmCapture(trace = false): void {
  if (waiting) return;
  waiting = begun() ?? startChild();
  if (trace) waiting.stdin?.write(`${JSON.stringify({ prepare: 'trace' } satisfies Asked)}\n`);
}

/** @throws Error EMFILE or ENFILE, as of `roomForPipes` */
function startChild(): ChildProcess {
  roomForPipes();
  const [program, ...args] = partCall('capture-child');
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin?.on('error', () => {});
  child.on('error', () => {});
  child.unref();
  latest = child;
  return child;
}

/** Ends a process that was warmed and never used. */
export function coolCapture(): void {
  if (waiting) endOf(waiting);
  waiting = undefined;
}

/** The instances that a capture process removes should this one end before it does. */
const guarded = new Map<ChildProcess, Set<string>>();
/** Who waits until it has heard of one, by name. */
const waitingFor = new Map<string, () => void>();
const ending = new Set<ChildProcess>();
let latest: ChildProcess | undefined;

/**
 * Resolves when it is guarded: until it has heard so, the capture process goes with this one. Where none runs, the next
 * start of netdoctor removes what is left.
 */
export function guardInstance(name: string): Promise<void> {
  const child = latest;
  if (!child || !isAlive(child)) return Promise.resolve();
  guarded.set(child, (guarded.get(child) ?? new Set()).add(name));
  return new Promise((resolve) => {
    waitingFor.set(name, resolve);
    readLines(child);
    child.stdin?.write(`${JSON.stringify({ guard: name } satisfies Asked)}\n`);
  });
}

function confirm(name: string): void {
  waitingFor.get(name)?.();
  waitingFor.delete(name);
}

/** It has been removed. */
export function releaseInstance(name: string): void {
  for (const [child, names] of guarded) {
    if (!names.delete(name)) continue;
    if (isAlive(child)) child.stdin?.write(`${JSON.stringify({ release: name } satisfies Asked)}\n`);
    if (names.size > 0) continue;
    guarded.delete(child);
    if (ending.delete(child)) kill(child);
  }
}

/** Whoever takes what a capture process says; nobody, until it is asked to watch. */
const takers = new Map<ChildProcess, ((line: Heard) => void) | null>();

function readLines(child: ChildProcess): void {
  if (takers.has(child)) return;
  takers.set(child, null);
  // Behind the last line that it said.
  child.once('close', () => {
    takers.delete(child);
    for (const name of guarded.get(child) ?? []) confirm(name);
  });
  createInterface({ input: child.stdout! }).on('line', (text) => {
    const line = JSON.parse(text) as Line;
    if ('guarded' in line) confirm(line.guarded);
    else takers.get(child)?.(line);
  });
}

const isAlive = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid !== undefined && exitCode === null && signalCode === null;

/** Ends it, when it has nothing to guard any more. */
function endOf(child: ChildProcess): void {
  child.unref();
  if (guarded.has(child) && isAlive(child)) ending.add(child);
  else kill(child);
}

/** Closing four handles one by one takes 90 ms; the kernel closes them with the process, which nobody need await. */
function kill(child: ChildProcess): void {
  signalChild(child, 'SIGKILL');
  child.stdin?.destroy();
  child.stdout?.destroy();
}

export function capture(
  engine: CaptureEngine,
  points: readonly CapturePoint[],
  onEvent: (event: CaptureEvent) => void,
  trace?: TraceFilters,
): Capture {
  // One that has died meanwhile tells nobody any more, and its end would be waited for in vain.
  const warm = waiting ?? begun();
  const child = warm && isAlive(warm) ? warm : startChild();
  waiting = undefined;
  child.ref();
  let stopping = false;
  let settle = (): void => {};
  const ready = new Promise<void>((resolve) => {
    settle = resolve;
  });
  let over = false;
  const end = (because: string): void => {
    if (!stopping && !over) onEvent({ type: 'ended', because });
    over = true;
  };
  child.once('exit', (code, signal) => {
    end(
      signal === 'SIGABRT'
        ? 'a captured interface went down or away'
        : `the capture process ended (${signal ?? `code ${code}`})`,
    );
    settle();
  });
  child.once('error', ({ code }: NodeJS.ErrnoException) => {
    end(`the capture process could not be started (${code})`);
    settle();
  });
  let tracing = (_: Answer<Traced>): void => {};
  const traced = new Promise<Answer<Traced>>((resolve) => {
    tracing = resolve;
  });
  if (!trace) tracing(untold('not-asked', 'the kernel’s trace was not asked for'));
  void ready.then(() => tracing(untold('vanished', 'the capture process ended')));
  const answers = new Map<number, (told: boolean) => void>();
  let questions = 0;
  const take = (line: Heard): void => {
    if ('armed' in line) onEvent({ type: 'armed', hop: line.armed });
    else if ('failed' in line) onEvent({ type: 'failed', hop: line.failed, because: line.because });
    else if ('ready' in line) settle();
    else if ('lost' in line) onEvent({ type: 'lost', hop: line.lost, because: line.because });
    else if ('gone' in line) end(line.gone);
    else if ('traced' in line)
      for (const [event, at] of line.traced) onEvent({ type: 'traced', at: BigInt(at), event });
    else if ('untraced' in line) onEvent({ type: 'untraced', events: line.untraced });
    else if ('tracing' in line)
      tracing(
        line.tracing
          ? untold(line.tracing.because, line.tracing.detail)
          : known(
              {
                withoutDrops: () => ask({ withoutDrops: true }),
                told: (milliseconds) => answered((tell) => ask({ tell }), milliseconds),
              },
              PERF_TRACE,
            ),
      );
    else if ('settled' in line) answers.get(line.settled)?.(true);
    else {
      const { frame: hop, link, at, length, bytes } = line;
      onEvent({
        type: 'frame',
        frame: { hop, link, at: BigInt(at), length, bytes: Buffer.from(bytes, 'base64') },
      });
    }
  };
  readLines(child);
  takers.set(child, (line) => {
    if (!stopping) take(line);
  });
  const ask = (asked: Asked): void => void child.stdin!.write(`${JSON.stringify(asked)}\n`);
  ask({ engine, points, trace: trace ?? null });
  /** Asks, and resolves with whether that was answered in time. */
  const answered = (question: (number: number) => void, milliseconds: number): Promise<boolean> => {
    const number = questions++;
    return new Promise((resolve) => {
      const end = (told: boolean): void => {
        clearTimeout(timer);
        // A capture may go on for days, and is asked forty times a second.
        answers.delete(number);
        resolve(told);
      };
      const timer = setTimeout(end, milliseconds, false);
      answers.set(number, end);
      // Of one that has died `ended` tells.
      if (stopping || !isAlive(child)) end(true);
      else question(number);
    });
  };
  return {
    ready,
    traced,
    settled: (milliseconds) => answered((settle) => ask({ settle }), milliseconds),
    async stop() {
      stopping = true;
      settle();
      endOf(child);
    },
  };
}
