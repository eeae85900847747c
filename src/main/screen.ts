/** Where a command writes, and what can be shown there. */
import { type Glyphs, glyphsFor } from '../output/glyphs.ts';
import type { Palette } from '../output/line/paint.ts';
import { forTerminal } from '../output/line/terminal.ts';
import { Outlet } from './outlet.ts';

export interface Screen {
  out(text: string): void;
  err(text: string): void;
  /** Resolves when whoever reads has caught up enough for more to be told. */
  ready(signal: AbortSignal): Promise<void>;
  /** Resolves when all that was told is written, or could not be. */
  flushed(signal: AbortSignal): Promise<void>;
  /** Takes away the first words of the launcher; whoever writes to the terminal by another way calls it before. */
  begin(): void;
  readonly columns: number;
  readonly glyphs: Glyphs;
  readonly palette: Palette;
  /** Is somebody there, on both ends? */
  readonly interactive: boolean;
}

export interface Streams {
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: {
    readonly isTTY?: boolean;
    readonly columns?: number;
    write(text: string, done?: () => void): unknown;
  };
  readonly stderr: { write(text: string, done?: () => void): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A file or a pipe has no width: text for it is as wide as most terminals are. */
const WIDTH_OF_A_FILE = 100;

/** `colour` is false with --no-color. NO_COLOR: https://no-color.org, any value but the empty one. */
export function screenOf(streams: Streams, colour: boolean): Screen {
  const { stdout, stderr, env } = streams;
  const terminal = Boolean(stdout.isTTY);
  const forced = Number(env.COLUMNS);
  const begin = firstWords();
  const [told, complained] = [new Outlet(stdout), new Outlet(stderr)];
  return {
    out(text) {
      begin();
      told.write(forTerminal(text));
    },
    err(text) {
      begin();
      complained.write(forTerminal(text));
    },
    ready: (signal) => told.ready(signal),
    async flushed(signal) {
      await Promise.all([told.flushed(signal), complained.flushed(signal)]);
    },
    begin,
    // A terminal that nobody has told its size says 0.
    columns: stdout.columns || (Number.isInteger(forced) && forced > 0 ? forced : WIDTH_OF_A_FILE),
    glyphs: glyphsFor(env),
    palette: !terminal || env.TERM === 'dumb' ? 'bare' : colour && !env.NO_COLOR ? 'colour' : 'no-colour',
    // Node opens standard input when it is first asked for, which takes its time.
    interactive: terminal && Boolean(streams.stdin.isTTY),
  };
}

const FIRST_WORDS = Symbol.for('netdoctor.first-words');

/** Takes what the launcher wrote off the screen, the first time that it is called. */
function firstWords(): () => void {
  let erase = (globalThis as { [FIRST_WORDS]?: () => void })[FIRST_WORDS];
  return () => {
    erase?.();
    erase = undefined;
  };
}
