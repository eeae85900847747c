import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event } from '../../src/model/event.ts';
import { ascii } from '../../src/output/glyphs.ts';
import { row, textOf } from '../../src/output/line/span.ts';
import { lineWidth } from '../../src/output/line/width.ts';
import { lineOf } from '../../src/repl/editor.ts';
import { ghostOf } from '../../src/repl/ghost.ts';
import { readHistory } from '../../src/repl/history.ts';
import { decode, decoder, type Key } from '../../src/repl/keys.ts';
import { drawScreen } from '../../src/repl/picture/screen.ts';
import { reduce } from '../../src/repl/reduce.ts';
import { type Effect, firstState, type Input, type State } from '../../src/repl/state.ts';
import { story } from './fixture/forwarding-off.ts';

const start: State = { ...firstState({ columns: 80, rows: 24 }), target: 'web' };

/** The state after keys as a terminal sends them, and what was to be done. */
function type(state: State, input: string): { state: State; effects: Effect[] } {
  return press(state, decode(decoder, input).keys);
}

function press(state: State, keys: readonly Key[]): { state: State; effects: Effect[] } {
  const effects: Effect[] = [];
  let now = state;
  for (const key of keys) {
    const next = reduce(now, { type: 'key', key });
    now = next.state;
    effects.push(...next.effects);
  }
  return { state: now, effects };
}

const line = (state: State) => lineOf(state.editor);
const screen = (state: State) => drawScreen(state).lines.map(textOf);
const printed = (state: State) => state.printed.flatMap(({ lines }) => lines.map(textOf));
const ask = (state: State): State => reduce(state, { type: 'ask', wish: { target: 'web' } }).state;
const told = (state: State, events: readonly Event[]) =>
  events.reduce((now, event) => reduce(now, { type: 'event', event }).state, state);

test('Enter carries out the line as typed, never the grey text', () => {
  const state = { ...start, history: readHistory('check to 1.1.1.1\n') };
  const half = type(state, 'check');
  expect(ghostOf(half.state)).toBe(' to 1.1.1.1');
  expect(type(half.state, '\r').effects).toContainEqual({ type: 'carry-out', line: 'check' });
});

test.each(['\u001b[C', '\u001b[F', '\u0005', '\u0006'])('%j takes the grey text', (key) => {
  const state = { ...start, history: readHistory('check to 1.1.1.1\n') };
  expect(line(type(state, `check${key}`).state)).toBe('check to 1.1.1.1');
});

test('Up and Down walk the lines that begin like this one', () => {
  const state = { ...start, history: readHistory('check a\npath\ncheck b\n') };
  expect(line(type(state, 'ch\u001b[A').state)).toBe('check b');
  expect(line(type(state, 'ch\u001b[A\u001b[A').state)).toBe('check a');
  expect(line(type(state, 'ch\u001b[A\u001b[A\u001b[B\u001b[B').state)).toBe('ch');
});

test('Ctrl-R searches, again goes further back, Esc brings the draft back', () => {
  const state = { ...start, history: readHistory('check one\npath\ncheck two\n') };
  const found = type(state, 'dra\u0012che').state;
  expect(line(found)).toBe('check two');
  expect(screen(found).join('\n')).toContain("search 'che'");
  expect(line(type(found, '\u0012').state)).toBe('check one');
  expect(line(press(found, [{ type: 'key', name: 'escape' }]).state)).toBe('dra');
  expect(type(found, '\r').effects).toContainEqual({ type: 'carry-out', line: 'check two' });
  const moved = type(found, '\u0001').state;
  expect([moved.search, moved.editor.after]).toEqual([null, 'check two']);
});

test('Tab completes one choice, lists several, and goes through them', () => {
  const state = { ...start, targets: ['web', 'web-2'] };
  expect(line(type(state, 'che\t').state)).toBe('check ');
  const listed = type(state, 'check w\t').state;
  expect(line(listed)).toBe('check web');
  expect(screen(listed).join('\n')).toContain('web-2');
  expect(line(type(listed, '\t\t').state)).toBe('check web-2');
  expect(line(type(listed, '\t\t\u001b[Z').state)).toBe('check web');
  expect(type(listed, ' ').state.menu).toBeNull();
});

test('Ctrl-C stops the run and keeps the prompt; twice leaves', () => {
  const running = ask(start);
  const once = type(running, '\u0003');
  expect(once.effects).toEqual([{ type: 'stop' }]);
  expect(once.state.left).toBe(false);
  expect(type(once.state, '\u0003').state.left).toBe(true);
  expect(type(once.state, 'x\u0003').state.left).toBe(false);
});

test('Ctrl-C clears the line when nothing runs; Ctrl-D leaves an empty one', () => {
  expect(line(type(start, 'check\u0003').state)).toBe('');
  expect(type(start, '\u0004').state.left).toBe(true);
  expect(type(start, 'ab\u0001\u0004').state.editor.after).toBe('b');
});

test('the picker does not open over a run', () => {
  const candidates = { type: 'candidates', candidates: [], pick: true } as const;
  expect(reduce(ask(start), candidates).state.picker).toBeNull();
  expect(reduce(start, candidates).state.picker).not.toBeNull();
});

test('what is entered while something runs waits its turn, and Ctrl-C lets it go', () => {
  const waiting = type(ask(start), 'path\rhop 1\r');
  expect(waiting.effects.filter(({ type: kind }) => kind === 'carry-out')).toEqual([]);
  expect(screen(waiting.state).at(-1)).toBe('Then: path; hop 1');
  const done = reduce(waiting.state, { type: 'run-ended', problem: null });
  expect(done.effects).toEqual([{ type: 'carry-out', line: 'path' }]);
  const said = reduce(done.state, { type: 'outcome', line: 'path', outcome: { type: 'say', lines: [] } });
  expect(said.effects).toEqual([{ type: 'carry-out', line: 'hop 1' }]);
  expect(type(waiting.state, '\u0003').state.queue).toEqual([]);
});

test('? asks for help on an empty line and is a letter elsewhere', () => {
  expect(type(start, '?').effects).toContainEqual({ type: 'carry-out', line: 'help' });
  expect(line(type(start, 'a?').state)).toBe('a?');
});

test('what finishes goes to the scrollback, and the live region is the prompt again', () => {
  const state = told(ask(start), story);
  expect(printed(state)).toEqual([]);
  const done = reduce(state, { type: 'run-ended', problem: null }).state;
  expect(printed(done)).toContain('sysctl -w net.ipv4.ip_forward=1');
  expect(screen(done)[0]).toBe('netdoctor web ▸ ');
  expect(done.last?.diagnosis?.cause).toBe('ip-forward-off');
});

test('a problem says what, why and what to type, and keeps the last case', () => {
  const before = reduce(told(ask(start), story), { type: 'run-ended', problem: null }).state;
  const problem = {
    exit: 2,
    code: 'x',
    message: 'No container is called "wbe".',
    hint: 'Type containers.',
  } as const;
  const state = reduce(ask(before), { type: 'run-ended', problem }).state;
  expect(printed(state).slice(-2)).toEqual(['✗ No container is called "wbe".', '  Type containers.']);
  expect(state.last).toBe(before.last);
});

test('a wrong word is underlined where it was typed', () => {
  const outcome = { type: 'wrong', word: 1, message: 'No.', hint: '' } as const;
  const state = reduce(start, { type: 'outcome', line: 'explain nonsense', outcome }).state;
  const spans = state.printed[0]!.lines[0]!;
  expect(spans.find(({ tone }) => tone === 'wrong')?.text).toBe('nonsense');
});

test('says what it waits for and how long at most; the clock only when it takes long', () => {
  const running = told(ask(start), story.slice(0, -2));
  expect(screen(running).join('\n')).toContain(
    'Waiting for the next sighting of the request, at most 150 ms',
  );
  const late = reduce(running, { type: 'elapsed', milliseconds: 1200 }).state;
  expect(screen(late).join('\n')).toContain('(1.2 s)');
});

test('on a narrow screen the longest wait is still told', () => {
  const narrow = { ...start, size: { columns: 40, rows: 10 } };
  const rows = screen(told(ask(narrow), story.slice(0, -2)));
  expect(rows).toContain('Waiting, at most 150 ms');
});

test('a command that takes its time says what it waits for, and how long at most', () => {
  const busy = type(start, 'containers\r').state;
  const after = (milliseconds: number): string =>
    screen(reduce(busy, { type: 'elapsed', milliseconds }).state).at(-1)!;
  expect(after(200)).toBe('Ctrl-C stop');
  expect(after(700)).toBe('Waiting for the runtimes and namespaces of this host, at most 30 s (0.7 s)');
});

test('a run that is stopped leaves what was seen', () => {
  const problem = { exit: 3, code: 'stopped', message: 'Stopped. Nothing was changed.', hint: '' } as const;
  const seen = printed(reduce(told(ask(start), story.slice(0, -2)), { type: 'run-ended', problem }).state);
  expect(seen[0]).toMatch(/^web → 198\.51\.100\.1/);
  expect(seen).toContainEqual(expect.stringMatching(/✓ docker0 .* 3 seen/));
  expect(seen.at(-1)).toBe('· Stopped. Nothing was changed.');
  expect(printed(reduce(ask(start), { type: 'run-ended', problem }).state)).toHaveLength(1);
});

test('the picker learns addresses and keeps the choice', () => {
  const one = { runtime: 'netns', id: null, state: 'present', pid: null, networks: [] };
  const named = (...addresses: string[]) => ['red', 'blue'].map((name) => ({ ...one, name, addresses }));
  const open = reduce(
    { ...start, target: null },
    { type: 'candidates', candidates: named(), pick: true },
  ).state;
  const chosen = type(open, '\u001b[B').state;
  const rows = screen(
    reduce(chosen, { type: 'candidates', candidates: named('10.0.0.2'), pick: false }).state,
  );
  expect(rows[0]).toBe('What shall be diagnosed?');
  expect(rows[2]).toMatch(/^› blue +netns +present +10\.0\.0\.2$/);
});

test('while the terminal is lent nothing is carried out, and then what waited is', () => {
  const line = 'setup bridge-nat';
  const lent = reduce(start, { type: 'outcome', line, outcome: { type: 'set-up', recipe: 'bridge-nat' } });
  expect(lent.state.lent).toEqual({ recipe: 'bridge-nat' });
  const waiting = type(lent.state, 'path\r');
  expect(waiting.effects.map(({ type: kind }) => kind)).toEqual(['keep-history']);
  const back = reduce(waiting.state, { type: 'given-back', problem: null });
  expect(back.state.lent).toBeNull();
  expect(back.effects).toEqual([{ type: 'look-around' }, { type: 'carry-out', line: 'path' }]);
});

test('a screen of ASCII glyphs is ASCII all over, but for what a person types', () => {
  const start: State = { ...firstState({ columns: 80, rows: 24 }, ascii), target: 'web' };
  const done = reduce(told(ask(start), story), { type: 'run-ended', problem: null }).state;
  const arrow = { type: 'say', lines: [row('10.0.0.2 → 10.0.0.1')] } as const;
  const said = reduce(done, { type: 'outcome', line: 'evidence', outcome: arrow }).state;
  const all = [...screen(told(ask(start), story.slice(0, -2))), ...printed(said), ...screen(said)];
  expect(all.filter((text) => /[^ -~]/.test(text))).toEqual([]);
  expect(screen(type(start, 'é…').state)[0]).toContain('é…');
});

const SIZES = [
  [40, 10],
  [80, 10],
  [80, 24],
  [140, 40],
  [20, 4],
] as const;

test.each(SIZES)(
  'at %i×%i the live region is lower than the terminal, and the cursor is in it',
  (columns, rows) => {
    const sized: State = {
      ...start,
      size: { columns, rows },
      targets: Array.from({ length: 60 }, (_, n) => `web-${n}`),
    };
    const states = [
      sized,
      type(sized, 'check web\t').state,
      type(sized, 'a very long line '.repeat(20)).state,
    ];
    let running = ask(sized);
    for (const event of story) {
      running = reduce(running, { type: 'event', event }).state;
      states.push(running);
    }
    for (const state of states) {
      const { lines, cursor } = drawScreen(state);
      expect(lines.length).toBeLessThanOrEqual(rows - 1);
      for (const each of lines) expect(lineWidth(each)).toBeLessThan(columns);
      expect(cursor.x).toBeLessThan(columns);
      expect(cursor.y).toBeLessThan(lines.length);
    }
  },
);

const anyKey: fc.Arbitrary<Key> = fc.oneof(
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 4 })
    .map((text): Key => ({ type: 'text', text: text.replace(/[\u0000-\u001f\u007f-\u009f]/g, 'x') })),
  fc
    .constantFrom(
      'enter',
      'tab',
      'shift-tab',
      'up',
      'down',
      'left',
      'right',
      'home',
      'end',
      'escape',
      'backspace',
      'delete',
    )
    .map((name): Key => ({ type: 'key', name })),
  fc
    .constantFrom(
      'ctrl-a',
      'ctrl-c',
      'ctrl-d',
      'ctrl-k',
      'ctrl-r',
      'ctrl-u',
      'ctrl-w',
      'ctrl-y',
      'ctrl-t',
      'ctrl-_',
      'alt-b',
      'alt-d',
      'alt-y',
      'ctrl-l',
    )
    .map((name): Key => ({ type: 'key', name })),
);

const anyInput: fc.Arbitrary<Input> = fc.oneof(
  { weight: 8, arbitrary: anyKey.map((key): Input => ({ type: 'key', key })) },
  fc.constantFrom(...story).map((event): Input => ({ type: 'event', event })),
  fc.constant<Input>({ type: 'ask', wish: { target: 'web' } }),
  fc.constant<Input>({ type: 'run-ended', problem: null }),
  fc.boolean().map((pick): Input => ({ type: 'candidates', candidates: [], pick })),
  fc
    .record({ columns: fc.integer({ min: 20, max: 200 }), rows: fc.integer({ min: 4, max: 60 }) })
    .map((size): Input => ({ type: 'size', size })),
);

test('no sequence of keys, events and sizes breaks the conversation', () => {
  fc.assert(
    fc.property(fc.array(anyInput, { maxLength: 60 }), (inputs) => {
      let state: State = { ...start, history: readHistory('check a\npath\n'), targets: ['web', 'db'] };
      for (const input of inputs) {
        state = reduce(state, input).state;
        const { lines, cursor } = drawScreen(state);
        expect(lines.length).toBeLessThanOrEqual(Math.max(2, state.size.rows - 1));
        expect(cursor.x).toBeLessThan(state.size.columns);
        for (const each of lines) {
          expect(lineWidth(each)).toBeLessThan(state.size.columns);
          expect(textOf(each)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        }
      }
    }),
    { numRuns: 200 },
  );
});
