/** What Ink has drawn last, so that it can be taken off the screen after the terminal has wrapped it anew. */

export interface Region {
  /** Width of each row, in cells. */
  readonly widths: readonly number[];
  readonly cursor: { readonly x: number; readonly y: number };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** xterm and urxvt cut long rows when the window gets narrower; all others wrap them. */
const wraps = (env: Environment): boolean => !env.XTERM_VERSION && !env.TERM?.startsWith('rxvt');

const up = (rows: number): string => (rows > 0 ? `\u001b[${rows}A` : '');

export interface Drawing {
  /** Called by the component that lays the region out. */
  layOut(region: Region): void;
  /** Called when Ink has drawn it. */
  settle(): void;
  /** The sequence that takes the region off a screen of so many columns; the cursor is then where its top was. */
  wipe(columns: number): string;
  /**
   * The sequence that makes Ink's belief true again: as many rows as it will erase, all of them blank, and the
   * cursor where it left it. Ink 6.8 cannot be told to forget them: its `clear` believes that they are drawn again.
   */
  pretend(): string;
}

/** Follows what Ink draws. */
export function drawing(env: Environment): Drawing {
  let laidOut: Region = { widths: [], cursor: { x: 0, y: 0 } };
  let onScreen = laidOut;
  return {
    layOut(region) {
      laidOut = region;
    },
    settle() {
      onScreen = laidOut;
    },
    wipe(columns) {
      const { widths, cursor } = onScreen;
      const rows = widths.slice(0, cursor.y).map((width) => Math.max(1, Math.ceil(width / columns)));
      const wrapped = rows.reduce((sum, each) => sum + each, Math.floor(cursor.x / columns));
      return `\r${up(wraps(env) ? wrapped : cursor.y)}\u001b[J`;
    },
    pretend() {
      const { widths, cursor } = onScreen;
      const right = cursor.x > 0 ? `\u001b[${cursor.x}C` : '';
      return `${'\n'.repeat(widths.length)}\r${up(widths.length - cursor.y)}${right}`;
    },
  };
}
