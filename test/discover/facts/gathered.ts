/** Gathers one fact from a machine that answers from a table. */

import type { Ground } from '../../../src/discover/fact.ts';
import { facts, gather } from '../../../src/discover/facts.ts';
import type { Answer } from '../../../src/model/answer.ts';
import type { Facts, Need } from '../../../src/model/facts.ts';
import { type FakeMachine, fakeMachine, type Script } from '../fake-machine.ts';

export async function gathered<N extends Need>(
  name: N,
  ground: Ground,
  script: Script,
): Promise<{ answer: Answer<Facts[N]>; machine: FakeMachine }> {
  const machine = fakeMachine(script);
  const answers = await gather(machine, ground, [name]);
  const answer = answers[name];
  if (!answer)
    throw new Error(`no file of facts/ gathers ${name}; there are ${facts.map((one) => one.name)}`);
  return { answer: answer as Answer<Facts[N]>, machine };
}

/** The fact itself; a test that expects one fails on anything else. */
export async function value<N extends Need>(name: N, ground: Ground, script: Script): Promise<Facts[N]> {
  const { answer } = await gathered(name, ground, script);
  if (!answer.known) throw new Error(answer.detail);
  return answer.value;
}
