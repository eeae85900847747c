/** A machine of which the same is asked once: who asks again, or at the same time, gets what was answered then. */
import type { Answer } from '../model/answer.ts';
import type { KernelTold, Machine, Output } from './machine.ts';
import { ask } from './record/questions.ts';

/**
 * For programs that only show something, and what the kernel tells in their place, as long as what they show stands: between
 * the loss of a packet and the verdict about it, and no longer. Whatever is given an input or a signal is asked each time.
 */
export function askedOnce(machine: Machine): Machine {
  const ran = new Map<string, Promise<Answer<Output>>>();
  const told = new Map<string, Answer<unknown>>();
  return {
    ...machine,
    run(command, options) {
      if (options) return machine.run(command, options);
      return kept(ran, ask.run(command), () => machine.run(command));
    },
    kernelTells: <W extends keyof KernelTold>(...asked: Parameters<typeof machine.kernelTells<W>>) =>
      kept(told, ask.kernelTells(...asked), () => machine.kernelTells(...asked)) as Answer<
        KernelTold[W]['told']
      >,
  };
}

function kept<T>(answers: Map<string, T>, question: string, ask: () => T): T {
  const found = answers.get(question) ?? ask();
  answers.set(question, found);
  return found;
}
