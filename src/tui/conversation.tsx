/** The conversation as Ink draws it. */
import { render } from 'ink';
import type { Palette } from '../output/line/paint.ts';
import type { Key } from '../repl/keys.ts';
import type { Hands, Session } from '../repl/session.ts';
import { App } from './app.tsx';
import { copySequence } from './clipboard.ts';
import { drawing } from './drawing.ts';
import { fieldInput } from './field-input.ts';
import type { TuiContext } from './index.tsx';
import { readKeys } from './keyboard.ts';
import { paced } from './paced.ts';
import { ScreenStream } from './screen-stream.ts';
import { sizeOf, suspend, type Terminal, takeTerminal } from './terminal.ts';

export interface Stage extends Pick<TuiContext, 'machine' | 'colour' | 'signal'> {
  readonly session: Session;
  /** What the session asks of the front end; filled in here. */
  readonly hands: Omit<Hands, 'keepHistory'>;
  readonly terminal: Terminal;
  /** Gives the terminal back as it was found. */
  readonly giveBack: () => void;
  /** Asks the first question. */
  readonly start: () => void;
}

/** A second: more is not seen in a counter, and each takes time from those who watch the packets. */
const FRAMES = 20;

/** Draws the session until it is left, or the signal ends it; the terminal is then as it was. */
export async function converse({
  session,
  hands,
  terminal,
  machine,
  colour,
  signal,
  ...stage
}: Stage): Promise<void> {
  const { stdin, stdout } = terminal;
  let { giveBack } = stage;
  const palette: Palette = colour ? 'colour' : 'no-colour';
  const stream = new ScreenStream(stdout);
  const drawn = drawing(machine.env);
  const field = fieldInput();
  let printAbove: (text: string) => void = () => {};
  const takePrinter = (printer: (text: string) => void): void => {
    printAbove = printer;
  };

  // What stood here while Ink was read.
  stdout.write('\r\u001b[K');
  const store = paced(session, 1000 / FRAMES);
  const onAnswer = (text: string): void => session.send({ type: 'answer', text });
  const view = { store, onAnswer, palette, layOut: drawn.layOut, onPrinter: takePrinter };
  const ink = render(<App {...view} />, {
    stdout: stream as unknown as NodeJS.WriteStream,
    stdin: field.stream,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: FRAMES,
    onRender() {
      drawn.settle();
      field.drawn();
    },
  });

  const wipe = (): void => {
    stdout.write(drawn.wipe(sizeOf(stdout).columns));
  };
  const drawAgain = (): void => {
    stdout.write(drawn.pretend());
    // Told of a new width, Ink lays out anew at once; printing nothing makes it draw what it believes is there.
    stream.emit('resize');
    printAbove('');
  };
  const onResize = (): void => {
    wipe();
    session.send({ type: 'size', size: sizeOf(stdout) });
    drawAgain();
  };
  const onKey = (key: Key): void => session.send({ type: 'key', key });
  const onChunk = (chunk: string): void => {
    if (session.state.field !== null) field.feed(chunk);
  };
  let keys = readKeys(stdin, onKey, onChunk);

  hands.copy = (text) => stdout.write(copySequence(text, machine.env));
  hands.clearScreen = () => {
    wipe();
    stdout.write('\u001b[H\u001b[2J');
    drawAgain();
  };
  hands.suspend = () => {
    wipe();
    stream.mute = true;
    keys.stop();
    suspend(giveBack, () => {
      giveBack = takeTerminal(terminal);
      keys = readKeys(stdin, onKey, onChunk);
      stream.mute = false;
      onResize();
    });
  };

  // Not before: reading Ink and its first frame hold the program up for longer than a probe takes, and what the
  // witnesses saw meanwhile would be lost.
  setImmediate(stage.start);
  const end = (): void => session.send({ type: 'leave' });
  signal?.addEventListener('abort', end);
  stdout.on('resize', onResize);
  try {
    await ink.waitUntilExit();
  } finally {
    signal?.removeEventListener('abort', end);
    stdout.off('resize', onResize);
    keys.stop();
    giveBack();
    await session.close();
  }
}
