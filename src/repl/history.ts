/** Lines typed before: walked by prefix, searched, deduplicated. Pure; the session reads and writes the file. */

export interface History {
  /** Oldest first, each line once. */
  readonly lines: readonly string[];
}

/** A walk through the history that began with `draft` on the line. */
export interface Walk {
  readonly draft: string;
  readonly prefix: string;
  /** Index of the line shown; `lines.length` is the draft. */
  readonly index: number;
}

const KEPT = 1000;

export const emptyHistory: History = { lines: [] };

/** Remembers a line; an earlier same one goes. A line that begins with a space is not kept, as in a shell. */
export function remember(history: History, line: string): History {
  const text = line.trimEnd();
  if (text === '' || text.startsWith(' ') || history.lines.at(-1) === text) return history;
  return { lines: [...history.lines.filter((old) => old !== text), text].slice(-KEPT) };
}

/** The history file: one line each, oldest first. A damaged one gives what can be read. */
export const readHistory = (file: string): History =>
  file
    .split('\n')
    .filter((line) => !/[\u0000-\u001f\u007f-\u009f]/.test(line))
    .reduce(remember, emptyHistory);

export const writeHistory = (history: History): string => history.lines.map((line) => `${line}\n`).join('');

export const startWalk = (history: History, draft: string, prefix: string): Walk => ({
  draft,
  prefix,
  index: history.lines.length,
});

/** One step to an older or newer line that begins with the prefix; null where there is none. */
export function step(
  history: History,
  walk: Walk,
  direction: 'older' | 'newer',
): { walk: Walk; line: string } | null {
  const by = direction === 'older' ? -1 : 1;
  const shown = history.lines[walk.index] ?? walk.draft;
  for (let index = walk.index + by; index >= 0 && index <= history.lines.length; index += by) {
    const line = history.lines[index] ?? walk.draft;
    const isDraft = index === history.lines.length;
    if (isDraft || (line.startsWith(walk.prefix) && line !== shown))
      return { walk: { ...walk, index }, line };
  }
  return null;
}

/** The newest line older than `before` that contains the words. */
export function search(history: History, query: string, before = history.lines.length): number | null {
  if (query === '') return null;
  const index = history.lines.slice(0, before).findLastIndex((line) => line.includes(query));
  return index < 0 ? null : index;
}

/** The newest line that begins with what is typed: the source of the grey text. */
export const recall = (history: History, typed: string): string | undefined =>
  typed === '' ? undefined : history.lines.findLast((line) => line.startsWith(typed) && line !== typed);
