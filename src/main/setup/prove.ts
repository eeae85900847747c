/** The proof of a set-up: the engine's own probe, with the whole diagnosis where it does not come out as it should. */
import { diagnose } from '../../engine/diagnose.ts';
import type { Proof } from '../../guide/event.ts';
import { questionOf } from '../../guide/flow.ts';
import type { PlannedHold } from '../../guide/plan.ts';
import type { World } from '../../guide/world.ts';
import type { Diagnosis } from '../../model/diagnosis.ts';
import type { Event } from '../../model/event.ts';
import { usualQuestion } from '../question.ts';

/** Seconds an answer is waited for: everything a recipe builds is near, and addresses are resolved anew. */
const WAIT = 2;

/** Asks what must hold. `watch` sees every event of the diagnosis. */
export async function prove(
  hold: PlannedHold,
  world: World,
  signal: AbortSignal,
  watch: (event: Event) => void = () => {},
): Promise<Proof> {
  world.forget();
  const question = { ...usualQuestion(questionOf(hold, world)), wait: WAIT };
  let diagnosis: Diagnosis | null = null;
  for await (const event of diagnose(world.machine, question, signal)) {
    watch(event);
    if (event.type === 'diagnosis') diagnosis = event.diagnosis;
  }
  signal.throwIfAborted();
  return verdictOn(hold, diagnosis);
}

export function verdictOn(hold: PlannedHold, diagnosis: Diagnosis | null): Proof {
  const wanted = hold.answered ? 'answered' : 'silent';
  const answered = diagnosis !== null && (diagnosis.status === 'healthy' || diagnosis.answered > 0);
  // The destination's own no has come the whole way there and back: nobody listens, and the path is good.
  const refused = diagnosis?.cause === 'connection-refused';
  const found = answered || refused ? 'answered' : diagnosis?.status === 'fault' ? 'silent' : null;
  return {
    from: hold.from,
    to: hold.to,
    proto: hold.proto,
    wanted,
    found,
    holds: found === wanted,
    says: diagnosis?.summary ?? 'There was no verdict.',
  };
}
