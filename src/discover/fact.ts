/** Something a cause may need to know, and how it is found out. */
import type { Machine } from '../host/machine.ts';
import type { Answer } from '../model/answer.ts';
import type { Facts, Need } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';

/** What is known before the probe leaves; a fact may be gathered while it is on its way. */
export type Ground = Pick<Scene, 'target' | 'flow' | 'path' | 'stacks'> &
  Partial<Pick<Scene, 'place' | 'sightings'> & Pick<Facts, 'ruleHits'>>;

/** Needs that are gathered from the machine: what the probe met, and what was made of the name, is known by then. */
export type Gathered = Exclude<Need, 'ruleHits' | 'lookUp'>;

export interface Fact<N extends Gathered = Gathered> {
  readonly name: N;
  gather(machine: Machine, ground: Ground): Promise<Answer<Facts[N]>> | Answer<Facts[N]>;
}

/** Declares a fact; one file in facts/ each, named like it. */
export const fact = <const N extends Gathered>(definition: Fact<N>): Fact<N> => definition;
