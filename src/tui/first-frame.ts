/**
 * The first frame, drawn by hand: its rows are laid out by netdoctor itself, and Ink takes as long to be read and to draw them as
 * everything before. Ink then draws over it what it believes to be the first.
 */
import { type Palette, paint } from '../output/line/paint.ts';
import { forTerminal } from '../output/line/terminal.ts';
import { lineWidth } from '../output/line/width.ts';
import { drawScreen } from '../repl/picture/screen.ts';
import type { State } from '../repl/state.ts';
import type { Region } from './drawing.ts';
import { BEGIN, END } from './screen-stream.ts';

const CURSOR_OFF = '\u001b[?25l';
const CURSOR_ON = '\u001b[?25h';

/** What stands on the screen before Ink draws: the frame as it was written, and what it takes there. */
export interface Standing {
  readonly frame: string;
  readonly region: Region;
}

/** As Ink 6.8 writes it, who says where the cursor stands below its rows: build/cursor-helpers.js, build/log-update.js. */
export function firstFrame(state: State, palette: Palette): Standing {
  const { lines, cursor } = drawScreen(state);
  const rows = lines.map((line) => forTerminal(paint(line, palette)).trimEnd());
  const place = `\u001b[${lines.length - cursor.y}A\u001b[${cursor.x + 1}G`;
  return {
    frame: [BEGIN, CURSOR_OFF, ...rows.map((text) => `${text}\n`), place, CURSOR_ON, END].join(''),
    region: { widths: lines.map(lineWidth), cursor },
  };
}
