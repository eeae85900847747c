import { Box, Static } from 'ink';
import type { ReactElement } from 'react';
import { type Palette, paintAll } from '../output/line/paint.ts';
import { lineWidth } from '../output/line/width.ts';
import type { Block } from '../repl/state.ts';
import { Text } from './text.tsx';

interface Properties {
  readonly blocks: readonly Block[];
  readonly palette: Palette;
}

/** What is finished: written once, above the live region, and left to the terminal. */
export function Scrollback({ blocks, palette }: Properties): ReactElement {
  return (
    <Static items={[...blocks]}>
      {({ id, lines }) => (
        // As wide as its longest row: Ink would break a command that is longer than the screen, and a broken one
        // cannot be copied. The terminal wraps it softly.
        <Box key={id} width={Math.max(1, ...lines.map(lineWidth))} flexShrink={0}>
          <Text>{paintAll(lines, palette) || ' '}</Text>
        </Box>
      )}
    </Static>
  );
}
