/** Draws a watch until it ends, or somebody ends it by a key. */
import { render } from 'ink';
import type { Glyphs } from '../../output/glyphs.ts';
import type { Palette } from '../../output/line/paint.ts';
import type { Line } from '../../output/line/span.ts';
import type { Key } from '../../repl/keys.ts';
import { Controls } from '../../watch/controls.ts';
import type { Ledger } from '../../watch/ledger.ts';
import { screenOf } from '../../watch/picture/screen.ts';
import { drawnOn } from '../drawn.ts';
import { readKeys } from '../keyboard.ts';
import { sizeOf, suspend, type Terminal, takeTerminal } from '../terminal.ts';
import { WatchApp } from './watch-app.tsx';

export interface Stage {
  readonly ledger: Ledger;
  /** Seconds. */
  readonly interval: number;
  readonly window: number;
  readonly glyphs: Glyphs;
  readonly palette: Palette;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** Somebody has had enough. */
  onEnd(): void;
}

/** Milliseconds between two pictures: more is not read in a number, and each takes time from those who watch the packets. */
const PACE = 250;

/** Resolves, when told to, as soon as the terminal is as it was. */
export function drawWatch({
  ledger,
  interval,
  window,
  glyphs,
  palette,
  env,
  terminal,
  onEnd,
}: Stage): () => Promise<void> {
  const { stdin, stdout } = terminal;
  const controls = new Controls(ledger, interval, window);
  const began = Date.now();
  const elapsed = (): number => (Date.now() - began) / 1000;
  const listeners = new Set<() => void>();
  let over = false;
  let shown: readonly Line[] | null = [];
  const publish = (): void => {
    const { columns, rows } = sizeOf(stdout);
    const view = controls.view({ columns, glyphs }, elapsed());
    shown = over ? null : view ? screenOf(view, rows) : [];
    for (const listener of listeners) listener();
  };
  const store = {
    rows: () => shown,
    watch(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  let giveBack = takeTerminal(terminal);
  const { options, layOut, onPrinter, wipe, mute, drawAgain } = drawnOn(terminal, env);
  const ink = render(<WatchApp {...{ store, palette, layOut, onPrinter }} />, options);
  const onResize = (): void => {
    wipe();
    publish();
    drawAgain();
  };
  const onKey = (key: Key): void => {
    if (key.type !== 'text' && key.name === 'ctrl-z') {
      wipe();
      mute();
      keys.stop();
      suspend(giveBack, () => {
        giveBack = takeTerminal(terminal);
        keys = readKeys(stdin, onKey);
        onResize();
      });
      return;
    }
    // What is typed fast arrives at once.
    const typed = key.type === 'text' ? [...key.text] : [key.name];
    if (typed.some((one) => controls.press(one, elapsed()) === 'end')) onEnd();
    publish();
  };
  let keys = readKeys(stdin, onKey);
  stdout.on('resize', onResize);
  const timer = setInterval(publish, PACE);
  return async () => {
    clearInterval(timer);
    over = true;
    publish();
    await ink.waitUntilExit();
    stdout.off('resize', onResize);
    keys.stop();
    giveBack();
  };
}
