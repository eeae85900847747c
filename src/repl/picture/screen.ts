/**
 * The live region: path and progress while something runs, the list that is open, the prompt, the keys.
 * Never taller than the terminal less one row: Ink wipes the scrollback of a terminal that it fills.
 */
import { asciiLine } from '../../output/line/ascii.ts';
import { type Line, row } from '../../output/line/span.ts';
import { cut, widthOf } from '../../output/line/width.ts';
import { pathLines, titleLine } from '../../output/picture/path.ts';
import { pathBeside } from '../../output/picture/path-beside.ts';
import type { State } from '../state.ts';
import { helpBar } from './help-bar.ts';
import { menuLines } from './menu.ts';
import { pickerLines } from './picker.ts';
import { busyLine, progressLine } from './progress.ts';
import { drawPrompt } from './prompt.ts';

export interface Screen {
  readonly lines: readonly Line[];
  readonly cursor: { readonly x: number; readonly y: number };
}

/** The path; with the hop beside it where that makes it no higher than the screen. */
function pathPicture({ run, size, glyphs }: State, rows: number): Line[] {
  const both = pathBeside(run!, size.columns - 1, glyphs);
  return both.length <= rows ? both : pathLines(run!, size.columns - 1, glyphs);
}

/** As many rows of the path as fit, those about `focus` first. */
function pathWindow(state: State, rows: number): Line[] {
  const run = state.run!;
  if (rows < 1) return [];
  const lines = pathPicture(state, rows);
  if (lines.length <= rows) return lines;
  const focus = run.path?.hops.findIndex(({ id }) => id === run.focus) ?? 0;
  const fits = Math.max(1, rows - 1);
  const first = Math.max(0, Math.min(Math.max(0, focus) - Math.floor(fits / 2), lines.length - fits));
  const shown = lines.slice(first, first + fits);
  return rows > 1 ? [...shown, row(`  ${state.glyphs.more} ${lines.length - fits} more rows`, 'dim')] : shown;
}

function runLines(state: State, rows: number): Line[] {
  const { run, glyphs, size, asked } = state;
  if (run === null) return [];
  const progress = progressLine(run, asked?.target ?? '', state.elapsed, size.columns - 1);
  if (rows <= 1) return rows === 1 ? [progress] : [];
  const title = titleLine(run, size.columns - 1, glyphs);
  if (run.path === null) return title.length > 0 ? [title, progress] : [progress];
  // Blank rows are the first to go on a low screen.
  const total = pathPicture(state, rows - 2).length;
  const airy = rows >= total + 4;
  const path = pathWindow(state, rows - (airy ? 4 : 2));
  return airy ? [title, [], ...path, [], progress] : [title, ...path, progress];
}

/** The place of a field; what is typed into it is drawn by the component. */
const drawField = (label: string) => ({ line: row(label, 'warn'), cursor: widthOf(label) });

/** Lays out the live region for the terminal's size. */
export function drawScreen(state: State): Screen {
  const columns = state.size.columns - 1;
  const most = Math.max(2, state.size.rows - 1);
  const prompt = state.field === null ? drawPrompt(state) : drawField(state.field);
  const bar = most >= 3 ? [helpBar(state, columns)] : [];
  const waits = state.queue.length > 0 ? [row(`Then: ${state.queue.join('; ')}`, 'dim')] : [];
  const slow = state.busy !== null && state.run === null && state.elapsed >= 300;
  const busy = (): Line[] => [busyLine(state.busy!, state.elapsed, columns)];
  const notice = state.notice !== null ? [row(state.notice, 'warn')] : slow ? busy() : waits;
  // The notice takes the place of the key bar, so that nothing moves when it comes and goes.
  const below = notice.length > 0 && bar.length > 0 ? notice : bar;
  const room = most - 1 - below.length;
  const running = runLines(state, room);
  const above = [...running, ...pickerLines(state, room - running.length)];
  const menu = state.menu === null ? [] : menuLines(state.menu, columns, room - above.length, state.glyphs);
  const shown = (line: Line): Line =>
    cut(state.glyphs.ascii ? asciiLine(line) : line, columns, state.glyphs.more);
  // What is typed is a person's own, and the cursor stands in it.
  const lines = [...above.map(shown), cut(prompt.line, columns), ...[...menu, ...below].map(shown)];
  return { lines, cursor: { x: prompt.cursor, y: above.length } };
}
