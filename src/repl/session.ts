/** A conversation at work: keeps the state, carries out what the reducer wants done, tells who watches. */
import { reduce } from './reduce.ts';
import type { Effect, Input, State } from './state.ts';
import type { Surroundings } from './surroundings.ts';
import { answering } from './work/answering.ts';
import { capturing } from './work/capturing.ts';
import { diagnosing } from './work/diagnosing.ts';
import { type Repairing, repairing } from './work/repairing.ts';
import { watching } from './work/watching.ts';
import type { Desk, Work } from './work/work.ts';

/** What only a front end can do. */
export interface Hands {
  copy(text: string): void;
  suspend(): void;
  clearScreen(): void;
  /** Writes the history where the next conversation finds it. */
  keepHistory(lines: State['history']): void;
}

export interface Session {
  readonly state: State;
  send(input: Input): void;
  /** Looks for what can be named, once. Reading it takes longer than a frame may wait. */
  lookAround(): void;
  /** Called after every change, with what made it; returns the way to stop it. */
  watch(listener: (input: Input) => void): () => void;
  /** Ends what is running and resolves when it is gone. */
  close(): Promise<void>;
}

export function openSession(first: State, around: Surroundings, hands: Hands): Session {
  let state = first;
  let running: Work | null = null;
  /** The repair that asks, where one does. */
  let asks: Repairing | null = null;
  const listeners = new Set<(input: Input) => void>();

  const send = (input: Input): void => {
    const before = state;
    const after = reduce(state, input);
    state = after.state;
    for (const effect of after.effects) perform(effect);
    if (state !== before) for (const listener of listeners) listener(input);
  };

  const desk: Desk = {
    around,
    state: () => state,
    send,
    over() {
      running = null;
    },
  };

  const perform = (effect: Effect): void => {
    if (effect.type === 'diagnose') running = diagnosing(desk, effect.question);
    else if (effect.type === 'stop') running?.stop();
    else if (effect.type === 'repair') repair(effect);
    else if (effect.type === 'capture') running = capturing(desk, effect.wish);
    else if (effect.type === 'watch') running = watching(desk, effect.wish);
    else if (effect.type === 'answer') asks?.answer(effect.text);
    else if (effect.type === 'carry-out') running = answering(desk, effect.line);
    else if (effect.type === 'look-around') void lookAround(desk, false);
    else if (effect.type === 'keep-history') hands.keepHistory(effect.history);
    else if (effect.type === 'copy') hands.copy(effect.text);
    else if (effect.type === 'suspend') hands.suspend();
    else hands.clearScreen();
  };

  const repair = ({ wish, first }: Extract<Effect, { type: 'repair' }>): void => {
    const { asked } = state;
    if (first.diagnosis === null || asked === null) return;
    asks = repairing(desk, wish, { first: first.diagnosis, question: asked });
    running = asks;
  };

  return {
    get state() {
      return state;
    },
    send,
    // Where nothing is drawn there is nothing to pick from.
    lookAround: () => void lookAround(desk, first.target === null && first.echoes),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      const work = running;
      work?.stop();
      await work?.ended;
    },
  };
}

/** Looks for what can be named; `pick`: it is chosen from. */
async function lookAround({ around, send }: Desk, pick: boolean): Promise<void> {
  send({ type: 'recipes', recipes: around.recipes() });
  const listed = around.targets().catch(() => ({ candidates: [] }));
  const { causes } = await import('../causes.ts');
  send({ type: 'causes', causes });
  const { candidates } = await listed;
  send({ type: 'candidates', candidates, pick });
  if (!pick) return;
  // Whoever chooses wants to see addresses; looking into every namespace takes longer.
  const inventory = await around.inventory().catch(() => null);
  if (inventory !== null) send({ type: 'candidates', candidates: inventory.candidates, pick: false });
}
