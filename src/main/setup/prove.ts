/** The proof of a set-up: the engine's own probe, with the whole diagnosis where it does not come out as it should. */
import { diagnose } from '../../engine/diagnose.ts';
import type { Proof } from '../../guide/event.ts';
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

/** A flow from the host names the container that it goes to as its target. */
export function questionOf({ from, to, proto }: PlannedHold, world: World) {
  const asked = { to, ...(proto === 'icmp' ? {} : { proto }) };
  if (from !== 'host') return { ...asked, target: targetOf(from, world) };
  const address = to.split(':')[0]!;
  const holder = world.promised.get(address);
  const container = holder !== undefined && holder !== 'host' ? holder : firstContainer(world);
  return { ...asked, from: 'host', target: targetOf(container, world) };
}

const firstContainer = (world: World): string =>
  world.places.find((place) => place.path !== null)?.text ?? 'host';

/** A namespace that the recipe makes is asked for as `new:red`, and is by now one that the engine finds. */
const targetOf = (text: string, world: World): string =>
  text.startsWith('new:') ? `netns:${world.place(text).label}` : text;

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
