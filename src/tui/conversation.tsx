/** The conversation as Ink draws it. */
import { render } from 'ink';
import type { Palette } from '../output/line/paint.ts';
import type { Key } from '../repl/keys.ts';
import { problemOf } from '../repl/problems.ts';
import type { Hands, Session } from '../repl/session.ts';
import { App } from './app.tsx';
import { copySequence } from './clipboard.ts';
import type { TuiContext } from './context.ts';
import { type Drawn, drawnOn } from './drawn.ts';
import { type FieldInput, fieldInput } from './field-input.ts';
import type { Standing } from './first-frame.ts';
import { readKeys } from './keyboard.ts';
import { paced } from './paced.ts';
import { plainPaste, sizeOf, suspend, type Terminal, takeTerminal } from './terminal.ts';
import { terminalInput } from './terminal-input.ts';

export interface Stage extends Pick<TuiContext, 'machine' | 'colour' | 'signal' | 'setUp'> {
  readonly session: Session;
  /** What the session asks of the front end; filled in here. */
  readonly hands: Omit<Hands, 'keepHistory'>;
  readonly terminal: Terminal;
  /** Gives the terminal back as it was found. */
  readonly giveBack: () => void;
  /** What was drawn by hand, of the session as it is. */
  readonly standing: Standing;
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
  let standing: Standing | null = stage.standing;
  const palette: Palette = colour ? 'colour' : 'no-colour';
  const store = paced(session, 1000 / FRAMES);
  let drawn: (Drawn & { readonly field: FieldInput }) | null = null;
  /** Takes what is typed while the terminal is lent. */
  let borrower: NodeJS.ReadStream | null = null;

  /** Blocks that are on the screen, or above it, already. */
  let printed = 0;

  /** Resolves when the conversation needs the screen no more, for good or for a while. */
  const draw = async (): Promise<void> => {
    const screen = drawnOn(terminal, machine.env, standing);
    standing = null;
    const field = fieldInput();
    const view = {
      store,
      palette,
      from: printed,
      layOut: screen.layOut,
      onAnswer: (text: string): void => session.send({ type: 'answer', text }),
      onTaken: field.taken,
      onPrinter: screen.onPrinter,
    };
    const ink = render(<App {...view} />, {
      ...screen.options,
      stdin: field.stream,
      maxFps: FRAMES,
    });
    drawn = { ...screen, field };
    await ink.waitUntilExit();
    drawn = null;
    printed = store.state().printed.length;
  };

  const onResize = (): void => {
    drawn?.wipe();
    session.send({ type: 'size', size: sizeOf(stdout) });
    drawn?.drawAgain();
  };
  const onKey = (key: Key): void => {
    if (borrower === null) session.send({ type: 'key', key });
  };
  const onChunk = (chunk: string): void => {
    if (borrower !== null) borrower.push(chunk);
    else if (session.state.field !== null) drawn?.field.feed(chunk);
  };
  let keys: Pick<ReturnType<typeof readKeys>, 'stop'> = { stop() {} };

  hands.copy = (text) => stdout.write(copySequence(text, machine.env));
  hands.clearScreen = () => {
    drawn?.wipe();
    stdout.write('\u001b[H\u001b[2J');
    drawn?.drawAgain();
  };
  hands.suspend = () => {
    drawn?.wipe();
    drawn?.mute();
    keys.stop();
    suspend(giveBack, () => {
      giveBack = takeTerminal(terminal);
      keys = readKeys(stdin, onKey, onChunk);
      onResize();
    });
  };

  /** The wizard draws by itself, and is handed what is typed; the terminal keeps its modes, and this one reader. */
  const lend = async (recipe: string | null): Promise<void> => {
    borrower = terminalInput();
    const takeBack = plainPaste(terminal);
    const problem = await stage.setUp(recipe, borrower).then(() => null, problemOf);
    takeBack();
    borrower = null;
    session.send({ type: 'size', size: sizeOf(stdout) });
    // Ended from outside, as everything is: that is no problem of the wizard's.
    session.send({ type: 'given-back', problem: signal?.aborted ? null : problem });
  };

  // Not before: reading Ink and its first frame hold the program up for longer than a probe takes, and what the
  // witnesses saw meanwhile would be lost.
  setImmediate(() => {
    stage.start();
    // What was typed since the first frame stood is heard when all is asked that it may be about.
    if (!session.state.left) keys = readKeys(stdin, onKey, onChunk);
  });
  const end = (): void => session.send({ type: 'leave' });
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();
  stdout.on('resize', onResize);
  try {
    await draw();
    for (let { lent } = session.state; lent !== null; { lent } = session.state) {
      await lend(lent.recipe);
      await draw();
    }
  } finally {
    signal?.removeEventListener('abort', end);
    stdout.off('resize', onResize);
    keys.stop();
    giveBack();
    await session.close();
  }
}
