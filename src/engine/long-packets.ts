/**
 * A full-size packet is tried by ping, whatever the flow, and services get no long segments: what becomes of those of a
 * connection on this host is read from its rules.
 */
import { gather } from '../discover/facts.ts';
import type { Machine } from '../host/machine.ts';
import { countsConnection, mayEndLong } from '../kernel/by-length.ts';
import { longEnd } from '../kernel/long-end.ts';
import { ends } from '../kernel/rules.ts';
import { callsFor } from '../kernel/tracked-in-bridge.ts';
import type { Answer } from '../model/answer.ts';
import type { Unknown } from '../model/evidence.ts';
import type { Firewall } from '../model/facts.ts';
import type { LongEnd } from '../model/long-end.ts';
import { isHostAddress, type Scene } from '../model/scene.ts';
import type { Direction } from '../model/sighting.ts';
import { ruleName } from '../words/telling.ts';
import { cutOff } from './cut-off.ts';
import { type Claimed, claimsOfSome } from './judge.ts';
import { ailing, type Earlier } from './now.ts';
import type { RunResult } from './run/plan.ts';

const CAUSES: ReadonlySet<string> = new Set(['long-packets-dropped', 'long-transfers-dropped']);

/** What a run has shown of packets that are long. */
type Shown = Pick<RunResult, 'size' | 'exchange' | 'sightings'>;

export interface OfLongPackets {
  /** The scene of the rule that ends them; null where none is sure to. */
  readonly scene: Scene | null;
  readonly claims: readonly Claimed[];
  readonly notes: readonly Unknown[];
  /** A rule may end them, and nobody could see whether they come to it. */
  readonly isOpen: boolean;
}

const nothing = (...notes: Unknown[]): OfLongPackets => ({ scene: null, claims: [], notes, isOpen: false });

/**
 * Beyond this host no rules can be read, and a ping stands in for full segments: what the connection itself has shown of
 * long ones. Nothing is said where no data was tried at all, or no ping of full size was answered: that is told already.
 */
export function beyond({ path, flow }: Scene, result: Shown, size: number): Unknown[] {
  const { exchange } = result;
  if (path.ending !== 'outside' || flow.from === 'outside' || !exchange || !result.size?.tested) return [];
  const longest = (kind: Direction): number =>
    Math.max(
      0,
      ...result.sightings
        .filter((one) => one.kind === kind && (one.probe === exchange.probe || one.probe === exchange.over))
        .map(({ length }) => length),
    );
  const [there, back] = [longest('request'), longest('reply')];
  if (Math.min(there, back) >= size) return [];
  return [
    {
      what: 'whether full segments of TCP pass beyond this host',
      because: `a full-size ping does, and the longest packets of the connection were ${there} bytes there and ${back} bytes back: services get no long segments`,
    },
  ];
}

const perhaps = ({ rule }: LongEnd): Unknown =>
  countsConnection(rule)
    ? {
        what: 'whether long transfers pass',
        because: `${ruleName(rule)} ends what a connection carries behind so much of it, and no probe carries as much: ${rule.text}`,
      }
    : {
        what: 'whether full segments of TCP pass',
        because: `${ruleName(rule)} ends long packets, and asks more than can be told from here: ${rule.text}`,
      };

/** Datagrams are as long as their program makes them: that those of full size end is no fault by itself. */
export const ofDatagrams = ({ rule, length }: LongEnd): Unknown => ({
  what: 'whether long datagrams pass',
  because: `${ruleName(rule)} ends ${countsConnection(rule) ? 'what a flow carries behind so much of it' : `those of ${length} bytes, and none as long was sent`}: ${rule.text}`,
});

/**
 * By which hooks a flow comes is known by where it was seen: where no capture ran, a rule that would end its long packets may
 * be at one of them, and nothing is decided.
 */
export function unplaced(scene: Scene, firewall: Firewall, size: number): Unknown[] {
  const { path, captured, flow } = scene;
  const blind = path.hops.find(({ id }) => !captured.has(id));
  if (!blind) return [];
  const sides = new Set(path.hops.map(({ where }) => where));
  const rule = [...sides]
    .flatMap((side) => firewall[side])
    .find((one) => ends(one.verdict) && mayEndLong(one, flow, size));
  return rule
    ? [
        {
          what: `whether ${flow.proto === 'tcp' ? 'full segments of TCP' : 'long datagrams'} pass`,
          because: `no capture ran on ${blind.name}, to show whether they come to ${ruleName(rule)}: ${rule.text}`,
        },
      ]
    : [];
}

/**
 * IP length that a full segment has on this host, in bytes; null where no size is known. The host itself looks at the size of
 * what it forwards before its rules do (ip_forward, ip6_forward), and whoever is told of a smaller one keeps to it.
 */
export function lengthHere(scene: Pick<Scene, 'stacks'>, tried: Shown['size']): number | null {
  if (!tried) return null;
  const { size, tooBig } = tried;
  return tooBig && isHostAddress(scene, tooBig.from) ? tooBig.mtu : size;
}

/** Nothing where no size is known. */
export async function ofLongPackets(
  machine: Machine,
  scene: Scene,
  result: Shown,
  earlier?: Earlier,
): Promise<OfLongPackets> {
  const { flow, path } = scene;
  const size = lengthHere(scene, result.size);
  const isTcp = flow.proto === 'tcp';
  if (flow.proto === 'icmp' || size === null) return nothing();
  const isBridged = path.stages.includes('bridge');
  const { firewall, sysctls } = await gather(machine, scene, ['firewall', ...(isBridged ? BRIDGED : [])]);
  const what = `whether ${isTcp ? 'full segments of TCP' : 'long datagrams'} pass the rules of this host`;
  if (!firewall?.known) return nothing({ what, because: firewall?.detail ?? 'they were not listed' });
  const bridged = sysctls?.known === true && sysctls.value.host[callsFor(flow.family)] === '1';
  const ill = isTcp ? ailing(machine, scene, earlier) : null;
  const cut = ill && (await cutOff(machine, ill, firewall.value, { size, bridged }));
  if (cut?.end) return ended(machine, { ...scene, place: cut.end.place, longEnd: cut.end }, firewall);
  if (cut?.open) return { ...nothing(cut.open), isOpen: true };
  const end = longEnd(scene, firewall.value, size, bridged);
  if (!end) {
    const open = unplaced(scene, firewall.value, size);
    const notes = [...open, ...(isTcp ? beyond(scene, result, size) : [])];
    return { ...nothing(...notes), isOpen: isTcp && open.length > 0 };
  }
  if (!isTcp || !end.sure) return nothing(isTcp ? perhaps(end) : ofDatagrams(end));
  const stalled = ill?.ailments?.find(({ kind, isElsewhere }) => kind === 'unacknowledged' && !isElsewhere);
  const isTheirs = stalled && end.place.direction === 'request' && flow.from === 'container';
  return ended(
    machine,
    { ...scene, place: end.place, longEnd: isTheirs ? { ...end, stalled } : end },
    firewall,
  );
}

async function ended(machine: Machine, scene: Scene, firewall: Answer<Firewall>): Promise<OfLongPackets> {
  const claims = await claimsOfSome(machine, scene, ({ id }) => CAUSES.has(id), { firewall });
  return claims.length > 0 ? { ...nothing(), scene, claims } : nothing();
}

const BRIDGED = ['sysctls'] as const;
