/** docs/architecture.md: the floors, the way of a question through them, and where to add what. */
import { doorOf, FLOORS, floorOf, ROOMS } from '../architecture/rooms.ts';
import { code, joined, NOTE, table } from './markdown.ts';

/** What is added by adding a file: its place, and what else speaks of it. */
const ADDITIONS = `- **a cause**: \`src/causes/ID.ts\`, and its id in \`test/causes/vocabulary.ts\`; scenes in a table of \`test/causes\`; a scenario with the fault and a decoy in \`test/scenarios\`; where a demo can make it, \`src/demo/faults/ID.ts\`.
- **a reason of the kernel for a drop**: \`src/kernel/drop-reasons\`, and one entry in the file of its family: every reason of the running kernel has one (\`test/lab/drop-reasons.test.ts\`). A cause that never looks at drops says in \`explains\` which it can bring about: a packet that was seen to end otherwise was not ended by it.
- **a fact that causes may need**: \`src/discover/facts/NAME.ts\`, and its type in \`src/model/facts.ts\`; \`NEEDS\` in \`test/causes/contract.test.ts\`.
- **a hop, that is a kind of link**: \`src/discover/hops/KIND.ts\`, and a listing of one in \`test/discover/hops/kinds.test.ts\`.
- **an owner of rules**: \`src/discover/owners/NAME.ts\`, and its rules in \`test/discover/owners.test.ts\`.
- **a runtime**: \`src/targets/runtimes/NAME.ts\`, and what its client says, in \`test/targets/clients.test.ts\`, or a test of its own in \`test/targets/runtimes\`.
- **a probe**: \`src/probe/kinds/PROTO.ts\`, and its name in \`Proto\` of \`src/model/flow.ts\`, from which the compiler names what is missing; a test in \`test/probe/kinds\`.
- **a builder of fixes**: \`src/fixes/NAME.ts\`, and the scenes of the causes that offer it.
- **a subject, that is what a command of a fix changes**: \`src/repair/observe/NAME.ts\`, and a test in \`test/repair\`; where it lasts, \`src/repair/owner\`; how a file takes it, \`src/repair/merge\`.
- **a recipe**: \`recipes/NAME.yaml\`, and a case in \`test/guide/enclosed/cases.ts\`.
- **a verb of recipes**: \`src/guide/steps/NAME.ts\`, and a recipe that uses it.
- **a type of question of recipes**: \`src/guide/questions/NAME.ts\`, and new words of it in \`MEANINGS\` of \`test/reference/recipes-page.ts\`.
- **a command of the program**: \`src/main/commands/NAME.ts\`, and a line in the README where people look.
- **a command of the conversation**: \`src/repl/commands/NAME.ts\`, and a line in \`docs/repl.md\`.
- **a fault of the demo**: \`src/demo/faults/ID.ts\`.
- **a document**: \`src/output/schema/documents/NAME.ts\`.
- **an engine that scenarios are played on**: \`test/lab/NAME.ts\`, as \`test/lab/podman.ts\` is one, and its name in \`test/lab/scenario-file.ts\` and \`test/lab/network.ts\`.`;

/** The way of `netdoctor web --to db:5432`. */
const WAY: readonly (readonly [where: string, does: string])[] = [
  ['main/program.ts', 'reads the words of the command line; the folder `src/main/commands` is the list'],
  ['main/commands/diagnose.ts', 'makes a question of them, and hands it to the engine'],
  ['engine/diagnose.ts', 'the pipeline: everything below, in this order'],
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
    `A folder is its own registry: what lies in it is there, and is on no list kept by hand. Each file exports what its neighbours export; read three of them first. Then \`npm run reference\` writes the pages that are made from the source.`,
    ADDITIONS,
    'How any of it is tried: [testing](testing.md).',
  ]);

/** The page, and what is written at each room's door. */
export const architecturePages = (): { file: string; text: string }[] => [
  { file: 'docs/architecture.md', text: architecturePage() },
  ...ROOMS.map((room) => ({ file: `src/${room.name}/README.md`, text: doorOf(room) })),
];
