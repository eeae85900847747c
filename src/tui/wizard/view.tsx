/**
 * The wizard's screen: what is finished above, and below
 *
 *   red   eth0 10.0.0.2/24 ── vethred ── br-nat 10.0.0.1/24      the network as it is
 *   Step 7 of 23  Switch on vethred
 *   A port that is down passes nothing.
 *   ip link set vethred up
 *   Enter run   s skip   b back   a run all   q quit
 */
import { Box, Static, Text, useApp, useInput } from 'ink';
import { type ReactElement, useEffect, useSyncExternalStore } from 'react';
import { plain, shellLine } from '../../model/words.ts';
import type { Glyphs } from '../../output/glyphs.ts';
import type { Scene, Store } from './state.ts';

interface Properties {
  readonly store: Store;
  readonly glyphs: Glyphs;
  readonly colour: boolean;
  /** Rows and columns of the terminal. */
  readonly size: () => { readonly rows: number; readonly columns: number };
}

export function Wizard({ store, glyphs, colour, size }: Properties): ReactElement {
  const { printed, picture, scene } = useSyncExternalStore(store.watch, () => store.state);
  const { exit } = useApp();
  useEffect(() => {
    if (scene.kind === 'over') exit();
  }, [scene.kind, exit]);
  useInput((input, key) => onInput(store, input, key));
  const { rows, columns } = size();
  // The live part stays lower than the terminal, which would otherwise lose its scrollback.
  const room = Math.max(3, rows - 12);
  return (
    <>
      <Static items={[...printed]}>
        {({ id, lines }) => (
          <Box key={id} flexDirection="column">
            {lines.map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a block is written once and never changes
              <Text key={index}>{line || ' '}</Text>
            ))}
          </Box>
        )}
      </Static>
      {scene.kind === 'over' ? null : (
        <Box flexDirection="column" width={columns}>
          {scene.kind === 'step' || scene.kind === 'busy' || scene.kind === 'broken' ? (
            <Picture lines={picture.slice(0, room)} more={picture.length - room} />
          ) : null}
          <SceneView scene={scene} store={store} glyphs={glyphs} colour={colour} room={room} />
        </Box>
      )}
    </>
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

interface Part<S> {
  readonly scene: S;
  readonly store: Store;
  readonly glyphs: Glyphs;
  readonly colour: boolean;
  readonly room: number;
}

function SceneView(part: Part<Scene>): ReactElement | null {
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
      return <Text>{scene.what} …</Text>;
    default:
      return null;
  }
}

function Choose({ scene, glyphs, colour, room }: Part<Extract<Scene, { kind: 'choose' }>>): ReactElement {
  const { offers, at } = scene;
  const count = Math.max(3, room - 4);
  const from = Math.max(0, Math.min(at - Math.floor(count / 2), offers.length - count));
  const chosen = offers[at]!;
  const width = Math.max(...offers.map(({ name }) => name.length));
  return (
    <Box flexDirection="column">
      <Text bold>What shall be built?</Text>
      {offers.slice(from, from + count).map((offer) => (
        <Text key={offer.name} wrap="truncate" color={colour && offer === chosen ? 'cyan' : undefined}>
          {offer === chosen ? glyphs.chosen : ' '} {offer.name.padEnd(width)} {offer.title}
        </Text>
      ))}
      <Box flexDirection="column" marginTop={1}>
        {chosen.picture.slice(0, 4).map((line) => (
          <Text key={line} wrap="truncate">
            {line}
          </Text>
        ))}
      </Box>
      <Keys words={['Up and Down choose', 'Enter takes it', 'q quit']} />
    </Box>
  );
}

function Ask({ scene, glyphs, colour, room }: Part<Extract<Scene, { kind: 'ask' }>>): ReactElement {
  const { ask, why, suggestion, choices, error, text } = scene;
  return (
    <Box flexDirection="column">
      <Text bold>{ask}</Text>
      {why === null ? null : <Text>{why}</Text>}
      {choices.slice(0, room - 3).map(({ value, about }) => (
        <Text key={value} wrap="truncate">
          {'  '}
          {value} {about}
        </Text>
      ))}
      {error === null ? null : (
        <>
          <Text color={colour ? 'red' : undefined}>
            {glyphs.bad} {error.message}
          </Text>
          <Text>{error.hint}</Text>
        </>
      )}
      <Box>
        <Text>{glyphs.prompt} </Text>
        <Text>{text}</Text>
        <Text inverse> </Text>
        {text === '' && suggestion !== null ? <Text dimColor>{suggestion}</Text> : null}
      </Box>
      <Keys words={[suggestion === null ? 'Enter answers' : `Enter takes ${suggestion}`, 'Ctrl-C quits']} />
    </Box>
  );
}

function Step({ scene }: Part<Extract<Scene, { kind: 'step' }>>): ReactElement {
  const { step, index, of } = scene;
  return (
    <Box flexDirection="column">
      <Text bold>
        Step {index + 1} of {of} {step.title}
      </Text>
      <Text>{step.why}</Text>
      {step.commands.map((command) => (
        <Text key={shellLine(command)}>{shellLine(command)}</Text>
      ))}
      <Keys words={['Enter run', 's skip', 'b back', 'a run all', 'q quit']} />
    </Box>
  );
}

function Broken({ scene, glyphs, colour }: Part<Extract<Scene, { kind: 'broken' }>>): ReactElement {
  const { title, because, sound } = scene;
  const diagnose = sound ? ['Enter diagnoses'] : [];
  return (
    <Box flexDirection="column">
      <Text bold color={colour ? 'red' : undefined}>
        {glyphs.bad} {title}
      </Text>
      <Text>{because}</Text>
      <Keys words={[...diagnose, 'r try again', 'k keep what stands', 'q take it all back']} />
    </Box>
  );
}

const Keys = ({ words }: { words: readonly string[] }): ReactElement => (
  <Text dimColor>{words.join('   ')}</Text>
);

const DECISIONS = { s: 'skip', b: 'back', a: 'all', q: 'quit', r: 'run' } as const;

const RESCUES = { d: 'diagnose', r: 'again', k: 'keep', q: 'quit' } as const;

interface Pressed {
  readonly ctrl: boolean;
  readonly return: boolean;
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly backspace: boolean;
  readonly delete: boolean;
}

const NOTHING: Pressed = {
  ctrl: false,
  return: false,
  upArrow: false,
  downArrow: false,
  backspace: false,
  delete: false,
};

/** Keys that come in quick succession, or are pasted, arrive as one piece: each is taken by itself. */
function onInput(store: Store, input: string, key: Pressed): void {
  if (input.length < 2) {
    onKey(store, store.state.scene, input, key);
    return;
  }
  for (const sign of input) {
    const { scene } = store.state;
    if (sign === '\r') onKey(store, scene, '', { ...NOTHING, return: true });
    else if (sign === '\u007f' || sign === '\b') onKey(store, scene, '', { ...NOTHING, backspace: true });
    else if (sign === '\u0003') onKey(store, scene, 'c', { ...NOTHING, ctrl: true });
    else onKey(store, scene, sign, NOTHING);
  }
}

/** Keys decide, move, or write. */
function onKey(store: Store, scene: Scene, input: string, key: Pressed): void {
  if (key.ctrl && input === 'c') store.give({ type: 'quit' });
  else if (scene.kind === 'choose') onChoice(store, scene.offers.length - 1, input, key);
  else if (scene.kind === 'ask') onText(store, scene.text, input, key);
  else if (scene.kind === 'step') {
    const decision = key.return ? 'run' : DECISIONS[input.toLowerCase() as keyof typeof DECISIONS];
    if (decision) store.give({ type: decision });
  } else if (scene.kind === 'broken') {
    const rescue = key.return ? 'diagnose' : RESCUES[input.toLowerCase() as keyof typeof RESCUES];
    if (rescue && (rescue !== 'diagnose' || scene.sound)) store.give({ type: rescue });
  }
}

/** An answer's text. It is changed where it is kept: keys may come faster than frames are drawn. */
function onText(store: Store, text: string, input: string, key: Pressed): void {
  if (key.return) store.give({ type: 'answer', text });
  else if (key.backspace || key.delete) retype(store, text.slice(0, -1));
  else if (key.ctrl) retype(store, input === 'u' ? '' : text);
  else retype(store, text + plain(input));
}

const retype = (store: Store, text: string): void =>
  store.edit((now) => (now.kind === 'ask' ? { ...now, text } : now));

function onChoice(store: Store, last: number, input: string, key: Pressed): void {
  if (key.return) store.give({ type: 'run' });
  else if (input === 'q') store.give({ type: 'quit' });
  else {
    const step = key.upArrow ? -1 : key.downArrow ? 1 : 0;
    store.edit((now) =>
      now.kind === 'choose' ? { ...now, at: Math.max(0, Math.min(last, now.at + step)) } : now,
    );
  }
}
