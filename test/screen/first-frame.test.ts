import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCapture } from '../../src/capture/read.ts';
import { inPieces } from '../../src/host/piece-by-piece.ts';
import { fromText } from '../../src/host/record/recording.ts';
import { replayer } from '../../src/host/replayer.ts';
import { USUAL } from '../../src/model/question.ts';
import { runTui } from '../../src/tui/index.tsx';
import { ScreenStream } from '../../src/tui/screen-stream.ts';
import { converse, settle } from './conversation.ts';
import { type FakeTerminal, fakeTerminal, until } from './terminal.ts';

const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';
const prompt = (rows: string[]) => rows.some((row) => row.startsWith('netdoctor web ▸'));
const framesOf = (bytes: string) =>
  bytes
    .split(BEGIN)
    .slice(1)
    .map((rest) => rest.slice(0, rest.indexOf(END)));

test.each([
  ['in colour', { colour: true }],
  ['without colour', {}],
  ['in ASCII', { env: { LANG: 'C' } }],
])('it is drawn before Ink is read, and is what Ink believes to have drawn, %s', async (_, options) => {
  const { terminal, ended } = converse(80, 24, { events: [null], ...options });
  const [first, ...others] = framesOf(terminal.bytes());
  expect(others).toEqual([]);
  // The cursor stands in the prompt, which is the row above the last.
  expect(first).toMatch(/netdoctor .*\n.*\n\u001b\[2A\u001b\[\d+G\u001b\[\?25h$/);
  await until(terminal, () => framesOf(terminal.bytes()).length > 1, 'another frame');
  // Nothing was wiped off, nor drawn twice.
  expect(terminal.bytes()).not.toContain('\u001b[J');
  expect(framesOf(terminal.bytes())[1]).not.toBe(first);
  // It has taken off as many rows as stood there.
  expect((await terminal.all()).filter((row) => row.startsWith('netdoctor'))).toHaveLength(1);
  terminal.type('\u0003\u0004');
  await ended;
  expect((await terminal.all()).slice(0, 2)).toEqual(['user@host:~$ echo before', 'before']);
});

test('where Ink draws another one, that takes its place', async () => {
  const terminal = fakeTerminal(40, 10);
  const stream = new ScreenStream(terminal.stdout, {
    frame: `${BEGIN}by hand\nbelow\n${END}`,
    wipe: () => '\r\u001b[2A\u001b[J',
  });
  terminal.stdout.write('before\nby hand\nbelow\n');
  for (const text of [BEGIN, 'by Ink\n', END]) stream.write(text);
  expect((await terminal.screen()).slice(0, 3)).toEqual(['before', 'by Ink', '']);
  for (const text of [BEGIN, 'more\n', END]) stream.write(text);
  expect((await terminal.screen()).slice(0, 3)).toEqual(['before', 'by Ink', 'more']);
});

test('a terminal that has become narrower meanwhile is wiped of all its rows', async () => {
  const { terminal, ended } = converse(80, 24, { events: [null] });
  await terminal.resize(30, 24);
  await until(terminal, () => framesOf(terminal.bytes()).length > 1, 'another frame');
  await settle();
  expect((await terminal.all()).filter((row) => row.startsWith('netdoctor'))).toHaveLength(1);
  terminal.type('\u0003\u0004');
  await ended;
});

test('what is typed meanwhile is heard', async () => {
  const { terminal, ended } = converse(80, 24, { events: [null] });
  terminal.type('help');
  await until(terminal, (rows) => rows.some((row) => row.startsWith('netdoctor web ▸ help')), 'the word');
  terminal.type('\u0003\u0003\u0004');
  await ended;
  expect(prompt(await terminal.all())).toBe(false);
});

/** The same about a recorded machine, which begins who listens as told; `ended` is what came of it when it is left. */
async function beginning(warmCapture: (terminal: FakeTerminal, trace?: boolean) => void) {
  const file = join(import.meta.dirname, '../../bin/compile/dropped.pcapng');
  const bytes = inPieces(file);
  if (!bytes.known) throw new Error(bytes.detail);
  const { recording } = await readCapture(bytes.value, async () => {});
  const terminal = fakeTerminal(80, 24);
  const leave = new AbortController();
  const ended = runTui({
    machine: {
      ...replayer(fromText(recording!)),
      tracing: 'perf',
      warmCapture: (trace?: boolean) => warmCapture(terminal, trace),
    },
    target: 'web',
    defaults: { ...USUAL, to: '198.51.100.1' },
    setUp: async () => {},
    colour: false,
    signal: leave.signal,
    stdin: terminal.stdin,
    stdout: terminal.stdout,
  }).catch((error: unknown) => error);
  leave.abort('left');
  return { ended };
}

test('whoever listens is begun behind it, and asked for the kernel’s trace as the question will ask', async () => {
  const begun: [number, boolean | undefined][] = [];
  const { ended } = await beginning(
    (terminal, trace) => void begun.push([framesOf(terminal.bytes()).length, trace]),
  );
  expect(await ended).toBe('left');
  expect(begun[0]).toEqual([1, true]);
});

test('where that cannot be begun, the conversation goes on to ask', async () => {
  const refused: string[] = [];
  const { ended } = await beginning(() => {
    refused.push('EMFILE');
    throw new Error('EMFILE: too many open files');
  });
  expect(await ended).toBe('left');
  expect(refused.length).toBeGreaterThan(0);
});
