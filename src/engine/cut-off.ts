/** A connection of the target's programs that stands still, and that a rule ends for what it has carried. */
import { gather } from '../discover/facts.ts';
import { keptFor } from '../discover/kept.ts';
import type { Machine } from '../host/machine.ts';
import { countsConnection, mayEndLong } from '../kernel/by-length.ts';
import { type Carried, carriedOf, countedOf, missing } from '../kernel/carried.ts';
import { longEnd } from '../kernel/long-end.ts';
import { ends } from '../kernel/rules.ts';
import type { Ailment } from '../model/ailment.ts';
import type { Unknown } from '../model/evidence.ts';
import type { Firewall } from '../model/facts.ts';
import { destination } from '../model/flow.ts';
import type { LongEnd } from '../model/long-end.ts';
import type { Scene } from '../model/scene.ts';
import { programOf } from '../words/failing.ts';
import { ruleName } from '../words/telling.ts';

const SIDES = ['container', 'host', 'other'] as const;

interface Full {
  /** IP length of a full segment, in bytes. */
  readonly size: number;
  /** Rules see what stays on a bridge. */
  readonly bridged: boolean;
}

export interface CutOff {
  /** Null where none is sure to be. */
  readonly end: LongEnd | null;
  /** By which hooks it comes could not be seen, and a rule at one of them may end it. */
  readonly open: Unknown | null;
}

const NONE: CutOff = { end: null, open: null };

export async function cutOff(
  machine: Machine,
  scene: Scene,
  firewall: Firewall,
  { size, bridged }: Full,
): Promise<CutOff> {
  if (!SIDES.some((side) => firewall[side].some(countsConnection))) return NONE;
  const { conntrack } = await gather(machine, scene, ['conntrack']);
  const counted = countedOf(conntrack?.known ? conntrack.value.entries : []);
  const kept = keptFor(machine);
  for (const one of scene.ailments ?? []) {
    const entry = one.isElsewhere ? undefined : counted(one.socket);
    const carried = entry && carriedOf(entry);
    if (!carried) continue;
    const lost = missing(one.socket, entry, kept);
    if (lost === null && one.kind !== 'unacknowledged') continue;
    const end = longEnd(scene, firewall, size, bridged, { sourcePort: one.socket.sourcePort, carried });
    if (!end?.sure || !countsConnection(end.rule)) {
      const open = unplaced(scene, firewall, one, carried);
      if (open) return { end: null, open };
      continue;
    }
    const [there, back] = [carried.original, carried.reply];
    const transfer = {
      bytes: there.bytes + back.bytes,
      packets: there.packets + back.packets,
      missing: lost,
      entry: entry.text,
    };
    return { end: { ...end, stalled: one, transfer }, open: null };
  }
  return NONE;
}

function unplaced(
  { path, captured, flow }: Scene,
  firewall: Firewall,
  { holder }: Ailment,
  carried: Carried,
): Unknown | null {
  const blind = path.hops.find(({ id }) => !captured.has(id));
  const rule = SIDES.flatMap((side) => firewall[side]).find(
    (one) => ends(one.verdict) && mayEndLong(one, flow, 0, carried),
  );
  return blind && rule
    ? {
        what: `why a connection of ${programOf(holder)} to ${destination(flow)} stands still`,
        because: `no capture ran on ${blind.name}, to show whether it comes to ${ruleName(rule)}: ${rule.text}`,
      }
    : null;
}
