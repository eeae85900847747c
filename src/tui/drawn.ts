/** What Ink has on the screen now, and may be asked to leave it for a while. */
import { drawing } from './drawing.ts';
import type { Standing } from './first-frame.ts';
import { ScreenStream } from './screen-stream.ts';
import { sizeOf, type Terminal } from './terminal.ts';

export type Drawn = ReturnType<typeof drawnOn>;

/** `standing`: what was drawn by hand, and gives its place to Ink's first frame. */
export function drawnOn(
  { stdout }: Pick<Terminal, 'stdout'>,
  env: Readonly<Record<string, string | undefined>>,
  standing: Standing | null = null,
) {
  const region = drawing(env);
  const stream = new ScreenStream(
    stdout,
    standing && {
      frame: standing.frame,
      wipe: () => wipeOf(standing, env, sizeOf(stdout).columns),
    },
  );
  let printAbove: (text: string) => void = () => {};
  return {
    /** For Ink's `render`. */
    options: {
      stdout: stream as unknown as NodeJS.WriteStream,
      exitOnCtrlC: false,
      patchConsole: false,
      onRender: region.settle,
    },
    /** For the component that lays it out. */
    layOut: region.layOut,
    /** Is given Ink's way to print above the rows. */
    onPrinter(printer: (text: string) => void): void {
      printAbove = printer;
    },
    /** Takes the living part off the screen; Ink goes on believing that it is there. */
    wipe: () => void stdout.write(region.wipe(sizeOf(stdout).columns)),
    /** Whatever Ink draws is thrown away until `drawAgain`. */
    mute() {
      stream.mute = true;
    },
    /** The screen is blank below the cursor: draws what belongs there. */
    drawAgain() {
      stream.mute = false;
      stdout.write(region.pretend());
      // Told of a new width, Ink lays out anew at once; printing nothing makes it draw what it believes is there.
      stream.emit('resize');
      printAbove('');
    },
  };
}

/** The sequence that takes off the screen what was drawn by hand. */
function wipeOf(
  { region }: Standing,
  env: Readonly<Record<string, string | undefined>>,
  columns: number,
): string {
  const { layOut, settle, wipe } = drawing(env);
  layOut(region);
  settle();
  return wipe(columns);
}
