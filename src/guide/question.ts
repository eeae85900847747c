import type { z } from 'zod';
import type { World } from './world.ts';

/** An answer as steps use it: `$bridge` is its text, `$subnet.gateway` a part, `each: containers` walks its items. */
export interface Value {
  readonly text: string;
  /** A later question may add to an item's parts: its address, once there are addresses. */
  readonly parts: Record<string, string>;
  readonly items?: readonly Value[];
}

export interface Choice {
  readonly value: string;
  readonly about: string;
}

/** What a question may look at. */
export interface Asking {
  readonly world: World;
  /** The answer to an earlier question. */
  answer(name: string): Value;
}

/** A type of question: it knows a default on this machine, and what is wrong with an answer. */
export interface QuestionKind<P = never> {
  readonly name: string;
  readonly does: string;
  readonly params: z.ZodObject & z.ZodType<P>;
  /** Parts of the answer, or of each of its items, that a recipe may speak of: `$subnet.gateway`. */
  readonly gives?: Readonly<Record<string, string>>;
  /** Parts that it adds to each container that it is `for`. */
  readonly adds?: Readonly<Record<string, string>>;
  /** The default, as somebody would type it; null where only a person knows. */
  suggest(params: P, asking: Asking): Promise<string | null>;
  /** What there is to choose from, where that can be listed. */
  choices?(params: P, asking: Asking): Promise<readonly Choice[]>;
  /** @throws Failure (2) whose sentence says what is wrong with the answer. */
  read(text: string, params: P, asking: Asking): Promise<Value>;
}

/** Declares a type of question. */
export const question = <P>(definition: QuestionKind<P>): QuestionKind<P> => definition;

export const value = (text: string, parts: Record<string, string> = {}): Value => ({ text, parts });

/** The items of an answer; one that has none is its own. */
export const itemsOf = (answer: Value): readonly Value[] => answer.items ?? [answer];
