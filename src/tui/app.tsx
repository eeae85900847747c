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
  readonly onTaken: () => void;
  readonly palette: Palette;
  /** Blocks that an earlier screen of this conversation has printed. */
  readonly from: number;
  readonly layOut: (region: Region) => void;
  /** Is given Ink's way to print above the live region. */
  readonly onPrinter: (print: (text: string) => void) => void;
}

/** The whole screen: finished things above, the living below. */
export function App({
  store,
  onAnswer,
  onTaken,
  palette,
  from,
  layOut,
  onPrinter,
}: Properties): ReactElement {
  const state = useSyncExternalStore(store.watch, store.state);
  const { exit } = useApp();
  const { write } = useStdout();
  useEffect(() => onPrinter(write), [onPrinter, write]);
  const over = state.left || state.lent !== null;
  useEffect(() => {
    if (over) exit();
  }, [over, exit]);
  return (
    <>
      <Scrollback blocks={state.printed.slice(from)} palette={palette} />
      {over ? null : (
        <Live state={state} palette={palette} layOut={layOut} onAnswer={onAnswer} onTaken={onTaken} />
      )}
    </>
  );
}
