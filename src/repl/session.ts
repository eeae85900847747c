/** A conversation at work: keeps the state, carries out what the reducer wants done, tells who watches. */
import { Failure, type Problem } from '../model/failure.ts';
import type { Question } from '../model/question.ts';
import { nearest } from '../words/nearest.ts';
import type { Outcome } from './command.ts';
import { mend } from './mend.ts';
import { split } from './parse.ts';
import { reduce } from './reduce.ts';
import { commandNamed, commands } from './registry.ts';
import type { Effect, Input, State } from './state.ts';
import type { Surroundings } from './surroundings.ts';

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
  /** Called after every change, with what made it; returns the way to stop it. */
  watch(listener: (input: Input) => void): () => void;
  /** Ends what is running and resolves when it is gone. */
  close(): Promise<void>;
}

/** How often the clock of a run moves. */
const TICK = 100;

/** Milliseconds that a stopped run may take to take back what it armed. */
const PATIENCE = 3000;

export const problemOf = (error: unknown): Problem =>
  error instanceof Failure
    ? error.problem
    : {
        exit: 3,
        code: 'internal',
        message: `netdoctor failed: ${error instanceof Error ? error.message : String(error)}`,
        hint: 'This is a bug in netdoctor.',
      };

/** Finds the command of a line and lets it answer. */
export async function carryOut(line: string, state: State, around: Surroundings): Promise<Outcome> {
  const words = split(line);
  const name = words[0]?.text ?? '';
  const found = commands.find((each) => each.name === name);
  if (!found) {
    const meant = nearest(
      name,
      commands.map((each) => each.name),
    );
    const hint = meant ? `Did you mean "${meant}"?` : 'Type help for what there is.';
    return { type: 'wrong', word: 0, message: `There is no command "${name}".`, hint };
  }
  const { last, target, asked, settings, glyphs, size } = state;
  return found.run(words, {
    last,
    target,
    asked,
    settings,
    glyphs,
    commands,
    around,
    columns: size.columns - 1,
    draws: state.echoes,
    defaults: state.defaults,
  });
}

export function openSession(first: State, around: Surroundings, hands: Hands): Session {
  let state = first;
  let running: { stop(): void; readonly ended: Promise<void> } | null = null;
  /** Takes the answer to the question in the field. */
  let waits: ((text: string) => void) | null = null;
  const listeners = new Set<(input: Input) => void>();

  const send = (input: Input): void => {
    const before = state;
    const after = reduce(state, input);
    state = after.state;
    for (const effect of after.effects) perform(effect);
    if (state !== before) for (const listener of listeners) listener(input);
  };

  const clocked = (): (() => void) => {
    const start = Date.now();
    const timer = setInterval(() => send({ type: 'elapsed', milliseconds: Date.now() - start }), TICK);
    return () => clearInterval(timer);
  };

  const diagnose = (question: Question): void => {
    const abort = new AbortController();
    const stopClock = clocked();
    let over = false;
    const end = (problem: Problem | null): void => {
      if (over) return;
      over = true;
      stopClock();
      running = null;
      send({ type: 'run-ended', problem });
    };
    const work = async (): Promise<void> => {
      try {
        for await (const event of around.diagnose(question, abort.signal)) {
          if (!over) send({ type: 'event', event });
        }
        const told = state.run?.diagnosis !== null;
        end(told ? null : abort.signal.aborted ? STOPPED : UNFINISHED);
      } catch (error) {
        end(abort.signal.aborted ? STOPPED : problemOf(error));
      }
    };
    const ended = Promise.race([
      work(),
      aborted(abort.signal)
        .then(() => pause(PATIENCE))
        .then(() => end(STUCK)),
    ]);
    running = { stop: () => abort.abort(), ended };
  };

  const perform = (effect: Effect): void => {
    if (effect.type === 'diagnose') diagnose(effect.question);
    else if (effect.type === 'stop') running?.stop();
    else if (effect.type === 'repair') repair(effect);
    else if (effect.type === 'answer') waits?.(effect.text);
    else if (effect.type === 'carry-out') void answer(effect.line);
    else if (effect.type === 'look-around') void lookAround(false);
    else if (effect.type === 'keep-history') hands.keepHistory(effect.history);
    else if (effect.type === 'copy') hands.copy(effect.text);
    else if (effect.type === 'suspend') hands.suspend();
    else hands.clearScreen();
  };

  const repair = ({ wish, first }: Extract<Effect, { type: 'repair' }>): void => {
    const { asked } = state;
    if (first.diagnosis === null || asked === null) return;
    const abort = new AbortController();
    const stopClock = clocked();
    const answerTo = (label: string): Promise<string> =>
      new Promise((resolve) => {
        waits = (text) => {
          waits = null;
          resolve(text);
        };
        send({ type: 'field', label });
      });
    const request = { ...wish, first: first.diagnosis, question: asked, around, signal: abort.signal };
    const ended = mend({ ...request, send, state: () => state, answer: answerTo })
      .then(
        (): Input => ({ type: 'outcome', line: '', outcome: { type: 'say', lines: [] } }),
        (error: unknown): Input => ({ type: 'failed', line: '', problem: problemOf(error) }),
      )
      .then((input) => {
        stopClock();
        running = null;
        send(input);
      });
    running = {
      // What is made and not yet judged is taken back; that is waited for.
      stop() {
        abort.abort();
        if (state.field !== null) send({ type: 'answer', text: '' });
      },
      ended,
    };
  };

  const answer = async (line: string): Promise<void> => {
    const stopClock = clocked();
    let stopped = false;
    const ended = inTime(line, carryOut(line, state, around))
      .then(
        (outcome): Input => ({ type: 'outcome', line, outcome }),
        (error: unknown): Input => ({ type: 'failed', line, problem: problemOf(error) }),
      )
      .then((input) => {
        stopClock();
        if (stopped) return;
        running = null;
        send(input);
      });
    running = {
      // What a command reads cannot be called back; its answer can be let go.
      stop() {
        stopped = true;
        stopClock();
        running = null;
        send({ type: 'failed', line, problem: STOPPED });
      },
      ended,
    };
  };

  const lookAround = async (pick: boolean): Promise<void> => {
    send({ type: 'recipes', recipes: around.recipes() });
    const { candidates } = await around.targets().catch(() => ({ candidates: [] }));
    send({ type: 'candidates', candidates, pick });
    if (!pick) return;
    // Whoever chooses wants to see addresses; looking into every namespace takes longer.
    const inventory = await around.inventory().catch(() => null);
    if (inventory !== null) send({ type: 'candidates', candidates: inventory.candidates, pick: false });
  };

  // Where nothing is drawn there is nothing to pick from.
  void lookAround(first.target === null && first.echoes);
  return {
    get state() {
      return state;
    },
    send,
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

/** The answer, or that it did not come within the time that its command waits. */
async function inTime(line: string, answer: Promise<Outcome>): Promise<Outcome> {
  const waits = commandNamed(split(line)[0]?.text ?? '')?.waits;
  if (waits === undefined) return answer;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `No answer from ${waits.what} within ${waits.seconds} s.`;
    timer = setTimeout(
      () => reject(new Failure({ exit: 3, code: 'timeout', message, hint: 'Ask again later.' })),
      waits.seconds * 1000,
    );
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });

const STUCK: Problem = {
  exit: 3,
  code: 'stuck',
  message: 'The run was told to stop and did not. Its traces may still be armed.',
  hint: 'They end with netdoctor: quit',
};
const STOPPED: Problem = { exit: 3, code: 'stopped', message: 'Stopped. Nothing was changed.', hint: '' };
const UNFINISHED: Problem = {
  exit: 3,
  code: 'unfinished',
  message: 'The diagnosis ended without a verdict.',
  hint: 'This is a bug in netdoctor.',
};
