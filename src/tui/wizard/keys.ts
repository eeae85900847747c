/** What the wizard's keys mean, scene by scene. */
import { plain } from '../../words/text.ts';
import type { Scene, Store } from './state.ts';

const DECISIONS = { s: 'skip', b: 'back', a: 'all', q: 'quit', r: 'run' } as const;

const RESCUES = { d: 'diagnose', r: 'again', k: 'keep', q: 'quit' } as const;

export interface Pressed {
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
export function onInput(store: Store, input: string, key: Pressed): void {
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
