/** A terminal in memory: what is on the screen after it has interpreted the bytes. */
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import xterm from '@xterm/headless';

/** Cells beside one another that look alike. */
export interface Stretch {
  readonly text: string;
  /** One of the terminal's sixteen colours; null: its own. */
  readonly colour: number | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
}

export interface FakeTerminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** Everything written so far. */
  readonly bytes: () => string;
  /** Rows in sight, trailing blanks cut. */
  screen(): Promise<string[]>;
  /** Scrollback and screen. */
  all(): Promise<string[]>;
  /** The same rows with their looks. */
  stretches(): Promise<Stretch[][]>;
  cursor(): Promise<{ x: number; y: number }>;
  type(text: string): void;
  resize(columns: number, rows: number): Promise<void>;
  /** Is the terminal in raw mode? */
  readonly raw: () => boolean;
}

/** A pseudo-terminal of the given size, with both its streams. */
export function fakeTerminal(columns: number, rows: number): FakeTerminal {
  const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 5000 });
  let written = '';
  let raw = false;
  const stdout = Object.assign(new EventEmitter(), {
    isTTY: true,
    columns,
    rows,
    writable: true,
    write(text: string, done?: () => void) {
      written += text;
      // The line discipline's onlcr.
      screen.write(text.replace(/\r?\n/g, '\r\n'), done);
      return true;
    },
  });
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(mode: boolean) {
      raw = mode;
    },
    ref() {},
    unref() {},
  });
  const settled = () => new Promise<void>((resolve) => screen.write('', resolve));
  const read = (from: number, count: number): string[] =>
    Array.from(
      { length: count },
      (_, y) => screen.buffer.active.getLine(from + y)?.translateToString(true) ?? '',
    );
  return {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    bytes: () => written,
    async screen() {
      await settled();
      return read(screen.buffer.active.viewportY, screen.rows);
    },
    async all() {
      await settled();
      return read(0, screen.buffer.active.length);
    },
    async stretches() {
      await settled();
      return Array.from({ length: screen.buffer.active.length }, (_, y) =>
        stretchesOf(screen.buffer.active.getLine(y)),
      );
    },
    async cursor() {
      await settled();
      return { x: screen.buffer.active.cursorX, y: screen.buffer.active.cursorY };
    },
    type: (text) => stdin.write(text),
    async resize(nextColumns, nextRows) {
      await settled();
      screen.resize(nextColumns, nextRows);
      stdout.columns = nextColumns;
      stdout.rows = nextRows;
      stdout.emit('resize');
    },
    raw: () => raw,
  };
}

function stretchesOf(line: xterm.IBufferLine | undefined): Stretch[] {
  const row: Stretch[] = [];
  for (let x = 0; x < (line?.length ?? 0); x++) {
    const cell = line!.getCell(x)!;
    // The second half of a wide character.
    if (cell.getWidth() === 0) continue;
    const looks = {
      colour: cell.isFgPalette() ? cell.getFgColor() : null,
      bold: cell.isBold() !== 0,
      dim: cell.isDim() !== 0,
      underline: cell.isUnderline() !== 0,
    };
    const last = row.at(-1);
    const text = cell.getChars() || ' ';
    if (last && Object.entries(looks).every(([name, value]) => last[name as keyof Stretch] === value))
      row[row.length - 1] = { ...last, text: last.text + text };
    else row.push({ text, ...looks });
  }
  return row;
}

/** Milliseconds: on a busy machine reading Ink alone may take seconds. */
const PATIENCE = 20_000;

/** Waits until the condition holds; says what is on the screen when it never does. */
export async function until(
  terminal: FakeTerminal,
  holds: (rows: string[]) => boolean,
  what: string,
): Promise<void> {
  const limit = Date.now() + PATIENCE;
  while (!holds(await terminal.all())) {
    if (Date.now() > limit)
      throw new Error(`never saw ${what}; on the screen:\n${(await terminal.all()).join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
