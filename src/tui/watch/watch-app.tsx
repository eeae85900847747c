/** A watch on the screen: rows that are laid out already. */
import { Box, useApp, useStdout } from 'ink';
import { type ReactElement, useEffect, useSyncExternalStore } from 'react';
import { type Palette, paint } from '../../output/line/paint.ts';
import type { Line } from '../../output/line/span.ts';
import { lineWidth } from '../../output/line/width.ts';
import type { Region } from '../drawing.ts';
import { Text } from '../text.tsx';

/** What is drawn now; null: nothing more. */
export interface Rows {
  rows(): readonly Line[] | null;
  watch(listener: () => void): () => void;
}

interface Properties {
  readonly store: Rows;
  readonly palette: Palette;
  readonly layOut: (region: Region) => void;
  /** Is given Ink's way to print above the rows. */
  readonly onPrinter: (print: (text: string) => void) => void;
}

export function WatchApp({ store, palette, layOut, onPrinter }: Properties): ReactElement {
  const rows = useSyncExternalStore(store.watch, store.rows);
  const { exit } = useApp();
  const { write } = useStdout();
  useEffect(() => onPrinter(write), [onPrinter, write]);
  useEffect(() => {
    if (rows === null) exit();
  }, [rows, exit]);
  layOut({ widths: (rows ?? []).map(lineWidth), cursor: { x: 0, y: rows?.length ?? 0 } });
  return (
    <Box flexDirection="column">
      {(rows ?? []).map((line, y) => (
        // A row has no identity but its place.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <Text key={y} wrap="truncate">
          {paint(line, palette) || ' '}
        </Text>
      ))}
    </Box>
  );
}
