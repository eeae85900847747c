/** A tracing instance of netdoctor's own: its buffer, filters and events are nobody else's. Documentation/trace/ftrace.rst. */
import { pause } from '../../host/clock.ts';
import type { Machine, TraceFilters } from '../../host/machine.ts';
import { TRACEPOINTS } from '../../host/trace/event.ts';
import { type Naming, namingOf } from '../../host/trace/naming.ts';
import { type Answer, known, notKnown } from '../../model/answer.ts';

const PREFIX = 'netdoctor-';
const BUFFER_KB = '256';

/** Nothing matches until the plan is known. */
const NOTHING = 'common_pid==-1';

export interface Instance {
  /** How the functions of drops are had from its lines. */
  readonly naming: Naming;
  /** Sets the filters, and hands over the lines from now on. */
  listen(plan: TraceFilters, onLine: (line: string) => void): Answer<void>;
  /** Hears of drops no more, where there are too many of them to be told apart. */
  withoutDrops(): void;
  /** Takes it back; asked again, the same. */
  stop(): Promise<void>;
}

/**
 * Makes the instance and enables its events. The kernel waits for a grace period at each of them (some 10 ms): it is
 * written off the main thread, beside the discovery of the path.
 */
export async function openInstance(machine: Machine): Promise<Answer<Instance>> {
  const root = machine.tracefs();
  if (!root.known) return root;
  const name = `${PREFIX}${machine.pid}-${machine.started}-${machine.now()}`;
  const folder = `${root.value}/instances/${name}`;
  await machine.guardInstance(name);
  const takeBack = async (): Promise<void> => {
    // Where it does not go, it stays guarded.
    if (await dismantle(machine, folder)) machine.releaseInstance(name);
  };
  const made = machine.makeDirectory(folder);
  if (!made.known) {
    machine.releaseInstance(name);
    return made;
  }
  let hear: (line: string) => void = () => {};
  // First of all: the kernel removes no instance whose pipe is open, whoever takes its netdoctor for gone.
  const reader = machine.follow(`${folder}/trace_pipe`, (line) => hear(line));
  if (!reader.known) {
    await takeBack();
    return reader;
  }
  const writes: [string, string][] = [
    ['buffer_size_kb', BUFFER_KB],
    ['trace_clock', 'mono'],
    ...TRACEPOINTS.flatMap(([event]): [string, string][] => [
      [`events/${event}/filter`, NOTHING],
      [`events/${event}/enable`, '1'],
    ]),
  ];
  for (const [file, text] of writes) {
    const written = await machine.writeLater(`${folder}/${file}`, text);
    if (written.known) continue;
    reader.value.stop();
    await takeBack();
    return notKnown(written.because, `tracing: ${file}: ${written.detail}`, written.source);
  }
  const format = machine.read(`${root.value}/events/skb/kfree_skb/format`);
  const hashes = machine.read(`${folder}/options/hash-ptr`).known;
  const naming = format.known ? namingOf(format.value, hashes) : 'told';
  // The reader is told of the first event, not when the buffer is half full; kernels without the file (5.0) do so anyway.
  await machine.writeLater(`${folder}/buffer_percent`, '0');
  let stopping: Promise<void> | undefined;
  return known(
    {
      naming,
      listen(plan, onLine) {
        hear = onLine;
        // Refused, the drops stay without a function.
        if (naming === 'stack')
          machine.write(`${folder}/events/skb/kfree_skb/trigger`, `stacktrace if ${plan.drops}`);
        for (const [event, filter] of TRACEPOINTS) {
          const written = machine.write(`${folder}/events/${event}/filter`, plan[filter]);
          if (!written.known) return written;
        }
        return known(undefined, []);
      },
      withoutDrops() {
        // Off the main thread: the kernel waits for a grace period.
        void machine.writeLater(`${folder}/events/skb/kfree_skb/filter`, NOTHING);
      },
      stop() {
        hear = () => {};
        reader.value.stop();
        stopping ??= takeBack();
        return stopping;
      },
    },
    ['cat', `${folder}/trace_pipe`],
  );
}

/** Milliseconds between two attempts, and how many. */
const AGAIN = 5;
const ATTEMPTS = 40;

/**
 * Removing an instance disables its events. The kernel refuses as long as somebody is still reading its pipe. Whether it has
 * gone.
 */
async function dismantle(machine: Machine, folder: string): Promise<boolean> {
  for (let left = ATTEMPTS; left > 0; left--) {
    const removed = await machine.removeLater(folder);
    if (removed.known || removed.because !== 'unreadable') return true;
    await pause(machine, AGAIN);
  }
  return false;
}

/**
 * Removes instances whose netdoctor no longer lives; a living one's are spared. Of one in another pid namespace this
 * /proc knows nothing: the kernel refuses as long as it reads its pipe.
 */
export function sweepInstances(machine: Machine): void {
  const root = machine.tracefs();
  if (!root.known) return;
  const names = machine.list(`${root.value}/instances`);
  if (!names.known) return;
  for (const name of names.value) {
    const [, pid, started] = /^netdoctor-(\d+)-(\d+)-/.exec(name) ?? [];
    if (pid && started && !machine.alive(Number(pid), started))
      void dismantle(machine, `${root.value}/instances/${name}`);
  }
}
