/** In what an entry of connection tracking differs from what others of the same question got, and what the rules make of it today. */
import type { Firewall, Tracked } from '../model/facts.ts';
import { destination as written } from '../model/flow.ts';
import { exitHop, type Scene } from '../model/scene.ts';
import { natToday, type Today } from './nat-today.ts';
import { enteringPacket, entrance, leavingPacket } from './packet-of.ts';
import { destinationRewritten, sourceRewritten, takenTo } from './tracked.ts';

export interface Differs {
  readonly of: 'destination' | 'source';
  /** The address that the others got for it. */
  readonly others: string;
  /** The one that this entry has instead; null where a destination is the asked one itself. */
  readonly own: string | null;
  /** What the rules of today would make of this very flow, if it began now. */
  readonly today: Today;
}

type Seen = Scene & { readonly firewall: Firewall };

/** `others`: entries of the same question that were answered. The destination first, by which the source is chosen. */
export function differences(scene: Seen, entry: Tracked, others: readonly Tracked[]): Differs[] {
  return [...destination(scene, entry, others), ...source(scene, entry, others)];
}

function destination(scene: Seen, entry: Tracked, others: readonly Tracked[]): Differs[] {
  const own = takenTo(entry);
  const isLikeOwn = (one: Tracked): boolean =>
    takenTo(one).address === own.address && takenTo(one).port === own.port;
  const isElsewhere = destinationRewritten(entry);
  const rewritten = others.find(destinationRewritten);
  // The asked end itself answers the others.
  const other = rewritten ?? (isElsewhere ? others[0] : undefined);
  if (!other || others.some(isLikeOwn)) return [];
  const packet = {
    ...enteringPacket(scene, entrance(scene)),
    source: entry.original.source,
    sourcePort: entry.original.sourcePort,
  };
  const today = natToday(scene.firewall.host, packet, scene.flow.from === 'host' ? 'output' : 'prerouting');
  // One of several backends is as good as another, as long as a rule of today may lead there.
  const mayLead =
    today.kind === 'rewritten'
      ? today.addresses.some((one) => one === null || one === own.address)
      : rewritten !== undefined || today.kind !== 'untouched';
  if (isElsewhere && mayLead) return [];
  return [
    { of: 'destination', others: written(takenTo(other)), own: isElsewhere ? written(own) : null, today },
  ];
}

function source(scene: Seen, entry: Tracked, others: readonly Tracked[]): Differs[] {
  const other = others.find(sourceRewritten);
  if (!other || sourceRewritten(entry)) return [];
  const { address, port } = takenTo(other);
  const leaving = leavingPacket(scene, entry.original.source, exitHop(scene)?.name ?? '');
  const packet = {
    ...leaving,
    sourcePort: entry.original.sourcePort,
    destination: address,
    destinationPort: port,
  };
  const today = natToday(scene.firewall.host, packet, 'postrouting');
  return [{ of: 'source', others: other.reply.destination, own: entry.original.source, today }];
}
