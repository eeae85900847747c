/**
 * A machine that answers from a recording, anywhere and without root. The same question gets the same answer, asked
 * again the next one; what a socket, a capture or a trace told comes as long after the call that led to it as it did, by
 * a clock of its own, on which nobody waits.
 */
import { type Answer, known, notKnown } from '../model/answer.ts';
import type { CaptureEvent, Machine, SocketEvent, Traced, TraceMessage } from './machine.ts';
import { momentOf, moved } from './record/moment.ts';
import { ask, counter, stream } from './record/questions.ts';
import type { Recording, Told } from './record/recording.ts';
import { virtualClock } from './record/virtual-clock.ts';

/** A socket that is asked for what it has gives what is due by then. Nanoseconds. */
const DUE = 25_000_000n;

/** What a trace message may leave out. */
const UNSAID = {
  handle: null,
  verdict: null,
  jump: null,
  policy: null,
  ingress: null,
  egress: null,
  network: null,
  transport: null,
  mark: null,
};

export function replayer(recording: Recording): Machine {
  /** The answers to each question, in the order in which they were given. */
  const answers = grouped(recording.asked.map((one) => [one.ask, one.answer]));
  const number = counter();
  const clock = virtualClock(beganAt(recording));
  const { now } = clock;

  const find = (question: string): unknown => {
    const queue = answers.get(question);
    return queue && queue.length > 1 ? queue.shift() : queue?.[0];
  };
  const answer = <T>(question: string): Answer<T> =>
    (find(question) as Answer<T> | undefined) ?? notKnown('unreadable', 'not in the recording', [question]);
  const later = async <T>(question: string): Promise<Answer<T>> => answer<T>(question);

  /** What waits for a call, and what waits for its stream to begin. */
  const byCause = grouped(recording.told.map((one) => [one.after, one]));
  const listeners = new Map<string, (event: unknown) => void>();
  const early = new Map<string, unknown[]>();
  const pending = new Map<string, Set<(barrier?: boolean) => void>>();
  const deliver = (id: string, event: unknown): void => {
    const listener = listeners.get(id);
    if (listener) listener(event);
    else early.set(id, [...(early.get(id) ?? []), event]);
  };
  const happened = (cause: string): void => {
    const at = recording.marks[cause];
    if (at === undefined) return;
    const by = now() - at;
    for (const one of byCause.get(cause) ?? []) schedule(one, by);
    byCause.delete(cause);
  };
  const schedule = ({ stream: id, delay, event }: Told, by: bigint): void => {
    const due = now() + BigInt(Math.round(delay * 1e6));
    const waiting = pending.get(id) ?? new Set();
    pending.set(id, waiting);
    const give = (): void => {
      cancel();
      if (waiting.delete(sooner)) deliver(id, moved(event, by));
    };
    const at = momentOf(event);
    // Behind a barrier stands everything that has happened by then, however late it was told.
    const sooner = (barrier = false): void => {
      if (due - now() <= DUE || (barrier && at !== undefined && at + by <= now())) give();
    };
    waiting.add(sooner);
    const cancel = clock.after(delay, give);
  };
  const hurry = (id: string, barrier = false): void => {
    for (const sooner of [...(pending.get(id) ?? [])]) sooner(barrier);
  };
  const begin = (name: string, onEvent: (event: never) => void) => {
    const id = number(name);
    let calls = 0;
    let over = false;
    listeners.set(id, (event) => {
      if (!over) onEvent(event as never);
    });
    queueMicrotask(() => {
      for (const event of early.get(id) ?? []) deliver(id, event);
      early.delete(id);
    });
    happened(id);
    return {
      id,
      mark(): string {
        const own = `${id} ${++calls}`;
        happened(own);
        return own;
      },
      stop: () => {
        over = true;
      },
    };
  };

  return {
    tracing: 'tracefs',
    engine: 'packet',
    ...recording.machine,
    ...clock,
    run: (command, options) => later(ask.run(command, options)),
    read: (file, where) => answer(ask.read(file, where)),
    readForeign: (file) => answer(ask.read(file)),
    identity: (file) => answer(ask.identity(file)),
    list: (folder, where) => answer(ask.list(folder, where)),
    link: (file) => answer(ask.link(file)),
    ownedAlone: () => known(undefined, []),
    netns: (path) => answer(ask.netns(path)),
    nsid: (of, from) => answer(ask.nsid(of, from)),
    nsids: (all, from) => answer(ask.nsids(all, from)),
    linksBehind: (from, nsids) => answer(ask.linksBehind(from, nsids)),
    farEnds: (from, ends) => answer(ask.farEnds(from, ends)),
    sockets: (netns) => answer(ask.sockets(netns)),
    linksIn: (netns) => answer(ask.linksIn(netns)),
    networkIn: (netns) => answer(ask.networkIn(netns)),
    routeIn: (netns, asked) => answer(ask.routeIn(netns, asked)),
    balancingIn: (netns) => answer(ask.balancingIn(netns)),
    kernelTells: (what, netns, asked) => answer(ask.kernelTells(what, netns, asked)),
    request: (socket, path) => later(ask.request(socket, path)),
    cgroupPrograms: (cgroup) => answer(ask.cgroupPrograms(cgroup)),
    tracefs: () => answer(ask.tracefs()),
    write: (file) => answer(ask.write(file)),
    writeLater: (file) => later(ask.write(file)),
    remove: (file) => answer(ask.remove(file)),
    removeLater: (folder) => later(ask.remove(folder)),
    makeDirectory: (folder) => answer(ask.makeDirectory(folder)),
    detach: (command) => answer(ask.detach(command)),
    alive: (pid, started) => (find(ask.alive(pid, started)) as boolean | undefined) ?? true,
    random: (min, max) => (find(ask.random(min, max)) as number | undefined) ?? min,
    portsOf: () => notKnown('not-asked', 'a recording tells all links', []),
    linksAhead: () => null,
    warmCapture() {},
    coolCapture() {},
    async guardInstance() {},
    releaseInstance() {},
    lock(file) {
      const taken = answer<object>(ask.lock(file));
      if (!taken.known) return taken;
      return 'holder' in taken.value
        ? (taken as Answer<{ holder: number | null }>)
        : known({ release() {} }, taken.source);
    },
    start(command, onLine) {
      type Line = { line: string; from: 'stdout' | 'stderr' } | { ended: number | null };
      let end: (code: number | null) => void = () => {};
      const ended = new Promise<number | null>((resolve) => {
        end = resolve;
      });
      const { mark, stop } = begin(stream.start(command), (event: Line) => {
        if ('ended' in event) end(event.ended);
        else onLine(event.line, event.from);
      });
      return {
        ended,
        write: () => void mark(),
        async stop() {
          stop();
          end(null);
        },
      };
    },
    follow(file, onLine) {
      const { id, stop } = begin(stream.follow(file), ({ line }: { line: string }) => onLine(line));
      return standing(answer(id), stop);
    },
    // A recording is of one moment.
    hold: (files) => ({ read: () => files.map(() => null), close() {} }),
    listenState: () => notKnown('not-asked', 'a recording does not change', ['ip', 'monitor']),
    listenTrace(netns, onMessage) {
      const { id, stop } = begin(stream.listenTrace(netns), (message: TraceMessage) =>
        onMessage({ ...UNSAID, ...message, netns }),
      );
      const look = (): boolean => {
        hurry(id);
        return (pending.get(id)?.size ?? 0) > 0;
      };
      const listener = standing(answer(id), stop);
      return listener.known
        ? known({ ...listener.value, look, overruns: () => 0 }, listener.source)
        : listener;
    },
    capture(_, onEvent, trace) {
      let settle = (): void => {};
      const ready = new Promise<void>((resolve) => {
        settle = resolve;
      });
      const { id, stop } = begin(stream.capture(), (event: CaptureEvent | { type: 'ready' }) => {
        if (event.type === 'ready') settle();
        else onEvent(event);
      });
      const settled = async (): Promise<boolean> => {
        hurry(id, true);
        return true;
      };
      const traced = ready.then((): Answer<Traced> => {
        const told = trace ? answer(ask.traced(id)) : notKnown('not-asked', 'not asked for', []);
        return told.known ? known({ withoutDrops() {}, told: settled }, told.source) : told;
      });
      return { ready, traced, settled, stop: async () => stop() };
    },
    packets(where, _, onFrame) {
      const { id, stop } = begin(stream.packets(where), onFrame);
      const answered = answer(id);
      return answered.known
        ? known(
            {
              look: () => hurry(id),
              statistics: () => ({ seen: 0, lost: 0 }),
              onlyOn() {},
              stop: async () => stop(),
            },
            answered.source,
          )
        : answered;
    },
    open(spec, onEvent) {
      const { id, mark, stop } = begin(stream.open(spec), (event: SocketEvent) => onEvent(event));
      const socket = answer<{ localPort: number | null; localAddress: string | null }>(id);
      if (!socket.known) return socket;
      return known(
        {
          ...socket.value,
          send: () => (find(mark()) as string | undefined) ?? null,
          write: () => (find(mark()) as string | undefined) ?? null,
          look: () => hurry(id),
          only() {},
          lost: () => 0,
          close: stop,
        },
        socket.source,
      );
    },
  };
}

/** The first moment that it tells of: on any machine the clock begins there. */
const beganAt = ({ marks }: Recording): bigint =>
  Object.values(marks).reduce<bigint>((first, at) => (at < first || first === 0n ? at : first), 0n);

const standing = (answer: Answer<unknown>, stop: () => void): Answer<{ stop(): void }> =>
  answer.known ? known({ stop }, answer.source) : answer;

function grouped<T>(all: readonly (readonly [key: string, value: T])[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const [key, value] of all) {
    const before = found.get(key);
    if (before) before.push(value);
    else found.set(key, [value]);
  }
  return found;
}
