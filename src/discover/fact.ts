import type { Machine } from '../host/machine.ts';
import type { Answer } from '../model/answer.ts';
import type { Facts, Need } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';

/** A source of state: one file for each name in model/facts.ts. */
export interface Fact<N extends Need = Need> {
  readonly name: N;
  gather(machine: Machine, scene: Scene): Promise<Answer<Facts[N]>>;
}

export const fact = <const N extends Need>(definition: Fact<N>): Fact<N> => definition;
