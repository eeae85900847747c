/**
 * The wizard's screen: what is finished above, and below
 *
 *   red   eth0 10.0.0.2/24 ── vethred ── br-nat 10.0.0.1/24      the network as it is
 *
 *   Step 11 of 23   Switch on vethred
 *   A port that is down passes nothing.
 *
 *   ip link set dev vethred up
 *
 *   Enter run   s skip   b back   a run all   q quit
 */
import { Box, Static, useApp, useInput } from 'ink';
import { type ReactElement, useEffect, useSyncExternalStore } from 'react';
import type { Glyphs } from '../../output/glyphs.ts';
import { Text } from '../text.tsx';
import { onInput } from './keys.ts';
import { SceneView } from './scenes.tsx';
import type { Block, Store } from './state.ts';

interface Properties {
  readonly store: Store;
  readonly glyphs: Glyphs;
  readonly colour: boolean;
  /** Rows and columns of the terminal. */
  readonly size: () => { readonly rows: number; readonly columns: number };
}

/** Rows that the largest scene takes besides the picture of the network. */
const SCENE = 14;

export function Wizard({ store, glyphs, colour, size }: Properties): ReactElement {
  const { printed, picture, scene } = useSyncExternalStore(store.watch, () => store.state);
  const { exit } = useApp();
  useEffect(() => {
    if (scene.kind === 'over') exit();
  }, [scene.kind, exit]);
  useInput((input, key) => onInput(store, input, key));
  const { rows, columns } = size();
  // The live part stays lower than the terminal, which would otherwise lose its scrollback.
  const room = Math.max(2, rows - SCENE);
  return (
    <>
      <Static items={[...printed]}>
        {({ id, lines }) => (
          <Box key={id} flexDirection="column">
            {lines.map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a block is written once and never changes
              <Finished key={index} line={line} glyphs={glyphs} colour={colour} />
            ))}
          </Box>
        )}
      </Static>
      {scene.kind === 'over' ? null : (
        <Box flexDirection="column" width={columns} marginTop={endsBlank(printed) ? 0 : 1}>
          {scene.kind === 'step' || scene.kind === 'busy' || scene.kind === 'broken' ? (
            <Picture lines={picture.slice(0, room)} more={picture.length - room} />
          ) : null}
          <SceneView scene={scene} glyphs={glyphs} colour={colour} rows={rows} columns={columns} />
        </Box>
      )}
    </>
  );
}

/** Is what stands above empty, or does it end with an empty line? */
const endsBlank = (printed: readonly Block[]): boolean => !printed.at(-1)?.lines.at(-1);

/** A line that stays: its mark in colour, a command quieter than what it does. */
function Finished({
  line,
  glyphs,
  colour,
}: Omit<Properties, 'store' | 'size'> & { line: string }): ReactElement {
  const mark = [glyphs.good, glyphs.bad].find((one) => line.startsWith(`${one} `));
  if (line.startsWith('    ')) return <Text dimColor>{line}</Text>;
  if (!mark || !colour) return <Text>{line || ' '}</Text>;
  return (
    <Text>
      <Text color={mark === glyphs.good ? 'green' : 'red'}>{mark}</Text>
      {line.slice(mark.length)}
    </Text>
  );
}

function Picture({ lines, more }: { lines: readonly string[]; more: number }): ReactElement | null {
  if (lines.length === 0) return null;
  return (
    <Box flexDirection="column" marginBottom={1}>
      {lines.map((line) => (
        <Text key={line} wrap="truncate">
          {line}
        </Text>
      ))}
      {more > 0 ? <Text dimColor>and {more} more</Text> : null}
    </Box>
  );
}
