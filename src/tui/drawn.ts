/** What Ink has drawn last, so that it can be taken off the screen after the terminal has wrapped it anew. */

interface Region {
  /** Width of each row, in cells. */
  readonly widths: readonly number[];
  readonly cursor: { readonly x: number; readonly y: number };
}

const NOTHING: Region = { widths: [], cursor: { x: 0, y: 0 } };

let laidOut = NOTHING;
let onScreen = NOTHING;

type Environment = Readonly<Record<string, string | undefined>>;

/** xterm and urxvt cut long rows when the window gets narrower; all others wrap them. */
const wraps = (env: Environment): boolean => !env.XTERM_VERSION && !env.TERM?.startsWith('rxvt');

/** Rows between the top of the region and the cursor, in a terminal of so many columns. */
function rowsAbove(columns: number, env: Environment): number {
  const { widths, cursor } = onScreen;
  if (!wraps(env)) return cursor.y;
  const rows = widths.slice(0, cursor.y).map((width) => Math.max(1, Math.ceil(width / columns)));
  return rows.reduce((sum, each) => sum + each, Math.floor(cursor.x / columns));
}

const up = (rows: number): string => (rows > 0 ? `\u001b[${rows}A` : '');

export const drawn = {
  layOut(region: Region): void {
    laidOut = region;
  },
  /** Ink has drawn what was laid out. */
  settle(): void {
    onScreen = laidOut;
  },
  /** The sequence that takes the region off the screen; the cursor is then where its top was. */
  wipe: (columns: number, env: Environment): string => `\r${up(rowsAbove(columns, env))}\u001b[J`,
  /**
   * The sequence that makes Ink's belief true again: as many rows as it will erase, all of them blank, and the
   * cursor where it left it. Ink 6.8 cannot be told to forget them: its `clear` believes that they are drawn again.
   */
  pretend(): string {
    const { widths, cursor } = onScreen;
    const right = cursor.x > 0 ? `\u001b[${cursor.x}C` : '';
    return `${'\n'.repeat(widths.length)}\r${up(widths.length - cursor.y)}${right}`;
  },
};
