/** What a conversation has under way: one thing at a time, with a clock, and a way to stop it. */
import type { Input, State } from '../state.ts';
import type { Surroundings } from '../surroundings.ts';

export interface Work {
  /** Asks it to end; `ended` says when it has. */
  stop(): void;
  readonly ended: Promise<void>;
}

/** The conversation, as its work sees it. */
export interface Desk {
  readonly around: Surroundings;
  state(): State;
  send(input: Input): void;
  /** The work is over: what is sent next may begin other work. */
  over(): void;
}

/** How often the clock of a run moves. */
const TICK = 100;

/** Begins work: tells how long it takes. Returns the way to end it with what came of it; the first end counts. */
export function begun({ send, over }: Desk): (input: Input) => void {
  const start = Date.now();
  const timer = setInterval(() => send({ type: 'elapsed', milliseconds: Date.now() - start }), TICK);
  let isOver = false;
  return (input) => {
    if (isOver) return;
    isOver = true;
    clearInterval(timer);
    over();
    send(input);
  };
}
