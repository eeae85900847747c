/** The change that makes an interface large enough for a protocol. */
import { isTooSmall, LEAST_MTU } from '../kernel/least-mtu.ts';
import { type Change, run } from '../model/fix.ts';
import type { Family } from '../model/flow.ts';
import type { Netns } from '../model/netns.ts';
import type { Link, Stack } from '../model/stack.ts';

export interface Enlarging {
  readonly apply: readonly Change[];
  readonly undo: readonly Change[];
}

/**
 * To the least that the protocol needs: whoever made it small had a reason. A bridge follows the smallest of its ports
 * (br_mtu_auto_adjust, net/bridge/br_if.c), which are therefore enlarged before it.
 */
export function enlarging(stack: Stack, link: Link, family: Family, netns: Netns | null): Enlarging {
  const ports = stack.links.filter((one) => one.master === link.name && link.kind === 'bridge');
  const small = [...ports, link].filter((one) => isTooSmall(one, family));
  const set = ({ name }: Link, mtu: number) =>
    run(['ip', 'link', 'set', 'dev', name, 'mtu', String(mtu)], netns);
  return {
    apply: small.map((one) => set(one, LEAST_MTU[family])),
    undo: small.map((one) => set(one, one.mtu)).reverse(),
  };
}
