/** A connection of the target's programs that stands still, and that a rule ends for what it has carried. */
import { gather } from '../discover/facts.ts';
import type { Machine } from '../host/machine.ts';
import { countsConnection } from '../kernel/by-length.ts';
import { carriedOf, entryOf, missing } from '../kernel/carried.ts';
import { longEnd } from '../kernel/long-end.ts';
import type { Firewall } from '../model/facts.ts';
import type { LongEnd } from '../model/long-end.ts';
import type { Scene } from '../model/scene.ts';

interface Full {
  /** IP length of a full segment, in bytes. */
  readonly size: number;
  /** Rules see what stays on a bridge. */
  readonly bridged: boolean;
}

/** Null where none is sure to be. */
export async function cutOff(
  machine: Machine,
  scene: Scene,
  firewall: Firewall,
  { size, bridged }: Full,
): Promise<LongEnd | null> {
  if (!(['container', 'host', 'other'] as const).some((side) => firewall[side].some(countsConnection)))
    return null;
  const { conntrack } = await gather(machine, scene, ['conntrack']);
  const entries = conntrack?.known ? conntrack.value.entries : [];
  for (const one of scene.ailments ?? []) {
    const entry = one.isElsewhere ? undefined : entryOf(one.socket, entries);
    const carried = entry && carriedOf(entry);
    if (!carried) continue;
    const lost = missing(one.socket, carried);
    if (lost === null && one.kind !== 'unacknowledged') continue;
    const end = longEnd(scene, firewall, size, bridged, { sourcePort: one.socket.sourcePort, carried });
    if (!end?.sure || !countsConnection(end.rule)) continue;
    const [there, back] = [carried.original, carried.reply];
    const transfer = {
      bytes: there.bytes + back.bytes,
      packets: there.packets + back.packets,
      missing: lost,
      entry: entry.text,
    };
    return { ...end, stalled: one, transfer };
  }
  return null;
}
