/**
 * The machine as one on which a witness cannot look, or tells by halves: on it the exam tries that less evidence never
 * means another cause. Named by NETDOCTOR_WITHOUT in the lab; no option of the program.
 */
import { type Answer, notKnown } from '../model/answer.ts';
import type { Netns } from '../model/netns.ts';
import type { Machine } from './machine.ts';

const taken = (what: string): Answer<never> => notKnown('unsupported', `${what} was taken away`, []);

/** As a kernel before 5.17 prints a drop, or one between it and about 6.12. */
const NO_REASON = (line: string): string => line.replace(/ reason: \S+/, '');
const NO_FUNCTION = (line: string): string => line.replace(/location=\S+/, 'location=00000000f49a23da');

const telling = (machine: Machine, line: (text: string) => string): Pick<Machine, 'follow'> => ({
  follow: (file, onLine) => machine.follow(file, (text) => onLine(line(text))),
});

/** State of every namespace but this program's own and the first that a program was run in, which is the target's. */
function elsewhere(machine: Machine): Partial<Machine> {
  let first: number | undefined;
  const isElsewhere = (where: Netns | null | undefined): boolean => {
    if (!where) return false;
    first ??= where.inode;
    return where.inode !== first;
  };
  const gone = () => taken('the state of the other namespace');
  return {
    run: async (command, options) => (isElsewhere(command.in) ? gone() : machine.run(command, options)),
    read: (file, where) => (isElsewhere(where) ? gone() : machine.read(file, where)),
    list: (directory, where) => (isElsewhere(where) ? gone() : machine.list(directory, where)),
    sockets: (where) => (isElsewhere(where) ? gone() : machine.sockets(where)),
    balancingIn: (where) => (isElsewhere(where) ? gone() : machine.balancingIn(where)),
  };
}

const WITHOUT: Readonly<Record<string, (machine: Machine) => Partial<Machine>>> = {
  trace: () => ({ tracefs: () => taken('the kernel’s trace') }),
  reasons: (machine) => telling(machine, NO_REASON),
  functions: (machine) => telling(machine, NO_FUNCTION),
  'reasons-and-functions': (machine) => telling(machine, (text) => NO_REASON(NO_FUNCTION(text))),
  rules: () => ({ listenTrace: () => taken('the trace of rules') }),
  captures: () => ({
    packets: () => taken('the packet socket'),
    capture: (points, onEvent) => {
      for (const { hop } of points) onEvent({ type: 'failed', hop, because: 'captures were taken away' });
      return { ready: Promise.resolve(), settled: async () => true, stop: async () => {} };
    },
  }),
  conntrack: (machine) => ({
    run: async (command, options) =>
      command.argv[0] === 'conntrack' ? taken('connection tracking') : machine.run(command, options),
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
