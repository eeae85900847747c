/** A conversation on a terminal in memory, about a machine that is made up. */
// What a conversation loads after its first frame is there already: no test waits for it, nor ends before it is.
import '../../src/causes.ts';
import type { Machine } from '../../src/host/machine.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import type { Event } from '../../src/model/event.ts';
import type { Question } from '../../src/model/question.ts';
import { USUAL } from '../../src/model/question.ts';
import type { Surroundings } from '../../src/repl/surroundings.ts';
import { runTui } from '../../src/tui/index.tsx';
import { story } from '../repl/fixture/forwarding-off.ts';
import { type FakeTerminal, fakeTerminal } from './terminal.ts';

export const settle = (milliseconds = 60): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Remembers the files written; knows nothing else. */
export function fakeMachine(files: Record<string, string> = {}, env: Record<string, string> = {}): Machine {
  const read = (file: string) =>
    file in files
      ? known(files[file]!, ['cat', file])
      : notKnown('unreadable', 'no such file', ['cat', file]);
  return {
    env: { LANG: 'C.UTF-8', TERM: 'xterm-256color', HOME: '/home/someone', ...env },
    uid: 1000,
    read,
    readForeign: read,
    ownedAlone: () => known(undefined, []),
    write: (file: string, text: string) => {
      files[file] = text;
      return known(undefined, ['tee', file]);
    },
  } as unknown as Machine;
}

export interface Told {
  /** Every question asked. */
  readonly asked: Question[];
  readonly around: Surroundings;
}

/** An engine that tells `events`, one each `pace` milliseconds; null waits until it is stopped. */
export function telling(
  events: readonly (Event | null)[] = story,
  pace = 0,
  options: { repair?: Surroundings['repair'] } = {},
): Told {
  const asked: Question[] = [];
  const around: Surroundings = {
    async *diagnose(question, signal) {
      asked.push(question);
      for (const event of events) {
        if (signal.aborted) return;
        if (event === null) await new Promise((resolve) => signal.addEventListener('abort', resolve));
        else yield event;
        if (pace > 0) await settle(pace);
      }
    },
    targets: async () => ({
      silent: [],
      candidates: [
        {
          runtime: 'docker',
          name: 'web',
          id: '97ac',
          state: 'running',
          pid: 4242,
          addresses: ['172.17.0.2'],
          networks: ['bridge'],
        },
        {
          runtime: 'docker',
          name: 'db',
          id: '1234',
          state: 'running',
          pid: 4243,
          addresses: ['172.17.0.3'],
          networks: ['bridge'],
        },
        {
          runtime: 'netns',
          name: 'red',
          id: null,
          state: 'named',
          pid: null,
          addresses: ['10.0.0.2'],
          networks: [],
        },
      ],
    }),
    find: async () => null,
    inventory: () => around.targets(),
    failing: async () => [],
    repair: options.repair ?? (async (first) => ({ repairs: [], last: first })),
    veths: async () => ({ pairs: [], silent: [] }),
    capture: async () => [],
    watch: async () => [],
    lookUp: async () => {
      throw new Error('no name is looked up here');
    },
    recipes: () =>
      ['bridge-nat', 'bridge-host', 'macvlan'].map((name) => ({ name, title: `builds ${name}` })),
    keep: async () => [],
    map: async () => ({ namespaces: [], links: [], ports: [], silent: [] }),
    undo: async () => null,
    commandsRun: () => [],
    save: () => null,
    versions: () => ['netdoctor 0.1.0', 'Linux 6.18.0'],
  };
  return { asked, around };
}

export interface Conversation {
  readonly terminal: FakeTerminal;
  readonly told: Told;
  readonly files: Record<string, string>;
  readonly ended: Promise<void>;
}

/** Starts `netdoctor web` on a terminal that already shows something of its user's. */
export function converse(
  columns: number,
  rows: number,
  options: {
    events?: readonly (Event | null)[];
    repair?: Surroundings['repair'];
    /** Is given the terminal. */
    setUp?: (recipe: string | null, stdin: NodeJS.ReadStream) => Promise<void>;
    pace?: number;
    target?: string | null;
    colour?: boolean;
    env?: Record<string, string>;
  } = {},
): Conversation {
  const terminal = fakeTerminal(columns, rows);
  terminal.stdout.write('user@host:~$ echo before\nbefore\n');
  const told = telling(options.events, options.pace, options);
  const files: Record<string, string> = {};
  const ended = runTui({
    machine: fakeMachine(files, options.env),
    around: told.around,
    target: options.target === undefined ? 'web' : options.target,
    defaults: { ...USUAL, to: '198.51.100.1' },
    setUp: options.setUp ?? (async () => {}),
    colour: options.colour ?? false,
    stdin: terminal.stdin,
    stdout: terminal.stdout,
  });
  return { terminal, told, files, ended };
}
