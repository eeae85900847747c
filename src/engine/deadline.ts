/** `--timeout` as one moment for everything that a diagnosis asks, from the name of its target to the last fact. */
import { setMaxListeners } from 'node:events';
import type { Cancel, Clock } from '../host/clock.ts';
import { cannotLook, type Failure } from '../model/failure.ts';
import type { Question } from '../model/question.ts';

/** How long a packet from outside is waited for, in seconds: contract.md. */
export const OUTSIDE = 120;
/** The part of the time that is left for judging what the probe has shown. */
const JUDGING = 0.2;
/** The parts that one program, and a table of rules until it stands, may take. */
const PROGRAM = 0.5;
const ARMING = 0.15;
/** The time that these parts are of, unless more was given: less time ends the whole run, and makes no program quicker. Seconds. */
const ENOUGH = 10;

/**
 * Milliseconds that one program may take to answer where the whole may take so many seconds: whoever gives a slow host more
 * time gives it to all that is asked.
 */
export const programPatience = (timeout: number): number => Math.max(ENOUGH, timeout) * 1000 * PROGRAM;

export class Deadline {
  /** Aborts when the time is up, or when the run is told to end. */
  readonly signal: AbortSignal;
  /** Milliseconds from the beginning until the time is up, those aside that somebody outside is waited for. */
  readonly total: number;
  /** Milliseconds from the beginning until the probe is to have ended. */
  readonly probing: number;
  /** Milliseconds that one program may take to answer. */
  readonly program: number;
  /** Milliseconds until the tables that trace rules are to stand. */
  readonly arming: number;
  readonly #question: Question;
  readonly #cancel: Cancel;
  readonly #up = new AbortController();

  /** `spent`: milliseconds of it that are gone already. */
  constructor(clock: Clock, question: Question, told: AbortSignal, spent = 0) {
    this.#question = question;
    this.signal = AbortSignal.any([told, this.#up.signal]);
    // Every program and request of a run listens, side by side.
    setMaxListeners(0, told, this.#up.signal, this.signal);
    const waiting = question.from === 'outside' ? (question.waitOutside ?? OUTSIDE) : 0;
    this.total = Math.max(0, question.timeout * 1000 - spent);
    this.#cancel = clock.after(this.total + waiting * 1000, () => this.#up.abort());
    this.probing = this.total * (1 - JUDGING);
    this.program = programPatience(question.timeout);
    this.arming = Math.max(ENOUGH, question.timeout) * 1000 * ARMING;
  }

  /** The same result, or that the time was up before it. @throws Failure */
  async before<T>(what: string, work: Promise<T>): Promise<T> {
    try {
      // Work that does not hear of it is not waited for: what it asked of the machine ends by the same signal.
      const result = await Promise.race([work, this.#isUp(what)]);
      if (this.#up.signal.aborted) throw this.late(what);
      return result;
    } catch (error) {
      throw this.#up.signal.aborted ? this.late(what) : error;
    }
  }

  /** Rejects when the time is up. */
  #isUp(what: string): Promise<never> {
    const { signal } = this.#up;
    return new Promise((_, reject) => {
      const late = (): void => reject(this.late(what));
      if (signal.aborted) late();
      else signal.addEventListener('abort', late, { once: true });
    });
  }

  late(what: string): Failure {
    const { timeout } = this.#question;
    return cannotLook(
      'timeout',
      `The time was up (${timeout} s) before ${what}.`,
      `Give it more: --timeout ${Math.ceil(timeout * 3)}`,
    );
  }

  stop(): void {
    this.#cancel();
  }
}
