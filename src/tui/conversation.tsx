/** The conversation on a terminal, by Ink. */
import { render } from 'ink';
import { glyphsFor } from '../output/glyphs.ts';
import type { Palette } from '../output/line/paint.ts';
import { readHistory, writeHistory } from '../repl/history.ts';
import type { Key } from '../repl/keys.ts';
import { openSession, type Session } from '../repl/session.ts';
import { firstState } from '../repl/state.ts';
import { App } from './app.tsx';
import { copySequence } from './clipboard.ts';
import { drawn } from './drawn.ts';
import { historyFile } from './history-file.ts';
import type { TuiContext } from './index.tsx';
import { readKeys } from './keyboard.ts';
import { ScreenStream } from './screen-stream.ts';
import { suspend, takeTerminal } from './terminal.ts';

/** Windows narrower than this are told they are this wide; the terminal then wraps. */
const NARROWEST = 20;

/** Holds the conversation to its end; resolves when the terminal is as it was. Rejects with what crashed it. */
export async function converse(context: TuiContext): Promise<void> {
  const { machine, around, stdin = process.stdin, stdout = process.stdout } = context;
  const palette: Palette = context.colour ? 'colour' : 'no-colour';
  const size = () => ({ columns: Math.max(NARROWEST, stdout.columns || 80), rows: stdout.rows || 24 });
  const file = historyFile(machine);
  const kept = machine.read(file);
  const first = {
    ...firstState(size(), glyphsFor(machine.env)),
    settings: context.settings ?? {},
    target: context.wish?.target ?? null,
    history: readHistory(kept.known ? kept.value : ''),
  };

  let giveBack = takeTerminal({ stdin, stdout });
  const stream = new ScreenStream(stdout);
  const session: Session = openSession(first, around, {
    copy: (text) => stdout.write(copySequence(text, machine.env)),
    suspend: () => {
      wipe();
      stream.mute = true;
      keys.stop();
      suspend(giveBack, () => {
        giveBack = takeTerminal({ stdin, stdout });
        keys = readKeys(stdin, onKey);
        stream.mute = false;
        drawAgain();
      });
    },
    clearScreen: () => {
      wipe();
      stdout.write('\u001b[H\u001b[2J');
      drawAgain();
    },
    keepHistory: (history) => {
      machine.write(file, writeHistory(history), { mode: 0o600 });
    },
  });

  let printAbove: (text: string) => void = () => {};
  const takePrinter = (printer: (text: string) => void): void => {
    printAbove = printer;
  };
  const ink = render(<App session={session} palette={palette} onPrinter={takePrinter} />, {
    stdout: stream as unknown as NodeJS.WriteStream,
    stdin,
    exitOnCtrlC: false,
    patchConsole: false,
    onRender: drawn.settle,
  });

  /** Takes the live region off the screen, however the terminal has wrapped it meanwhile. */
  const wipe = (): void => {
    stdout.write(drawn.wipe(size().columns, machine.env));
  };
  const drawAgain = (): void => {
    stdout.write(drawn.pretend());
    // Told of a new width, Ink lays out anew at once; printing nothing makes it draw what it believes is there.
    stream.emit('resize');
    printAbove('');
  };
  const onResize = (): void => {
    wipe();
    session.send({ type: 'size', size: size() });
    drawAgain();
  };
  const onKey = (key: Key): void => session.send({ type: 'key', key });
  let keys = readKeys(stdin, onKey);

  stdout.on('resize', onResize);
  if (context.wish) session.send({ type: 'ask', wish: context.wish });
  around.candidates().then(
    (candidates) => session.send({ type: 'candidates', candidates, pick: context.wish === null }),
    () => {},
  );
  try {
    await ink.waitUntilExit();
  } finally {
    stdout.off('resize', onResize);
    keys.stop();
    giveBack();
    await session.close();
  }
}
