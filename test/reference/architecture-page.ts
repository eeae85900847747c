/** docs/architecture.md: the floors, the way of a question through them, and where to add what. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { doorOf, FLOORS, floorOf, ROOMS } from '../architecture/rooms.ts';
import { code, joined, NOTE, table } from './markdown.ts';

/** What is added by adding a file: its place, and what else speaks of it. */
const additions = readFileSync(join(import.meta.dirname, 'additions.md'), 'utf8').trimEnd();

/** The way of `netdoctor web --to db:5432`. */
const WAY: readonly (readonly [where: string, does: string])[] = [
  ['main/program.ts', 'reads the words of the command line; the folder `src/main/commands` is the list'],
  ['main/commands/diagnose.ts', 'makes a question of them, and hands it to the engine'],
  ['engine/ask.ts', 'the pipeline: everything below, in this order'],
  ['targets/target.ts', 'finds what is called `web`, in every runtime at once'],
  ['discover/stack.ts', 'reads links, addresses and routes of its namespace and of the host'],
  ['engine/flow.ts', 'the flow that the words mean: from, to, protocol, family'],
  ['discover/path.ts', 'the hops a packet of this flow will cross, asked of the kernel'],
  ['engine/run/run.ts', 'arms the witnesses, sends the probes, waits until the evidence decides'],
  ['probe/kinds', 'what is sent, and known again at every hop'],
  ['witness', 'what was seen: captures, the kernel’s journey, rules, the control'],
  ['engine/place.ts', 'where it stops: the last hop that saw it, the first that did not'],
  ['engine/scene.ts', 'the scene: what was seen, and the state as the probe left it'],
  ['discover/facts', 'what causes ask for beyond it, gathered side by side'],
  ['engine/judge.ts', 'every file of `src/causes` examines the scene; the best supported claim is named'],
  ['engine/document.ts', 'the diagnosis, as one document'],
  ['output/run.ts', 'folds the events of all this into what is drawn or printed'],
  ['repair/rounds.ts', 'with `--fix`: makes a fix, asks again, takes back what did not help'],
];

/** From an idea to what may be handed in, for a cause; anything else goes the same way with fewer steps. */
const FIRST_CHANGE = `1. \`npm run setup\`, then \`npm run lab -- s01-ip-forward-off\`: a network with a fault, and the words that ask about it. \`--json\` shows the path and what was seen.
2. The file, and its scenes: \`npx vitest run --project unit test/causes\` says what a cause must keep to.
3. The scenario and its decoy: \`npm run build\`, then \`npm run exam -- NAME\` plays it before, under and after the fault. A test says which folder it belongs in. [Testing](testing.md) tells what a scenario holds.
4. \`npm run reference\` writes the pages that are made from the source.
5. \`npm run format\`, \`npm run lint\`, \`npm test\`.`;

const WIDTH = 58;

/** The floors as a picture, the top floor first. */
function picture(): string {
  const rows = FLOORS.map(
    (rooms, floor) =>
      `${String(floor).padStart(2)} │ ${rooms
        .map(({ name }) => name)
        .join('   ')
        .padEnd(WIDTH)} │`,
  );
  const between = `   ├─${'─'.repeat(WIDTH)}─┤`;
  const lines = [
    `   ┌─${'─'.repeat(WIDTH)}─┐`,
    ...rows.toReversed().flatMap((row, at) => (at === 0 ? [row] : [between, row])),
    `   └─${'─'.repeat(WIDTH)}─┘`,
  ];
  const arrow = (at: number): string =>
    at === 1 ? '  imports' : at === lines.length - 2 ? '     ▼' : '     │';
  return lines.map((line, at) => (at > 0 && at < lines.length - 1 ? line + arrow(at) : line)).join('\n');
}

function mayImport(room: string): string {
  const lower = FLOORS.slice(0, floorOf(room)).flat();
  return lower.length === 0
    ? 'nothing'
    : lower.length > 3
      ? `floors 0 to ${floorOf(room) - 1}`
      : lower.map(({ name }) => name).join(', ');
}

export const architecturePage = (): string =>
  joined([
    '# Architecture',
    NOTE,
    `A house of ${ROOMS.length} rooms on ${FLOORS.length} floors. A room is a folder of \`src\`. A file imports from lower floors, or from its own room; files never import each other in a circle. \`test/architecture.test.ts\` refuses anything else, and names the files.`,
    code(picture()),
    table(
      ['floor', 'room', 'holds', 'may import'],
      ROOMS.map(({ name, holds }) => [
        `${floorOf(name)}`,
        `[${name}](../src/${name})`,
        holds,
        mayImport(name),
      ]).toReversed(),
    ),
    `Only \`host\` touches the machine: everything else asks its interface, \`src/host/machine.ts\`, or works on values. Only \`tui\` draws. What is heavy (Ink, zod, yaml) is loaded when it is needed.`,
    '## The way of a question',
    table(
      ['in', 'happens'],
      WAY.map(([where, does]) => [`\`src/${where}\``, does]),
    ),
    '## Where to add what',
    `A folder is its own registry: what lies in it is there, and is on no list kept by hand. Each file exports what its neighbours export; read three of them first.`,
    additions,
    '## A first change',
    FIRST_CHANGE,
  ]);

/** The page, and what is written at each room's door. */
export const architecturePages = (): { file: string; text: string }[] => [
  { file: 'docs/architecture.md', text: architecturePage() },
  ...ROOMS.map((room) => ({ file: `src/${room.name}/README.md`, text: doorOf(room) })),
];
