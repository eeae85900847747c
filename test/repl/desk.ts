/** A desk for commands, over a machine that is made up. */
// What a conversation loads when it looks around is there already.
import '../../src/causes.ts';
import { wrongCall } from '../../src/model/failure.ts';
import { unicode } from '../../src/output/glyphs.ts';
import { textOf } from '../../src/output/line/span.ts';
import { follow, newRun, type Run } from '../../src/output/run.ts';
import { firstState, type State } from '../../src/repl/state.ts';
import type { Surroundings } from '../../src/repl/surroundings.ts';
import { carryOut } from '../../src/repl/work/answering.ts';
import { story } from './fixture/forwarding-off.ts';

export const lastRun: Run = story.reduce(follow, newRun);

/** Nothing happens, and everything is said to have worked. */
export const quiet: Surroundings = {
  async *diagnose() {},
  targets: async () => ({
    candidates: ['web', 'db'].map((name) => ({
      runtime: 'docker',
      name,
      id: `${name}1234`,
      state: 'running',
      pid: 1,
      addresses: ['172.17.0.2'],
      networks: ['bridge'],
    })),
    silent: [],
  }),
  async find(name) {
    const { candidates } = await quiet.targets();
    const [, bare = name] = name.split(':');
    if (!candidates.some((one) => one.name === bare) && bare !== 'red')
      throw wrongCall(
        'unknown-target',
        `No container or namespace is called "${name}".`,
        'netdoctor containers',
      );
  },
  inventory: async () => quiet.targets(),
  veths: async () => ({ pairs: [], silent: [] }),
  capture: async () => [],
  watch: async () => [],
  lookUp: async (_, name) => ({
    name,
    library: 'musl',
    files: [],
    servers: [],
    search: [],
    ndots: 1,
    questions: [],
    results: [],
  }),
  failing: async () => [],
  repair: async (first) => ({ repairs: [], last: first }),
  recipes: () => ['bridge-nat', 'bridge-host', 'macvlan'].map((name) => ({ name, title: `builds ${name}` })),
  keep: async () => [],
  map: async () => ({ namespaces: [], links: [], ports: [], silent: [] }),
  undo: async () => null,
  commandsRun: () => [],
  save: () => null,
  versions: () => ['netdoctor 0.1.0'],
};

const size = { columns: 81, rows: 24 };

/** What an entered line comes to. */
export const enter = (line: string, change: Partial<State> = {}, around: Partial<Surroundings> = {}) =>
  carryOut(
    line,
    { ...firstState(size, unicode), target: 'web', last: lastRun, ...change },
    { ...quiet, ...around },
  );

/** The rows an entered line answers with; a wrong line as `message | hint`. */
export async function answer(...call: Parameters<typeof enter>): Promise<string[]> {
  const outcome = await enter(...call);
  if (outcome.type === 'say') return outcome.lines.map(textOf);
  if (outcome.type === 'wrong') return [`${outcome.message} | ${outcome.hint}`];
  throw new Error(`it comes to ${outcome.type}`);
}
