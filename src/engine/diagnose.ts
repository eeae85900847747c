/** One question: what takes long to arm is begun at once, and the pipeline is loaded meanwhile. */
import { bounded } from '../host/bounded.ts';
import type { Machine } from '../host/machine.ts';
import type { Answer } from '../model/answer.ts';
import type { Event } from '../model/event.ts';
import type { Question } from '../model/question.ts';
import { type Instance, openInstance } from '../witness/journey/instance.ts';
import { Channel } from './channel.ts';
import { Deadline } from './deadline.ts';

/**
 * Asks one question. Ends with a `diagnosis` event, or throws a Failure. `spent`: milliseconds of its time that went by before
 * it was asked, as the program was started for it.
 */
export function diagnose(
  machine: Machine,
  question: Question,
  signal: AbortSignal,
  spent = 0,
): AsyncIterable<Event> {
  const channel = new Channel<Event>();
  const deadline = new Deadline(machine, question, signal, spent);
  answer(machine, question, deadline, signal, (event) => channel.push(event)).then(
    () => channel.close(),
    (error: unknown) => channel.fail(error),
  );
  return channel;
}

async function answer(
  real: Machine,
  question: Question,
  deadline: Deadline,
  signal: AbortSignal,
  tell: (event: Event) => void,
): Promise<void> {
  const started = real.now();
  real.warmCapture(question.trace && real.tracing === 'perf');
  const machine = bounded(real, deadline.signal, deadline.program);
  const instances: Promise<Answer<Instance>>[] = [];
  const open = (): Promise<Answer<Instance>> => {
    const opening = openInstance(machine);
    // Why there is none is heard by whoever asks for it, and at the end.
    opening.catch(() => {});
    instances.push(opening);
    return opening;
  };
  // An instance takes longer than perf events do, and than loading what asks for it.
  let next = question.trace && machine.tracing === 'tracefs' ? open() : undefined;
  const tracing = (): Promise<Answer<Instance>> => {
    const ready = next ?? open();
    next = undefined;
    return ready;
  };
  try {
    const { findTarget } = await machine.during(import('../targets/target.ts'));
    const finding = deadline.before('the target was found', findTarget(machine, question.target));
    const found = finding.then((target) => {
      tell({ type: 'target', target });
      return target;
    });
    // What need not be waited for is told before the rest is loaded, which takes longer: whoever hears of it takes its turn first.
    await Promise.race([found, nextTurn()]);
    await nextTurn();
    const { ask } = await machine.during(import('./ask.ts'));
    await ask({ machine, question, found, started, deadline, signal, tell, tracing });
  } finally {
    // Whoever asked for one, and whatever became of the run it was for.
    await Promise.all(instances.map(async (opening) => stopped(await opening)));
    machine.coolCapture();
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const stopped = (instance: Answer<Instance>): Promise<void> | undefined =>
  instance.known ? instance.value.stop() : undefined;
