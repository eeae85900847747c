/**
 * The machine as one on which a witness cannot look, or tells by halves: on it the exam tries that less evidence never
 * means another cause. Named by NETDOCTOR_WITHOUT in the lab; no option of the program.
 */
import { type Answer, notKnown } from '../model/answer.ts';
import type { Netns } from '../model/netns.ts';
import type { Machine, TraceEvent } from './machine.ts';

const taken = (what: string): Answer<never> => notKnown('unsupported', `${what} was taken away`, []);

/** As a kernel before 5.17 prints a drop, or one between it and about 6.12. */
const NO_REASON = (line: string): string => line.replace(/ reason: \S+/, '');
const NO_FUNCTION = (line: string): string => line.replace(/location=\S+/, 'location=00000000f49a23da');

type Event = Omit<TraceEvent, 'at'>;
const reasonless = (event: Event): Event => ({ ...event, reason: null });
const placeless = (event: Event): Event => ({ ...event, location: event.location && '00000000f49a23da' });

const telling = (
  machine: Machine,
  line: (text: string) => string,
  drop: (event: Event) => Event,
): Pick<Machine, 'follow' | 'capture'> => ({
  follow: (file, onLine) => machine.follow(file, (text) => onLine(line(text))),
  capture: (points, onEvent, trace) =>
    machine.capture(
      points,
      (event) => onEvent(event.type === 'traced' ? { ...event, event: drop(event.event) } : event),
      trace,
    ),
});

/** State of every namespace but this program's own and the first that a program was run in, which is the target's. */
function elsewhere(machine: Machine): Partial<Machine> {
  let first: number | undefined;
  const isElsewhere = (where: Netns | null | undefined): boolean => {
    if (!where || where.inode === machine.self.inode) return false;
    first ??= where.inode;
    return where.inode !== first;
  };
  const gone = () => taken('the state of the other namespace');
  return {
    run: async (command, options) => (isElsewhere(command.in) ? gone() : machine.run(command, options)),
    read: (file, where) => (isElsewhere(where) ? gone() : machine.read(file, where)),
    list: (directory, where) => (isElsewhere(where) ? gone() : machine.list(directory, where)),
    sockets: (where) => (isElsewhere(where) ? gone() : machine.sockets(where)),
    networkIn: (where, near, first) => (isElsewhere(where) ? gone() : machine.networkIn(where, near, first)),
    routeIn: (where, asked) => (isElsewhere(where) ? gone() : machine.routeIn(where, asked)),
    balancingIn: (where) => (isElsewhere(where) ? gone() : machine.balancingIn(where)),
    kernelTells: (what, where, asked) =>
      isElsewhere(where) ? gone() : machine.kernelTells(what, where, asked),
  };
}

const untraced = async () => taken('the kernel’s trace');

const WITHOUT: Readonly<Record<string, (machine: Machine) => Partial<Machine>>> = {
  trace: (machine) => ({
    tracefs: () => taken('the kernel’s trace'),
    capture: (points, onEvent) => ({ ...machine.capture(points, onEvent), traced: untraced() }),
  }),
  reasons: (machine) => telling(machine, NO_REASON, reasonless),
  functions: (machine) => telling(machine, NO_FUNCTION, placeless),
  'reasons-and-functions': (machine) =>
    telling(
      machine,
      (text) => NO_REASON(NO_FUNCTION(text)),
      (event) => reasonless(placeless(event)),
    ),
  rules: () => ({ listenTrace: () => taken('the trace of rules') }),
  captures: (machine) => ({
    packets: () => taken('the packet socket'),
    capture: (points, onEvent, trace) => {
      for (const { hop } of points) onEvent({ type: 'failed', hop, because: 'captures were taken away' });
      return machine.capture([], onEvent, trace);
    },
  }),
  conntrack: (machine) => ({
    run: async (command, options) =>
      command.argv[0] === 'conntrack' ? taken('connection tracking') : machine.run(command, options),
    kernelTells: (what, where, asked) =>
      what === 'tracked' ? taken('connection tracking') : machine.kernelTells(what, where, asked),
  }),
  elsewhere,
};

/** What can be taken away, for the exam. */
export const witnesses: readonly string[] = Object.keys(WITHOUT);

/** Throws nothing for a name that is none: the exam is asked with those above. */
export const without = (machine: Machine, name: string): Machine => ({
  ...machine,
  ...WITHOUT[name]?.(machine),
});
