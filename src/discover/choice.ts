/**
 * Where the path holds a choice, packets of one flow go different ways by their ports: the next hops of a multipath route,
 * and rules that choose by turns, by chance or by a hash between destinations, or whom they mark or drop. A few probes may
 * miss a dead one.
 */
import type { Machine } from '../host/machine.ts';
import { siblings } from '../kernel/multipath.ts';
import type { Flow } from '../model/flow.ts';
import { type Branch, isTunnel, leadsOut, type Path } from '../model/path.ts';
import { linkNamed, type Stack } from '../model/stack.ts';
import { describeLink } from './path/describe.ts';

export interface Choice {
  /** The hops beside the line by which packets may leave. */
  readonly branches: readonly Branch[];
  /** How many probes tell one branch of two with certainty enough: with n probes it is missed once in 2^(n-1) runs. */
  readonly probes: number;
}

const ENOUGH = 12;
/** Rules may divide by more: one dead share of eight is missed in 4 of 100 runs. */
const ENOUGH_OF_RULES = 24;
/** Hash of addresses alone: every packet of a flow goes the same way. ip-sysctl.rst, fib_multipath_hash_policy. */
const BY_ADDRESSES = '0';

export function choiceOf(machine: Machine, flow: Flow, path: Path, host: Stack): Choice {
  const branches = branchesOf(path, host);
  // ICMP has no ports, and all of one run is one connection to connection tracking.
  if (flow.proto === 'icmp' || flow.from === 'outside') return { branches, probes: 1 };
  if (balances(machine, path)) return { branches, probes: ENOUGH_OF_RULES };
  const spread = branches.length > 0 && policyOf(machine, flow) !== BY_ADDRESSES;
  return { branches, probes: spread ? ENOUGH : 1 };
}

function branchesOf(path: Path, host: Stack): Branch[] {
  const exit = path.hops.find(leadsOut);
  const decision = path.hostRoute ?? (path.origin === 'host' ? path.sourceRoute : null);
  if (!exit || !decision) return [];
  const others = siblings(host, decision, path.realDestination).filter(({ dev }) => dev !== exit.name);
  return others.flatMap(({ dev, gateway }, index) => {
    const link = linkNamed(host, dev);
    if (!link || others.findIndex((one) => one.dev === dev) < index) return [];
    const { kind, about } = describeLink(link, host);
    return [
      {
        id: `host/${link.name}`,
        name: link.name,
        where: 'host',
        kind: isTunnel(kind) ? kind : 'uplink',
        link,
        netns: exit.netns,
        about,
        gateway,
      } as const,
    ];
  });
}

function policyOf(machine: Machine, { family }: Flow): string {
  const answer = machine.read(`/proc/sys/net/ipv${family}/fib_multipath_hash_policy`);
  return answer.known ? answer.value.trim() : BY_ADDRESSES;
}

/** Do the rules of a namespace on the way draw lots? */
function balances(machine: Machine, path: Path): boolean {
  const places = new Map([[0, null], ...path.hops.map(({ netns }) => [netns?.inode ?? 0, netns] as const)]);
  return [...places.values()].some((netns) => {
    const answer = machine.balancingIn(netns);
    return answer.known && answer.value.length > 0;
  });
}
