/** The conversation as one pure function: what happens, and what is to be done about it. */
import type { Problem } from '../model/failure.ts';
import { type Line, row, type Span, span } from '../output/line/span.ts';
import { paragraph } from '../output/line/wrap.ts';
import { finishedLines } from '../output/picture/finished.ts';
import { pathLines, titleLine } from '../output/picture/path.ts';
import { follow, newRun, type Run } from '../output/run.ts';
import { runOfDocument } from '../output/text.ts';
import { plain } from '../words/text.ts';
import type { Outcome } from './command.ts';
import { emptyEditor, setLine } from './editor.ts';
import { onKey } from './on-key.ts';
import { split } from './parse.ts';
import { promptLabel } from './picture/prompt.ts';
import { type Input, printing, type State, type Step, step } from './state.ts';
import { questionOf, type Wish } from './wish.ts';

/** A problem as the conversation shows it. */
export const problemLines = (problem: Problem, state: Pick<State, 'glyphs' | 'size'>): Line[] => [
  ...(problem.code === 'stopped'
    ? // As somebody wanted it: nothing is wrong.
      paragraph(`${state.glyphs.idle} `, plain(problem.message), state.size.columns - 1)
    : paragraph(`${state.glyphs.bad} `, plain(problem.message), state.size.columns - 1, 'bad')),
  ...(problem.hint === '' ? [] : paragraph('  ', plain(problem.hint), state.size.columns - 1)),
];

/** The line as it was entered, for the scrollback; the wrong word underlined. */
export function echo(state: State, line: string, wrongWord = -1): Line {
  const word = split(line)[wrongWord];
  const label: Span[] = [...promptLabel(state)];
  if (!word) return [...label, span(plain(line))];
  return [
    ...label,
    span(plain(line.slice(0, word.start))),
    span(plain(line.slice(word.start, word.end)), 'wrong'),
    span(plain(line.slice(word.end))),
  ];
}

function ask(state: State, wish: Wish): Step {
  const question = questionOf(wish, state.defaults, state.settings);
  const asked = { ...state, run: newRun, asked: question, target: wish.target, elapsed: 0, picker: null };
  return step(asked, { type: 'diagnose', question });
}

/** An answer of several rows stands apart from what is asked next. */
const spaced = (lines: readonly Line[]): readonly Line[] => (lines.length > 1 ? [...lines, []] : lines);

function onOutcome(before: State, line: string, outcome: Outcome): Step {
  const state = { ...before, busy: null };
  const typed =
    line === '' || !state.echoes ? [] : [echo(state, line, outcome.type === 'wrong' ? outcome.word : -1)];
  switch (outcome.type) {
    case 'say':
      return step(printing(state, [...typed, ...spaced(outcome.lines)]));
    case 'wrong': {
      const problem = { exit: 2, code: 'wrong', message: outcome.message, hint: outcome.hint } as const;
      return step(printing(state, [...typed, ...problemLines(problem, state)]));
    }
    case 'diagnose':
      return ask(printing(state, typed), outcome.wish);
    case 'use':
      return step({ ...printing(state, typed), target: outcome.target, asked: null, last: null });
    case 'copy':
      return step(printing(state, [...typed, row(`Copied: ${plain(outcome.what)}`, 'dim')]), {
        type: 'copy',
        text: outcome.text,
      });
    case 'set':
      return step(printing({ ...state, settings: outcome.settings }, [...typed, ...outcome.lines]));
    case 'fix': {
      const { last } = state;
      if (last === null) return step(state);
      const { type: _, ...wish } = outcome;
      // Busy until the repair is over, whatever it asks meanwhile.
      return step(
        { ...printing(state, typed), busy: `fix ${wish.fix}` },
        { type: 'repair', wish, first: last },
      );
    }
    case 'capture': {
      const { type: _, ...wish } = outcome;
      return step({ ...printing(state, typed), busy: 'capture' }, { type: 'capture', wish });
    }
    case 'watch': {
      const { wish, passive, file } = outcome;
      const question = questionOf(wish, state.defaults, state.settings);
      const watch = { type: 'watch', wish: { question, passive, file } } as const;
      return step({ ...printing(state, typed), busy: 'watch' }, watch);
    }
    case 'set-up': {
      const { recipe } = outcome;
      // Busy for as long: lines entered ahead wait until the wizard is over.
      return step({ ...printing(state, typed), busy: 'setup', lent: { recipe } });
    }
    case 'leave':
      return step({ ...printing(state, typed), left: true });
  }
}

/** The verdict, and that of the other address family where a name had both. */
function tellAll(run: Run, { size, glyphs, defaults }: State): Line[] {
  const families = (run.diagnosis?.families ?? []).map((diagnosis) => runOfDocument(diagnosis, run));
  return [run, ...families].flatMap((one) =>
    finishedLines(one, size.columns - 1, glyphs, {
      besideHop: true,
      ...(defaults.readOnly ? {} : { hint: '`fix N` makes it' }),
    }),
  );
}

/** What the captures saw before the run ended without a verdict: it would be gone with the live picture. */
function seenSoFar(run: Run, { size, glyphs }: State): Line[] {
  if (run.path === null || run.sent === 0) return [];
  const columns = size.columns - 1;
  return [titleLine(run, columns, glyphs), [], ...pathLines(run, columns, glyphs), []];
}

function onRunEnd(state: State, problem: Problem | null): Step {
  const { run } = state;
  if (run === null) return step(state);
  const done = { ...state, run: null, elapsed: 0, last: run.diagnosis ? run : state.last };
  if (problem === null) return step(printing(done, tellAll(run, state)));
  return step(printing(done, [...seenSoFar(run, state), ...problemLines(problem, state)]));
}

/** What follows from an input; a line that waited is carried out as soon as nothing runs. */
export function reduce(state: State, input: Input): Step {
  const { state: after, effects } = react(state, input);
  const [line, ...queue] = after.queue;
  if (line === undefined || after.run !== null || after.busy !== null || after.left)
    return { state: after, effects };
  const next = { ...after, queue, busy: line, elapsed: 0 };
  return { state: next, effects: [...effects, { type: 'carry-out', line }] };
}

function react(state: State, input: Input): Step {
  switch (input.type) {
    case 'key':
      return onKey(state, input.key);
    case 'line':
      return onKey({ ...state, editor: setLine(emptyEditor, input.line) }, { type: 'key', name: 'enter' });
    case 'event':
      return step(state.run === null ? state : { ...state, run: follow(state.run, input.event) });
    case 'asking-again':
      return step({ ...state, run: newRun });
    case 'asked-again': {
      if (state.run === null) return step(state);
      const { run } = state;
      return step(printing({ ...state, run: null, last: run }, tellAll(run, state)));
    }
    case 'told':
      return step(printing(state, input.lines));
    case 'field':
      return step({ ...state, field: input.label });
    case 'answer':
      return step({ ...state, field: null }, { type: 'answer', text: input.text });
    case 'run-ended':
      return onRunEnd(state, input.problem);
    case 'leave':
      return step({ ...state, left: true }, { type: 'stop' });
    case 'ask':
      return ask(state, input.wish);
    case 'outcome':
      return onOutcome(state, input.line, input.outcome);
    case 'failed':
      return step(
        printing({ ...state, busy: null }, [
          ...(state.echoes && input.line !== '' ? [echo(state, input.line)] : []),
          ...problemLines(input.problem, state),
        ]),
      );
    case 'candidates': {
      const targets = input.candidates.map(({ name }) => name);
      const { candidates } = input;
      if (input.pick && state.run === null)
        return step({ ...state, targets, notice: null, picker: { candidates, index: 0 } });
      return step({ ...state, targets, picker: state.picker && { ...state.picker, candidates } });
    }
    case 'recipes':
      return step({ ...state, recipes: input.recipes });
    case 'causes':
      return step({ ...state, causes: input.causes });
    case 'given-back': {
      const lines = input.problem ? problemLines(input.problem, state) : [];
      // What was built can be talked about.
      return step(printing({ ...state, busy: null, lent: null }, lines), { type: 'look-around' });
    }
    case 'history':
      return step({ ...state, history: input.history });
    case 'size':
      return step({ ...state, size: input.size });
    case 'elapsed':
      return step({ ...state, elapsed: input.milliseconds });
  }
}
