/** The rooms of src: the one list that the architecture test, docs/architecture.md and the README of each room follow. */
export interface Room {
  readonly name: string;
  /** What it holds, in one sentence. */
  readonly holds: string;
}

/** From the ground up. An import goes to a lower floor only, or stays in its room. */
export const FLOORS: readonly (readonly Room[])[] = [
  [
    {
      name: 'model',
      holds: 'The words everything else speaks in: types, and the smallest pure helpers on them.',
    },
  ],
  [
    { name: 'words', holds: 'Sentences: plain text, the nearest word, and what many causes say alike.' },
    { name: 'wire', holds: 'Frames and messages decoded: packets and DNS.' },
  ],
  [
    {
      name: 'kernel',
      holds:
        'What Linux does with a packet, worked out from state: routing, bridges, rules, NAT, connection tracking.',
    },
    {
      name: 'resolver',
      holds:
        'What glibc and musl do with a name, worked out from their files and what servers say: resolv.conf, hosts, order.',
    },
    {
      name: 'host',
      holds:
        'The one door to the machine: programs, files, namespaces, sockets, captures, and the recorder of all of it.',
    },
    {
      name: 'pcapng',
      holds: 'Capture files: pcapng written and read, pcap read.',
    },
    {
      name: 'output',
      holds: 'What a run and a diagnosis look like: as plain text, as lines of a screen, as JSON, redacted.',
    },
  ],
  [
    { name: 'fixes', holds: 'Builders of fixes that causes share, each with its way back.' },
    { name: 'probe', holds: 'The probes: what is sent, and how it is known again at every hop.' },
    {
      name: 'targets',
      holds: 'Finding what was named: containers of every runtime, processes, namespaces.',
    },
  ],
  [
    { name: 'causes', holds: 'Why packets stop: one file for each cause, or for a close family of them.' },
    {
      name: 'discover',
      holds: 'The path of a flow and the state of the network: links, routes, rules, facts, owners, the map.',
    },
  ],
  [
    {
      name: 'witness',
      holds: 'Who watches while a probe runs: captures, the kernel’s journey, rules, the control.',
    },
    {
      name: 'repair',
      holds: 'Making changes and taking them back: the journal, drift, persistence, undo.',
    },
  ],
  [
    { name: 'engine', holds: 'One question from its words to its verdict.' },
    {
      name: 'capture',
      holds:
        'Every hop at once: one packet known again at each of them, told in a line, saved, and read back.',
    },
    { name: 'guide', holds: 'The wizard behind `netdoctor setup`: recipes, questions, verbs, proofs.' },
    { name: 'demo', holds: 'A throwaway network, and the faults that it can be broken by.' },
  ],
  [
    {
      name: 'watch',
      holds: 'A probe again and again: loss and delay at every hop, and what changed beside it.',
    },
  ],
  [
    {
      name: 'repl',
      holds: 'The conversation after a verdict, without a screen: state, keys, commands, completion.',
    },
  ],
  [{ name: 'tui', holds: 'The conversation on a terminal: Ink draws it, keys are read.' }],
  [{ name: 'main', holds: 'The command line: commands, options, help, signals, exit codes.' }],
];

export const ROOMS: readonly Room[] = FLOORS.flat();

/** 0 is the ground floor; -1: no such room. */
export const floorOf = (room: string): number =>
  FLOORS.findIndex((rooms) => rooms.some(({ name }) => name === room));

/** What is written at a room's door: src/ROOM/README.md. */
export const doorOf = ({ name, holds }: Room): string => `# ${name}

${holds}

Floor ${floorOf(name)} of [the house](../../docs/architecture.md).
`;
