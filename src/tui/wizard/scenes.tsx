/** What the wizard shows below the finished part, a function for each scene. */
import { Box } from 'ink';
import type { ReactElement, ReactNode } from 'react';
import type { Glyphs } from '../../output/glyphs.ts';
import { commandRows } from '../../output/line/command-rows.ts';
import { widthOf } from '../../output/line/width.ts';
import { wrapText } from '../../output/line/wrap.ts';
import { Text } from '../text.tsx';
import { READABLE } from './readable.ts';
import type { Scene } from './state.ts';

interface Part<S> {
  readonly scene: S;
  readonly glyphs: Glyphs;
  readonly colour: boolean;
  readonly rows: number;
  readonly columns: number;
}

type SceneOf<K extends Scene['kind']> = Part<Extract<Scene, { kind: K }>>;

export function SceneView(part: Part<Scene>): ReactElement | null {
  const { scene } = part;
  switch (scene.kind) {
    case 'choose':
      return <Choose {...part} scene={scene} />;
    case 'ask':
      return <Ask {...part} scene={scene} />;
    case 'step':
      return <Step {...part} scene={scene} />;
    case 'broken':
      return <Broken {...part} scene={scene} />;
    case 'busy':
      return (
        <Text wrap="truncate">
          {scene.what} {part.glyphs.ascii ? '...' : '…'}
        </Text>
      );
    default:
      return null;
  }
}

/** Rows of the choice besides its list and its picture: a heading, the keys, two gaps, and one row left to the terminal. */
const AROUND_CHOICE = 6;

function Choose({ scene, glyphs, colour, rows, columns }: SceneOf<'choose'>): ReactElement {
  const { offers, at } = scene;
  const chosen = offers[at]!;
  // As high as the highest, so that nothing jumps while one moves through the list.
  const height = Math.min(4, Math.max(...offers.map(({ picture }) => picture.length)));
  const room = Math.max(3, rows - AROUND_CHOICE - height);
  const count = offers.length <= room ? offers.length : room - 1;
  const from = Math.max(0, Math.min(at - Math.floor(count / 2), offers.length - count));
  const width = Math.max(...offers.map(({ name }) => name.length));
  const why = beginning(chosen.why, columns - 2, room - count - 1);
  return (
    <Box flexDirection="column">
      <Text bold>What shall be built?</Text>
      {offers.slice(from, from + count).map((offer) => (
        <Text key={offer.name} wrap="truncate" color={colour && offer === chosen ? 'cyan' : undefined}>
          {offer === chosen ? glyphs.chosen : ' '} {offer.name.padEnd(width)}
          {'   '}
          {offer.title}
        </Text>
      ))}
      {count < offers.length ? <Text dimColor> {offers.length - count} more</Text> : null}
      <Box flexDirection="column" marginTop={1} height={height}>
        {chosen.picture.slice(0, height).map((line) => (
          <Text key={line} wrap="truncate">
            {'  '}
            {line}
          </Text>
        ))}
      </Box>
      {why.length === 0 ? null : (
        <Box flexDirection="column" marginTop={1}>
          {why.map((line) => (
            <Text key={line} dimColor>
              {'  '}
              {line}
            </Text>
          ))}
        </Box>
      )}
      <Keys words={['Up and Down choose', 'Enter takes it', 'q quits']} />
    </Box>
  );
}

/** As many whole sentences as there are rows for. */
function beginning(text: string, columns: number, rows: number): readonly string[] {
  const sentences = text.replace(/\s+/g, ' ').split(/(?<=\.) /);
  for (let count = sentences.length; count > 0; count -= 1) {
    const lines = wrapText(sentences.slice(0, count).join(' '), columns);
    if (lines.length <= rows) return lines;
  }
  return [];
}

/** Rows of a question besides its choices. */
const AROUND_QUESTION = 10;

function Ask({ scene, glyphs, colour, rows, columns }: SceneOf<'ask'>): ReactElement {
  const { ask, why, suggestion, choices, error, text } = scene;
  const shown = choices.slice(0, Math.max(2, rows - AROUND_QUESTION));
  const width = Math.max(0, ...shown.map(({ value }) => widthOf(value)));
  return (
    <Box flexDirection="column">
      <Text bold>{ask}</Text>
      {why === null ? null : <Prose text={why} columns={columns} />}
      {shown.map(({ value, about }) => (
        <Text key={value} wrap="truncate" dimColor>
          {'  '}
          {value}
          {' '.repeat(width - widthOf(value) + 3)}
          {about}
        </Text>
      ))}
      {error === null ? null : (
        <>
          <Prose
            text={`${glyphs.bad} ${error.message}`}
            columns={columns}
            colour={colour ? 'red' : undefined}
          />
          <Prose text={error.hint} columns={columns} />
        </>
      )}
      <Box>
        <Text>{glyphs.prompt} </Text>
        <Text>{text}</Text>
        {text === '' && suggestion !== null ? <Suggestion text={suggestion} /> : <Text inverse> </Text>}
      </Box>
      <Keys words={[suggestion === null ? 'Enter answers' : `Enter takes ${suggestion}`, 'Ctrl-C quits']} />
    </Box>
  );
}

/** What Enter would take, with the cursor on its first letter. */
const Suggestion = ({ text }: { text: string }): ReactElement => (
  <Text dimColor wrap="truncate">
    <Text inverse>{text.slice(0, 1) || ' '}</Text>
    {text.slice(1)}
  </Text>
);

function Step({ scene, colour, columns }: SceneOf<'step'>): ReactElement {
  const { step, index, of } = scene;
  return (
    <Box flexDirection="column">
      <Heading name={`Step ${index + 1} of ${of}`}>{step.title}</Heading>
      <Prose text={step.why} columns={columns} />
      <Box flexDirection="column" marginTop={1}>
        {step.commands
          .flatMap((command) => commandRows(command, columns))
          .map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows of one step
            <Text key={at} color={colour ? 'cyan' : undefined}>
              {row}
            </Text>
          ))}
      </Box>
      <Keys words={['Enter runs it', 's skip', 'b back', 'a run all', 'q quit']} />
    </Box>
  );
}

function Broken({ scene, glyphs, colour }: SceneOf<'broken'>): ReactElement {
  const { title, sound } = scene;
  const diagnose = sound ? ['Enter diagnoses'] : [];
  return (
    <Box flexDirection="column">
      <Text bold color={colour ? 'red' : undefined}>
        {glyphs.bad} {title}
      </Text>
      <Keys words={[...diagnose, 'r try again', 'k keep what stands', 'q take it all back']} />
    </Box>
  );
}

interface Words {
  readonly text: string;
  readonly columns: number;
  readonly colour?: 'red' | undefined;
}

/** Sentences in rows that are pleasant to read. Ink would begin a row with the blank it breaks at. */
const Prose = ({ text, columns, colour }: Words): ReactElement => (
  <Text color={colour}>{wrapText(text, Math.min(columns, READABLE)).join('\n')}</Text>
);

const Heading = ({ name, children }: { name: string; children: ReactNode }): ReactElement => (
  <Text bold>
    {name}
    {'   '}
    {children}
  </Text>
);

const Keys = ({ words }: { words: readonly string[] }): ReactElement => (
  <Box marginTop={1}>
    <Text dimColor>{words.join('   ')}</Text>
  </Box>
);
