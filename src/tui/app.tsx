import { useApp, useStdout } from 'ink';
import { type ReactElement, useEffect, useSyncExternalStore } from 'react';
import type { Palette } from '../output/line/paint.ts';
import type { Region } from './drawing.ts';
import { Live } from './live.tsx';
import type { Store } from './paced.ts';
import { Scrollback } from './scrollback.tsx';

interface Properties {
  readonly store: Store;
  readonly onAnswer: (text: string) => void;
  readonly palette: Palette;
  readonly layOut: (region: Region) => void;
  /** Is given Ink's way to print above the live region. */
  readonly onPrinter: (print: (text: string) => void) => void;
}

/** The whole screen: finished things above, the living below. */
export function App({ store, onAnswer, palette, layOut, onPrinter }: Properties): ReactElement {
  const state = useSyncExternalStore(store.watch, store.state);
  const { exit } = useApp();
  const { write } = useStdout();
  useEffect(() => onPrinter(write), [onPrinter, write]);
  useEffect(() => {
    if (state.left) exit();
  }, [state.left, exit]);
  return (
    <>
      <Scrollback blocks={state.printed} palette={palette} />
      {state.left ? null : <Live state={state} palette={palette} layOut={layOut} onAnswer={onAnswer} />}
    </>
  );
}
