/** The rules that keep the house in order: which room may import which, and what stays small. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { circles } from './architecture/circles.ts';
import { doorOf, floorOf, ROOMS } from './architecture/rooms.ts';

const SRC = join(import.meta.dirname, '../src');

/** Who may touch the machine, and who may draw. */
const ONLY: Readonly<Record<string, RegExp>> = {
  host: /^(node:)?(child_process|net|dgram|fs|fs\/promises|http|https)$|^(execa|cap|koffi)$/,
  tui: /^(ink|ink-.+|react|react\/.+)$/,
};

/** Files that are data, and may be as long as their data. */
const TABLES: readonly string[] = [];
const LONGEST = 300;

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
  .map((file) => ({ file, text: readFileSync(join(SRC, file), 'utf8') }));

/** `causes.ts` beside the folder `causes` belongs to its room. */
const roomOf = (file: string): string => (file.split('/')[0] ?? '').replace(/\.tsx?$/, '');

/** Every module a file names: static, dynamic, re-exported, or through a folder's registry. */
function importsOf(text: string): string[] {
  const code = text.replace(/^\s*(\/?\*|\/\/).*$/gm, '');
  return [...code.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*|\.glob(?:<[^(]*>)?\(\s*)'([^']+)'/g)].map(
    ([, name]) => name!,
  );
}

const arrows = files.flatMap(({ file, text }) =>
  importsOf(text).map((name) => ({
    file,
    name,
    to: name.startsWith('.') ? relative(SRC, join(SRC, dirname(file), name)) : null,
  })),
);

it('finds the imports', () => {
  expect(importsOf("import a from './a.ts';\nexport * from '../b.ts';\nawait import('x');")).toEqual([
    './a.ts',
    '../b.ts',
    'x',
  ]);
  expect(importsOf("import.meta.glob<{ default: X }>('./d/*.ts', { eager: true })")).toEqual(['./d/*.ts']);
  expect(arrows.length).toBeGreaterThan(files.length);
});

it('every room has its floor', () => {
  const rooms = new Set(files.map(({ file }) => roomOf(file)));
  expect([...rooms].filter((room) => floorOf(room) < 0)).toEqual([]);
});

it.each(ROOMS)('$name says at its door what it holds (npm run reference writes it anew)', (room) => {
  expect(files.some(({ file }) => roomOf(file) === room.name)).toBe(true);
  expect(readFileSync(join(SRC, room.name, 'README.md'), 'utf8')).toBe(doorOf(room));
});

it('imports go to a lower floor, or stay in their room', () => {
  const wrong = arrows.filter(({ file, to }) => {
    if (to === null) return false;
    const [from, into] = [roomOf(file), roomOf(to)];
    return from !== into && floorOf(into) >= floorOf(from);
  });
  expect(wrong.map(({ file, to }) => `${file} → ${to}`)).toEqual([]);
});

/** A folder's registry names every file of the folder. */
const matching = (to: string): string[] =>
  to.endsWith('/*.ts')
    ? files.map(({ file }) => file).filter((file) => dirname(file) === dirname(to) && file.endsWith('.ts'))
    : [to];

it('no files import each other in a circle, types included', () => {
  const graph = new Map<string, string[]>(files.map(({ file }) => [file, []]));
  for (const { file, to } of arrows) if (to !== null) graph.get(file)!.push(...matching(to));
  expect(graph.get('discover/facts.ts')).toContain('discover/facts/conntrack.ts');
  expect(circles(graph).map((files) => files.join(' · '))).toEqual([]);
});

it('only host touches the machine, and only tui draws', () => {
  const wrong = arrows.filter(({ file, name }) =>
    Object.entries(ONLY).some(([room, modules]) => modules.test(name) && roomOf(file) !== room),
  );
  expect(wrong.map(({ file, name }) => `${file} → ${name}`)).toEqual([]);
});

/** A program's name and plain words, then a hole: a line to type with a word in it that nobody quoted. */
const TYPED =
  /`[^`]*\b(netdoctor|docker|podman|nerdctl|ctr|crictl|lxc-\w+|machinectl|incus|lxc|sudo|ssh|ls|docker network)( [\w-]+)* \$\{(?!shellLine|quote|version\()/;

it('an interface stands behind dev: it may be called down', () => {
  const bare = /'(link|-br)', '(set|del|show)', (?!'dev'|'type')/;
  expect(files.filter(({ text }) => bare.test(text)).map(({ file }) => file)).toEqual([]);
});

it('a command to type is quoted by shellLine', () => {
  const own = [
    // Not a line to type, or a word that is the program's own.
    'repl/picture/prompt.ts',
    'demo/harmless.ts',
    'output/schema.ts',
    'repair/drift.ts',
    'main/commands/schema.ts',
    'main/shells/bash.ts',
    'main/shells/fish.ts',
    'main/shells/zsh.ts',
  ];
  const wrong = files
    .filter(({ file }) => !own.includes(file))
    .flatMap(({ file, text }) =>
      text
        .split('\n')
        .filter((line) => TYPED.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(wrong).toEqual([]);
});

it('what strangers wrote comes to the screen by one way each', () => {
  const has = (pattern: RegExp): string[] =>
    files
      .filter(({ text }) => pattern.test(text))
      .map(({ file }) => file)
      .sort();
  // A line is made of spans, and only `span` makes one: it makes them printable.
  expect(has(/as Printable/)).toEqual(['words/text.ts']);
  expect(
    has(/as (unknown as )?Span\b|as (unknown as )?Line\b/).filter((file) => roomOf(file) !== 'host'),
  ).toEqual([]);
  // Ink draws what it is given.
  expect(has(/\{[^}]*\bText\b[^}]*\} from 'ink'/)).toEqual(['tui/text.tsx']);
  expect(has(/new Outlet\(/)).toEqual(['main/screen.ts']);
  // What the terminal itself is told.
  expect(has(/\b(stdout|stderr)\.write\(|\bconsole\.(log|error)\(/)).toEqual([
    'host/capture/child.ts',
    'tui/conversation.tsx',
    'tui/drawn.ts',
    'tui/index.tsx',
    'tui/plain.ts',
    'tui/terminal.ts',
  ]);
});

it('who is told again from a recording waits by the clock of the machine', () => {
  const clocks =
    /\bset(Timeout|Interval)\(|\bAbortSignal\.timeout\(|\b(Date|performance)\.now\(|hrtime|node:timers/;
  const rooms = ['causes', 'discover', 'engine', 'kernel', 'probe', 'resolver', 'targets', 'witness'];
  const own = files.filter(({ file, text }) => rooms.includes(roomOf(file)) && clocks.test(text));
  // How long a hello may take to be written, and what day it is where a certificate is looked at.
  expect(own.map(({ file }) => file).sort()).toEqual(['probe/speech.ts', 'probe/speech/tls.ts']);
});

it('files are small', () => {
  const lengths = files
    .filter(({ file }) => !TABLES.includes(file))
    .map(({ file, text }) => ({ file, lines: text.split('\n').length - 1 }));
  expect(lengths.filter(({ lines }) => lines > LONGEST)).toEqual([]);
  const middle = lengths.map(({ lines }) => lines).toSorted((a, b) => a - b)[Math.floor(lengths.length / 2)];
  expect(middle).toBeLessThan(80);
});

it('files and folders are named for what they are, in kebab-case', () => {
  const words = files.flatMap(({ file }) => file.replace(/\.tsx?$/, '').split('/'));
  expect(words.filter((word) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(word))).toEqual([]);
  const vague = /^(utils?|helpers?|common|managers?|types?|misc|shared|lib|core)$/;
  expect(words.filter((word) => vague.test(word))).toEqual([]);
});

it('what is heavy is loaded when it is needed, not at the start', () => {
  const heavy = /^(ink|react|zod|yaml|execa|koffi|cap)$|^(capture|engine|wire|resolver|repair|tui)\//;
  const atStart = reachable('main.ts');
  expect([...atStart].filter((name) => heavy.test(name))).toEqual([]);
  expect(atStart).toContain('commander');
});

it('a diagnosis begins with what arms it alone, and loads no schemas', () => {
  const begins = [...reachable('main/report.ts')];
  expect(begins).toContain('witness/journey/instance.ts');
  expect(begins.filter((name) => /^(causes|repair|resolver|targets|discover)\//.test(name))).toEqual([]);
  expect(begins).not.toContain('engine/ask.ts');
  const asks = reachable('engine/ask.ts');
  expect([...asks].filter((name) => /^(zod|yaml|ink|react)$|^(causes|repair)\//.test(name))).toEqual([]);
  const judges = [...reachable('engine/verdict.ts'), ...reachable('engine/document.ts')];
  expect(judges.filter((name) => /^(zod|yaml|ink|react|execa)$/.test(name))).toEqual([]);
});

/** Everything that is loaded with a file: its static imports, and theirs. */
function reachable(start: string): Set<string> {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    const text = files.find((one) => one.file === file)?.text ?? '';
    const code = text.replace(/^import type .*?;$/gms, '').replace(/\bimport\(/g, '');
    for (const [, name] of code.matchAll(/\bfrom\s*'([^']+)'/g)) {
      const next = name!.startsWith('.') ? relative(SRC, join(SRC, dirname(file), name!)) : name!;
      if (seen.has(next)) continue;
      seen.add(next);
      visit(next);
    }
    for (const [, folder] of code.matchAll(/\.glob(?:<[^(]*>)?\(\s*'([^']+)\/\*\.ts'/g)) {
      const inside = relative(SRC, join(SRC, dirname(file), folder!));
      for (const one of files) {
        if (dirname(one.file) !== inside || seen.has(one.file)) continue;
        seen.add(one.file);
        visit(one.file);
      }
    }
  };
  visit(start);
  return seen;
}

/** Loops that have no end of their own, and what ends them. */
const ENDLESS: Readonly<Record<string, string>> = {
  'engine/channel.ts': 'waits for its writer, and gives up its turn each time',
  'guide/run.ts': 'asks a person',
  'host/sockets/netlink.ts': 'the kernel ends its own answer',
  'main/abort.ts': 'waits for the next event or the signal',
  'repair/journal/lock.ts': 'waits between two attempts, so many times',
  'resolver/glibc-send.ts': 'so many attempts, each with its time',
  'tui/wizard/conduct.ts': 'asks a person',
};
/** Who reads what others write, and what bounds it. */
const READERS: Readonly<Record<string, string>> = {
  'host/follow.ts': 'pump',
  'host/foreign-file.ts': 'bytes of a regular file',
  'host/held-files.ts': 'the first 64 KiB of a file of the kernel',
  'host/sockets/packet-socket.ts': 'pump',
  'host/sockets/probe-socket.ts': 'pump',
  'host/sockets/netlink-groups.ts': 'pump',
  'host/sockets/netlink.ts': 'one answer of the kernel to one question',
  'host/sockets/begin-dump.ts': 'one answer of the kernel to one question',
  'host/sockets/network/standing-links.ts': 'the beginning of one message, or none',
  'host/sys/datagrams.ts': 'one batch of so many',
  'host/sys/poller.ts': 'eight bytes of its own eventfd',
  'host/trace/symbols.ts': 'a file of the kernel, so many bytes between two turns',
  'host/capture/child.ts': 'lines of its parent; frames by their number',
  'host/capture/process.ts': 'lines of its child, which bounds them',
  'host/request.ts': 'time, and bytes of a body',
  'host/run.ts': 'time, and bytes of an output',
  'main/mend.ts': 'a person',
  'tui/keyboard.ts': 'a person',
  'tui/plain.ts': 'a person',
};

it('no loop keeps the program to itself: whoever reads what others write does so in turns', () => {
  const code = files.map(({ file, text }) => ({ file, text: text.replace(/^\s*(\/?\*|\/\/).*$/gm, '') }));
  const having = (pattern: RegExp) => code.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
  expect(having(/\bfor \(;;\)|\bwhile \(true\)/).toSorted()).toEqual(Object.keys(ENDLESS).toSorted());
  const reads = /\.recvfrom\(|\bdatagrams\(fd|\breadSync\(|\.on\('data'|\bcreateInterface\(|\.iterable\(/;
  expect(having(reads).toSorted()).toEqual(Object.keys(READERS).toSorted());
  const unpumped = Object.entries(READERS).filter(
    ([file, by]) =>
      by === 'pump' && !arrows.some((one) => one.file === file && one.to === 'host/sys/pump.ts'),
  );
  expect(unpumped).toEqual([]);
});
