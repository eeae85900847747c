import { Box, useCursor } from 'ink';
import type { ReactElement } from 'react';
import { type Palette, paint } from '../output/line/paint.ts';
import { textOf } from '../output/line/span.ts';
import { lineWidth } from '../output/line/width.ts';
import { drawScreen } from '../repl/picture/screen.ts';
import type { State } from '../repl/state.ts';
import type { Region } from './drawing.ts';
import { Field } from './field.tsx';
import { Text } from './text.tsx';

interface Properties {
  readonly state: State;
  readonly palette: Palette;
  /** Is told what is about to be drawn. */
  readonly layOut: (region: Region) => void;
  readonly onAnswer: (text: string) => void;
  readonly onTaken: () => void;
}

/** The region that is drawn again and again; laid out already, row by row. */
export function Live({ state, palette, layOut, onAnswer, onTaken }: Properties): ReactElement {
  const { lines, cursor } = drawScreen(state);
  const { setCursorPosition } = useCursor();
  layOut({ widths: lines.map(lineWidth), cursor });
  // The field draws a cursor of its own.
  setCursorPosition(state.left || state.field !== null ? undefined : cursor);
  return (
    <Box flexDirection="column">
      {lines.map((line, y) =>
        y === cursor.y && state.field !== null ? (
          <Field key={state.field} label={state.field} onAnswer={onAnswer} onTaken={onTaken} />
        ) : (
          // A row has no identity but its place.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <Text key={y} wrap="truncate" aria-label={y === cursor.y ? `prompt: ${textOf(line)}` : undefined}>
            {paint(line, palette) || ' '}
          </Text>
        ),
      )}
    </Box>
  );
}
