/** Answers in short: what was answered the same before is left out, and what changed a little is told as its change. */
import type { Answer } from '../../model/answer.ts';
import { type Asked, steady } from './asked.ts';
import { usualSource } from './questions.ts';

/** Runs of pieces of the last answer's text, as first and count, and the pieces that are new. */
type Edit = readonly (readonly [number, number] | string)[];

/** When, the question, and: the answer, what changed in it, or nothing where it is the same. */
export type Brief =
  | readonly [at: number, ask: string]
  | readonly [at: number, ask: string, answer: unknown]
  | readonly [at: number, ask: string, answer: null, edit: Edit];

/** Lists of the machine are mostly lists of objects: each is a piece. */
const pieces = (text: string): string[] => text.split(/(?=\{)/);

export function shorten(asked: readonly Asked[], toText: (answer: unknown) => string): Brief[] {
  const last = new Map<string, string>();
  return asked.map(({ at, ask, answer }) => {
    const short = withoutSource(ask, answer);
    const text = toText(short);
    const before = last.get(ask);
    last.set(ask, text);
    if (before === undefined) return [at, ask, short];
    if (before === text) return [at, ask];
    const edit = editOf(before, text);
    return toText(edit).length < text.length ? [at, ask, null, edit] : [at, ask, short];
  });
}

export function lengthen(
  asked: readonly Brief[],
  toText: (answer: unknown) => string,
  fromText: (text: string) => unknown,
): Asked[] {
  const last = new Map<string, string>();
  return asked.map((one) => {
    const [at, ask, answer, edit] = one;
    const before = last.get(ask) ?? '';
    const text = edit ? edited(before, edit) : one.length > 2 ? toText(answer) : before;
    last.set(ask, text);
    return { at, ask, answer: withSource(ask, fromText(text)) };
  });
}

const isAnswer = (answer: unknown): answer is Answer<unknown> =>
  answer !== null && typeof answer === 'object' && 'known' in answer;

function withoutSource(ask: string, answer: unknown): unknown {
  if (!isAnswer(answer) || steady(answer.source.join('\n')) !== usualSource(ask)?.join('\n')) return answer;
  const { source: _, ...rest } = answer;
  return rest;
}

const withSource = (ask: string, answer: unknown): unknown =>
  isAnswer(answer) && !answer.source ? { ...answer, source: usualSource(ask) } : answer;

function editOf(before: string, text: string): Edit {
  const old = pieces(before);
  const edit: ([number, number] | string)[] = [];
  for (const piece of pieces(text)) {
    const run = edit.at(-1);
    if (typeof run === 'object' && old[run[0] + run[1]] === piece) run[1]++;
    else {
      const at = old.indexOf(piece);
      edit.push(at < 0 ? piece : [at, 1]);
    }
  }
  return edit;
}

function edited(before: string, edit: Edit): string {
  const old = pieces(before);
  return edit
    .map((part) => (typeof part === 'string' ? part : old.slice(part[0], part[0] + part[1]).join('')))
    .join('');
}
