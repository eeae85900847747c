/** A machine that writes down every answer of another one, in order and with its moment. */
import type { Answer } from '../model/answer.ts';
import type { CaptureEvent, Machine, TraceMessage } from './machine.ts';
import type { Asked } from './record/asked.ts';
import { momentOf } from './record/moment.ts';
import { ask, counter, SOCKET, stream } from './record/questions.ts';
import { type Recording, SCHEMA, type Told } from './record/recording.ts';

/** Of a captured frame the headers are enough: Ethernet, two IP headers and what they quote. Bytes. */
const ENOUGH = 160;

/** What is heard so shortly after another thing was heard in the same turn of the loop, or the next. Nanoseconds. */
const TURN = 25_000_000n;

export interface Recorder {
  readonly machine: Machine;
  /** All that was answered until now. */
  recording(argv: readonly string[]): Recording;
}

export function recorder(machine: Machine): Recorder {
  const began = machine.now();
  const asked: Asked[] = [];
  const told: Told[] = [];
  const marks: Record<string, bigint> = {};
  const env: Record<string, string | undefined> = {};
  const number = counter();
  /** Of what sockets told, in the order in which it was heard: its place in `told`, and the moment at which it is told again. */
  const unstamped: { readonly at: number; moment: bigint }[] = [];
  /** When a frame was heard of last, and how late. */
  let late = { heard: 0n, by: 0n };
  /** Marks of sent probes, in time: what a socket, a capture or a trace tells is about one of them. */
  const sends: string[] = [];

  const since = (from: bigint, to = machine.now()): number => Math.round(Number(to - from) / 1e3) / 1e3;
  const note = (question: string, answer: unknown): void => {
    asked.push({ at: since(began), ask: question, answer });
  };
  const noted = <T>(question: string, answer: T): T => {
    note(question, answer);
    return answer;
  };
  const later = async <T>(question: string, answer: Promise<T>): Promise<T> => noted(question, await answer);

  /** A stream: `mark` notes each call to it, `tell` each thing it says. */
  const begin = (name: string) => {
    const id = number(name);
    let own = id;
    let calls = 0;
    const isSocket = name.startsWith(SOCKET);
    marks[id] = machine.now();
    return {
      id,
      mark(sends_ = false): string {
        own = `${id} ${++calls}`;
        marks[own] = machine.now();
        if (sends_) sends.push(own);
        return own;
      },
      tell(event: unknown): void {
        const heard = machine.now();
        const said_ = momentOf(event) ?? heard;
        const moment = isSocket ? punctual(said_, marks[own]!) : said_;
        const send = sends.findLast((one) => marks[one]! <= moment);
        const after = send !== undefined && marks[send]! > marks[own]! ? send : causeOf(own, moment);
        // What has a moment of its own is told at that moment again, however late a busy machine was in telling it.
        told.push({ stream: id, after, delay: Math.max(0, since(marks[after]!, moment)), event });
        if (isSocket) unstamped.push({ at: told.length - 1, moment });
        else if (momentOf(event) !== undefined) keepBefore(moment);
        if (isFrame(name) && momentOf(event) !== undefined) late = { heard, by: heard - moment };
      },
    };
    /** By as much earlier as the loop was late when it heard of a frame just before: but not before the call that led to it. */
    function punctual(moment: bigint, sent: bigint): bigint {
      if (late.by <= TURN || moment - late.heard > TURN) return moment;
      return moment - late.by > sent ? moment - late.by : sent;
    }
    /**
     * What a socket told has no stamp of the kernel's, but the moment at which a busy machine came to hear it: it is told again
     * before whatever was heard later, though that has an earlier stamp.
     */
    function keepBefore(moment: bigint): void {
      for (const one of unstamped.toReversed()) {
        if (one.moment <= moment) return;
        one.moment = moment;
        const { after } = told[one.at]!;
        told[one.at] = { ...told[one.at]!, delay: Math.max(0, since(marks[after]!, moment)) };
      }
    }
    /** A socket's own later call is no cause of what happened before it. */
    function causeOf(candidate: string, moment: bigint): string {
      if (marks[candidate]! <= moment) return candidate;
      return sends.findLast((one) => marks[one]! <= moment) ?? id;
    }
  };
  const opened = <T>(id: string, answer: Answer<T>, shown: (value: T) => unknown): void =>
    note(id, answer.known ? { ...answer, value: shown(answer.value) } : answer);

  const recording: Machine = {
    ...machine,
    run: (command, options) => later(ask.run(command, options), machine.run(command, options)),
    read: (file, where) => noted(ask.read(file, where), machine.read(file, where)),
    readForeign: (file, rules) => noted(ask.read(file), machine.readForeign(file, rules)),
    identity: (file) => noted(ask.identity(file), machine.identity(file)),
    list: (folder, where) => noted(ask.list(folder, where), machine.list(folder, where)),
    link: (file) => noted(ask.link(file), machine.link(file)),
    netns: (path) => noted(ask.netns(path), machine.netns(path)),
    nsid: (of, from) => noted(ask.nsid(of, from), machine.nsid(of, from)),
    nsids: (all, from) => noted(ask.nsids(all, from), machine.nsids(all, from)),
    linksBehind: (from, nsids) => noted(ask.linksBehind(from, nsids), machine.linksBehind(from, nsids)),
    farEnds: (from, ends) => noted(ask.farEnds(from, ends), machine.farEnds(from, ends)),
    sockets: (netns) => noted(ask.sockets(netns), machine.sockets(netns)),
    linksIn: (netns) => noted(ask.linksIn(netns), machine.linksIn(netns)),
    networkIn: (netns, near) => noted(ask.networkIn(netns), machine.networkIn(netns, near)),
    routeIn: (netns, asked) => noted(ask.routeIn(netns, asked), machine.routeIn(netns, asked)),
    balancingIn: (netns) => noted(ask.balancingIn(netns), machine.balancingIn(netns)),
    kernelTells: (what, netns, asked) =>
      noted(ask.kernelTells(what, netns, asked), machine.kernelTells(what, netns, asked)),
    request: (socket, path, signal) =>
      later(ask.request(socket, path), machine.request(socket, path, signal)),
    cgroupPrograms: (cgroup) => noted(ask.cgroupPrograms(cgroup), machine.cgroupPrograms(cgroup)),
    tracefs: () => noted(ask.tracefs(), machine.tracefs()),
    write: (file, text, options) => noted(ask.write(file), machine.write(file, text, options)),
    writeLater: (file, text) => later(ask.write(file), machine.writeLater(file, text)),
    remove: (file) => noted(ask.remove(file), machine.remove(file)),
    removeLater: (folder) => later(ask.remove(folder), machine.removeLater(folder)),
    makeDirectory: (folder) => noted(ask.makeDirectory(folder), machine.makeDirectory(folder)),
    detach: (command) => noted(ask.detach(command), machine.detach(command)),
    alive: (pid, started) => noted(ask.alive(pid, started), machine.alive(pid, started)),
    random: (min, max) => noted(ask.random(min, max), machine.random(min, max)),
    lock(file) {
      const answer = machine.lock(file);
      opened(ask.lock(file), answer, (lock) => ('holder' in lock ? lock : {}));
      return answer;
    },
    start(command, onLine) {
      const { mark, tell } = begin(stream.start(command));
      const running = machine.start(command, (line, from) => {
        tell({ line, from });
        onLine(line, from);
      });
      void running.ended.then((code) => tell({ ended: code }));
      return {
        ...running,
        write(text) {
          mark();
          running.write(text);
        },
      };
    },
    follow(file, onLine) {
      const { id, tell } = begin(stream.follow(file));
      const answer = machine.follow(file, (line) => {
        tell({ line });
        onLine(line);
      });
      opened(id, answer, () => null);
      return answer;
    },
    listenTrace(netns, onMessage) {
      const { id, tell } = begin(stream.listenTrace(netns));
      const answer = machine.listenTrace(netns, (message) => {
        tell(said(message));
        onMessage(message);
      });
      opened(id, answer, () => null);
      return answer;
    },
    capture(points, onEvent, trace) {
      const { id, tell } = begin(stream.capture());
      const heard = (event: CaptureEvent): void => {
        tell(shortened(event));
        onEvent(event);
      };
      const capture = machine.capture(points, heard, trace);
      if (trace) void capture.traced.then((answer) => opened(ask.traced(id), answer, () => null));
      void capture.ready.then(() => tell({ type: 'ready' }));
      return capture;
    },
    packets(where, plan, onFrame) {
      const { id, tell } = begin(stream.packets(where));
      const answer = machine.packets(where, plan, (frame) => {
        tell({ ...frame, bytes: cut(frame.bytes) });
        onFrame(frame);
      });
      opened(id, answer, () => null);
      return answer;
    },
    open(spec, onEvent) {
      const { id, mark, tell } = begin(stream.open(spec));
      const answer = machine.open(spec, (event) => {
        tell(spec.kind === 'icmp' && event.type === 'data' ? { ...event, bytes: cut(event.bytes) } : event);
        onEvent(event);
      });
      opened(id, answer, ({ localPort, localAddress }) => ({ localPort, localAddress }));
      if (!answer.known) return answer;
      const socket = answer.value;
      const marked = (call: () => string | null): string | null => {
        const sent = mark(true);
        const errno = call();
        if (errno !== null) note(sent, errno);
        return errno;
      };
      return {
        ...answer,
        value: {
          ...socket,
          send: (bytes) => marked(() => socket.send(bytes)),
          write: (bytes) => marked(() => socket.write(bytes)),
        },
      };
    },
    env: new Proxy(machine.env, {
      get(target, name: string) {
        env[name] = target[name];
        return target[name];
      },
    }),
  };
  const { uid, pid, started, self, tracing } = machine;
  return {
    machine: recording,
    recording: (argv) => ({
      schema: SCHEMA,
      argv,
      machine: { uid, pid, started, self, tracing, env },
      marks: used(marks, told),
      asked,
      told,
    }),
  };
}

/** Streams whose events the kernel has stamped. */
const isFrame = (name: string): boolean => name === stream.capture() || name.startsWith('packets');

const used = (marks: Recording['marks'], told: readonly Told[]): Recording['marks'] =>
  Object.fromEntries(told.map(({ after }) => [after, marks[after]!]));

const cut = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, ENOUGH);

/** Most of a trace message is null, and its namespace is the stream's. */
const said = ({ netns: _, ...message }: TraceMessage): object =>
  Object.fromEntries(Object.entries(message).filter(([, value]) => value !== null));

const shortened = (event: CaptureEvent): CaptureEvent =>
  event.type === 'frame' ? { ...event, frame: { ...event.frame, bytes: cut(event.frame.bytes) } } : event;
