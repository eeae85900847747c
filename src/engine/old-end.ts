/**
 * Datagrams of a program that an entry of connection tracking leads elsewhere than the rules of today would: it was answered
 * there once. Whether that end is there still is asked of it: that it is quiet is no fault.
 */
import type { Ground } from '../discover/fact.ts';
import { gather } from '../discover/facts.ts';
import { aged } from '../discover/failing.ts';
import { watchDatagrams } from '../discover/own-datagrams.ts';
import { pauseUnless } from '../host/clock.ts';
import type { Machine } from '../host/machine.ts';
import { isFresh } from '../kernel/failing.ts';
import { differences } from '../kernel/out-of-nat.ts';
import { destinationRewritten, takenTo } from '../kernel/tracked.ts';
import type { Ailment, Unheard } from '../model/ailment.ts';
import type { Tracked } from '../model/facts.ts';
import { destination } from '../model/flow.ts';
import type { Scene } from '../model/scene.ts';
import { askControl } from '../witness/control.ts';
import { openSender } from './run/sending.ts';

/** How long an answer of the old end is waited for at the most. Milliseconds. */
const WAIT = 1000;
/** How long the program is watched at the least: most that send again and again have done so by then. Milliseconds. */
const WATCH = 600;

/** What may be asked in the time that is left. */
export interface Leisure {
  /** Milliseconds, at the moment of the call. */
  left(): number;
  /** Aborts when the run is to end. */
  readonly signal: AbortSignal;
}

/** The same scene, with what those ends say where they are asked what was asked; as it was where no time is left for that. */
export async function withOldEnds(machine: Machine, scene: Scene, leisure: Leisure): Promise<Scene> {
  const { ailments = [], flow } = scene;
  const senders = ailments.filter(({ kind }) => kind === 'sending');
  if (senders.length === 0 || (flow.proto !== 'udp' && flow.proto !== 'dns')) return scene;
  const ground: Ground = scene;
  const { conntrack } = await gather(machine, ground, ['conntrack']);
  const here = (conntrack?.known ? conntrack.value.entries : []).filter(
    ({ original, flags }) => original.destinationPort === flow.port && !flags.includes('UNREPLIED'),
  );
  const led = senders.flatMap((one) => {
    const entry = here.find(
      (entry) =>
        entry.original.sourcePort === one.socket.sourcePort &&
        destinationRewritten(entry) &&
        isFresh(aged(machine, entry)),
    );
    return entry ? [{ one, entry }] : [];
  });
  if (led.length === 0) return scene;
  const { firewall } = await gather(machine, ground, ['firewall']);
  if (!firewall?.known) return scene;
  const seen = { ...scene, firewall: firewall.value };
  const programs = new Set(led.map(({ entry }) => entry));
  const others = here.filter((entry) => !programs.has(entry));
  const astray = led.filter(({ entry }) =>
    differences(seen, entry, others).some((one) => one.of === 'destination' && one.own !== null),
  );
  const found = new Map<Ailment, Unheard>();
  for (const { one, entry } of astray.slice(0, 1)) {
    const unheard = await askedThere(machine, scene, { one, entry }, leisure);
    if (unheard) found.set(one, unheard);
  }
  return {
    ...scene,
    ailments: ailments.map((one) => (found.has(one) ? { ...one, unheard: found.get(one)! } : one)),
  };
}

/** Null where that end answers anybody, could not be asked, or no time is left for it. */
export async function askedThere(
  machine: Machine,
  { flow, target }: Scene,
  { one: { socket }, entry }: { readonly one: Ailment; readonly entry: Tracked },
  { left, signal }: Leisure,
): Promise<Unheard | null> {
  const wait = Math.min(WAIT, left());
  // Who is given less time than the program is watched for may only be slow.
  if (wait < WATCH || signal.aborted) return null;
  const { address, port } = takenTo(entry);
  const began = machine.now();
  const ends = { ...socket, destination: flow.address, destinationPort: flow.port ?? 0 };
  const watch = watchDatagrams(machine, target.netns, ends);
  const to = { ...flow, from: 'host' as const, to: destination({ address, port }), address, port };
  const control = askControl(machine, to, wait, openSender);
  const stop = (): void => void control.cancel();
  signal.addEventListener('abort', stop);
  try {
    const { asked, outcomes, says } = await control.answer;
    const [outcome] = outcomes;
    if (signal.aborted || !asked || outcome?.result === 'answered') return null;
    const past = Number(machine.now() - began) / 1e6;
    await pauseUnless(machine, Math.max(0, WATCH - past), signal);
    if (signal.aborted) return null;
    const { sent, heard } = watch.seen();
    const watched = Math.round(Number(machine.now() - began) / 1e6);
    const refuses = outcome?.result === 'refused' ? `${to.to} refuses the host the same` : says;
    return heard ? null : { sent, watched, says: refuses };
  } finally {
    signal.removeEventListener('abort', stop);
    control.cancel();
    await watch.stop();
  }
}
