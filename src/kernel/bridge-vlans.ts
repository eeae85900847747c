/** VLAN filtering of a bridge between two of its ends: ports, or the bridge itself (net/bridge/br_vlan.c). */
import type { VlanMembership } from '../model/facts.ts';
import { type Link, linkByIndex, linkNamed, type Stack } from '../model/stack.ts';

/** An end of a frame's way over the bridge. */
export interface VlanEnd {
  readonly dev: string;
  /** Is it the bridge itself, by which the host takes and sends? */
  readonly isSelf: boolean;
  /** Interface of the host that stands on the bridge for one VLAN, where the way goes over it: `br0.10`. */
  readonly upper: Link | undefined;
}

/** What keeps the two apart, and the membership that would join them. */
export interface VlanTrouble {
  readonly says: string;
  readonly dev: string;
  readonly isSelf: boolean;
  readonly vlan: number;
  /** Flags it should have; those it has now, null where it is no member. */
  readonly flags: readonly string[];
  readonly before: readonly string[] | null;
}

const idOf = (upper: Link): number | undefined =>
  typeof upper.data.id === 'number' ? upper.data.id : undefined;

const member = (vlans: readonly VlanMembership[], dev: string, vlan: number | undefined) =>
  vlans.find((one) => one.dev === dev && one.vlan === vlan);

export const pvidOf = (vlans: readonly VlanMembership[], dev: string): number | undefined =>
  vlans.find((one) => one.dev === dev && one.flags.includes('PVID'))?.vlan;

/** The interface of the host that stands on this bridge and is on the way. */
export const upperOf = (stack: Stack, bridge: Link, names: readonly string[]): Link | undefined =>
  names
    .flatMap((name) => linkNamed(stack, name) ?? [])
    .find((link) => bridgeBelow(stack, link)?.ifindex === bridge.ifindex);

/** The bridge that an interface of the host stands on, for one VLAN of it. */
export function bridgeBelow(stack: Stack, { kind, link, nsid }: Link): Link | undefined {
  const below = kind === 'vlan' && nsid === null && link !== null ? linkByIndex(stack, link) : undefined;
  return below?.kind === 'bridge' ? below : undefined;
}

/** The VLAN that frames from this end are in: its PVID's, or that of the interface which tags them. */
const sends = (vlans: readonly VlanMembership[], end: VlanEnd): number | undefined =>
  end.upper ? idOf(end.upper) : pvidOf(vlans, end.dev);

const PLAIN = ['pvid', 'untagged'] as const;
const written = (flags: readonly string[]): string[] =>
  flags.flatMap((flag) => (flag === 'PVID' ? ['pvid'] : flag === 'Egress Untagged' ? ['untagged'] : []));

/** Why frames of `from` do not reach `to` as it takes them. */
function oneWay(
  vlans: readonly VlanMembership[],
  from: VlanEnd,
  to: VlanEnd,
  own: number | undefined,
): VlanTrouble | undefined {
  const at = ({ dev, isSelf }: VlanEnd) => ({ dev, isSelf });
  const vlan = sends(vlans, from);
  if (vlan === undefined) {
    const wanted = sends(vlans, to) ?? own;
    if (wanted === undefined) return undefined;
    const says = `${from.dev} has no PVID, and an untagged frame that comes in by it belongs to no VLAN.`;
    return { ...at(from), says, vlan: wanted, flags: PLAIN, before: null };
  }
  if (from.upper && !member(vlans, from.dev, vlan)) {
    const says = `${from.upper.name} stands on ${from.dev} for VLAN ${vlan}, and ${from.dev} itself is no member of it.`;
    return { ...at(from), says, vlan, flags: [], before: null };
  }
  const there = member(vlans, to.dev, vlan);
  const wanted = sends(vlans, to);
  if (!there) {
    // The side to change is the one whose VLAN the bridge's own does not share.
    const isFrom =
      !from.upper &&
      (to.upper ? member(vlans, to.dev, idOf(to.upper)) : own !== undefined) &&
      vlan !== (to.upper ? wanted : own) &&
      wanted !== undefined;
    const [wrong, right] = isFrom ? [from, wanted] : [to, vlan];
    const says = `Frames of ${from.dev} are in VLAN ${vlan}, and ${to.dev} is ${wanted === undefined ? 'in none' : to.upper ? `no member of it: ${to.upper.name} takes VLAN ${wanted}` : `in VLAN ${wanted}`}.`;
    return { ...at(wrong), says, vlan: right, flags: wrong.upper ? [] : PLAIN, before: null };
  }
  const tagged = !there.flags.includes('Egress Untagged');
  if (!to.upper && tagged) {
    const says = `${to.dev} sends VLAN ${vlan} with a tag, and what is behind it takes frames without one.`;
    const flags = [...written(there.flags), 'untagged'];
    return { ...at(to), says, vlan, flags, before: written(there.flags) };
  }
  if (to.upper && (wanted !== vlan || !tagged)) {
    const says =
      wanted === vlan
        ? `${to.dev} takes the tag of VLAN ${vlan} away, and ${to.upper.name} never sees such a frame.`
        : `Frames of ${from.dev} are in VLAN ${vlan}, and ${to.upper.name} takes VLAN ${wanted}.`;
    if (wanted === vlan)
      return {
        ...at(to),
        says,
        vlan,
        flags: written(there.flags).filter((flag) => flag !== 'untagged'),
        before: written(there.flags),
      };
    return wanted === undefined ? undefined : { ...at(from), says, vlan: wanted, flags: PLAIN, before: null };
  }
  return undefined;
}

/** What keeps frames from passing either way; undefined where they pass. `own`: the bridge's own PVID. */
export const vlanTrouble = (
  vlans: readonly VlanMembership[],
  ends: readonly [VlanEnd, VlanEnd],
  own: number | undefined,
): VlanTrouble | undefined => oneWay(vlans, ends[0], ends[1], own) ?? oneWay(vlans, ends[1], ends[0], own);
