import type { z } from 'zod';
import type { Change } from '../model/fix.ts';
import type { World } from './world.ts';

/** One command with its way back; null where an earlier step's way back takes this along. */
export interface Pair {
  readonly apply: Change;
  readonly undo: Change | null;
}

/** How things stand before a step. */
export type Standing =
  /** It is as the step wants it. */
  | { readonly is: 'so'; readonly because: string }
  /** What was found instead: `eth0 of red has no address`. */
  | { readonly is: 'not-so'; readonly found: string }
  /** It cannot be made so here. */
  | { readonly is: 'impossible'; readonly because: string; readonly hint: string };

/**
 * A thing that recipes do. `check` looks whether it is so already; `apply` gives the commands that make it so, each
 * with its undo, in view of how things are now.
 */
export interface Verb<P = never> {
  readonly name: string;
  /** One line for the reference page. */
  readonly does: string;
  readonly params: z.ZodObject & z.ZodType<P>;
  /** What a step of this kind does, as a heading: `Give eth0 of red the address 10.0.0.2/24`. */
  title(params: P, world: World): string;
  check(params: P, world: World): Promise<Standing>;
  apply(params: P, world: World): Promise<readonly Pair[]>;
}

/** Declares a verb. */
export const verb = <P>(definition: Verb<P>): Verb<P> => definition;

export const so = (because: string): Standing => ({ is: 'so', because });
export const notSo = (found: string): Standing => ({ is: 'not-so', found });
export const impossible = (because: string, hint: string): Standing => ({ is: 'impossible', because, hint });

/** `eth0 of red`, `br-nat`. */
export const named = (device: string, place: string | undefined, world: World): string =>
  place === undefined || place === 'host' ? device : `${device} of ${world.place(place).label}`;
