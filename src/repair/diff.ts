/** A unified diff of one file, as diff -u writes it. */
import { edits } from './edits.ts';

const CONTEXT = 3;

interface Line {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

const split = (text: string | null): string[] => {
  if (text === null || text === '') return [];
  const list = text.split('\n');
  if (list.at(-1) === '') list.pop();
  else list.push('\\ No newline at end of file');
  return list;
};

/** All lines of both texts, marked. */
function marked(before: readonly string[], after: readonly string[]): Line[] {
  const made: Line[] = before.map((text) => ({ mark: ' ', text }));
  // Places of edits count only what is not yet removed.
  const place = (at: number): number => {
    let seen = -1;
    for (const [index, line] of made.entries()) {
      if (line.mark !== '-') seen++;
      if (seen === at) return index;
    }
    return made.length;
  };
  for (const edit of edits(before, after))
    if ('remove' in edit) made.splice(place(edit.at), 1, { mark: '-', text: edit.remove });
    else made.splice(place(edit.at), 0, { mark: '+', text: edit.insert });
  return made;
}

function hunks(lines: readonly Line[]): string[] {
  const out: string[] = [];
  let index = 0;
  while (index < lines.length) {
    const first = lines.findIndex((line, at) => at >= index && line.mark !== ' ');
    if (first < 0) break;
    const start = Math.max(index, first - CONTEXT);
    let end = first;
    for (let at = first, still = 0; at < lines.length && still <= 2 * CONTEXT; at++) {
      still = lines[at]?.mark === ' ' ? still + 1 : 0;
      if (still === 0) end = at;
    }
    const stop = Math.min(lines.length, end + 1 + CONTEXT);
    const part = lines.slice(start, stop);
    const count = (list: readonly Line[], not: Line['mark']) =>
      list.filter((line) => line.mark !== not).length;
    const at = (not: Line['mark']) => {
      const size = count(part, not);
      const before = count(lines.slice(0, start), not);
      return `${size === 0 ? before : before + 1},${size}`;
    };
    out.push(
      `@@ -${at('+')} +${at('-')} @@`,
      ...part.map(({ mark, text }) => (text.startsWith('\\ ') ? text : mark + text)),
    );
    index = stop;
  }
  return out;
}

/** `before` null: the file is new; `after` null: it is removed. Without a difference only the header is given. */
export function unifiedDiff(file: string, before: string | null, after: string | null): string {
  const header = [
    `--- ${before === null ? '/dev/null' : file}`,
    `+++ ${after === null ? '/dev/null' : file}`,
  ];
  return [...header, ...hunks(marked(split(before), split(after)))].join('\n');
}
