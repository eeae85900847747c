/**
 * The whole host as one picture, without a program for each namespace: the host's links, the far ends of its veths
 * through the ids their namespaces have here, and a namespace's own links only where it holds more than such ends.
 */

import type { BriefLink, Machine } from '../host/machine.ts';
import { cannotLook } from '../model/failure.ts';
import type { HostMap, MapPort } from '../model/map.ts';
import { isPair, peerIndex } from '../model/stack.ts';
import type { Candidate } from '../model/target.ts';
import { listTargets } from '../targets/target.ts';
import { fullName } from './inventory.ts';
import { joined } from './map/joined.ts';
import { withKnownIds } from './map/known-ids.ts';
import { type Household, linkOf } from './map/links.ts';
import { listedOnce } from './map/listed-once.ts';
import { type Resident, residents } from './map/residents.ts';
import { defaultDevices } from './map/uplinks.ts';

/** @throws Failure where the host's own links cannot be read */
export async function drawMap(asked: Machine): Promise<HostMap> {
  const machine = listedOnce(withKnownIds(asked));
  const host = machine.linksIn(null);
  if (!host.known)
    throw cannotLook(
      host.because,
      `This host's links could not be read: ${host.detail}.`,
      'Run it as root: sudo netdoctor map',
    );
  const { candidates, silent } = await listTargets(machine);
  const all = await residents(machine, candidates);
  const complaints: string[] = [];
  const households: Household[] = [
    { resident: all[0]!, links: host.value, outward: defaultDevices(machine) },
    ...othersOf(machine, host.value, all, complaints),
  ];
  return {
    namespaces: all.map(({ shown }) => shown),
    links: joined(machine, households, households.flatMap(linkOf)),
    ports: portsOf(candidates),
    silent: [...silent, ...complaints],
  };
}

/**
 * What lives in every namespace but the host's. Of one that holds nothing but far ends of the host's veths these are enough;
 * any other is entered, since only there is told where its links lead.
 */
function othersOf(
  machine: Machine,
  host: readonly BriefLink[],
  all: readonly Resident[],
  complaints: string[],
): Household[] {
  const others = all.slice(1);
  const behind = linksBehind(machine, host, others);
  return others.flatMap((resident) => {
    const { ends, names } = behind.get(resident) ?? { ends: [], names: null };
    const held = names ?? namesIn(machine, resident);
    if (held?.every((name) => FALLBACK.test(name) || ends.some((end) => end.name === name)))
      return [{ resident, links: ends, outward: NONE }];
    const links = machine.linksIn(resident.netns);
    if (links.known) return [{ resident, links: links.value, outward: NONE }];
    if (links.because !== 'vanished') complaints.push(`${resident.shown.id}: ${links.detail}`);
    return [];
  });
}

const NONE: ReadonlySet<string> = new Set();

/** Tunnel modules put one such device into every namespace there is (net.core.fb_tunnels_only_for_init_net). */
const FALLBACK = /^(lo|tunl0|gre0|gretap0|erspan0|sit0|ip6tnl0|ip6gre0|ip_vti0|ip6_vti0)$/;

/** Null where it cannot be entered. */
function namesIn(machine: Machine, { netns }: Resident): string[] | null {
  const devices = machine.read('/proc/net/dev', netns);
  return devices.known ? [...devices.value.matchAll(/^\s*([^:\s]+):/gm)].map(([, name]) => name!) : null;
}

interface Behind {
  /** Far ends of the host's veths. */
  readonly ends: readonly BriefLink[];
  /** Of all links that the namespace holds. */
  readonly names: readonly string[];
}

/** What is behind the host's links, by the ids of the namespaces: two questions in all, and no namespace is entered. */
function linksBehind(
  machine: Machine,
  host: readonly BriefLink[],
  others: readonly Resident[],
): Map<Resident, Behind> {
  const byNsid = new Map<number, Resident>();
  const ids = machine.nsids(
    others.map(({ netns }) => netns),
    null,
  );
  for (const [at, id] of (ids.known ? ids.value : []).entries())
    if (id.known && id.value !== null) byNsid.set(id.value, others[at]!);
  const nears = new Map<number, BriefLink>();
  for (const link of host)
    if (isPair(link) && link.nsid !== null) nears.set(farKey(link.nsid, peerIndex(link)), link);
  const nsids = [...byNsid.keys()];
  const answer = machine.linksBehind(null, nsids);
  const found = new Map<Resident, Behind>();
  for (const [at, links] of (answer.known ? answer.value : []).entries()) {
    if (!links) continue;
    const nsid = nsids[at]!;
    const ends = links.flatMap(({ ifindex, name, addresses }): BriefLink[] => {
      const near = nears.get(farKey(nsid, ifindex));
      return near
        ? [
            {
              ifindex,
              name,
              kind: near.kind,
              up: null,
              master: null,
              addresses,
              link: near.ifindex,
              nsid: null,
            },
          ]
        : [];
    });
    found.set(byNsid.get(nsid)!, { ends, names: links.map(({ name }) => name) });
  }
  return found;
}

/** No kernel gives an index of more than 31 bits. */
const farKey = (nsid: number, ifindex: number): number => nsid * 2 ** 31 + ifindex;

const portsOf = (candidates: readonly Candidate[]): MapPort[] =>
  candidates.flatMap((one) =>
    (one.ports ?? []).map(({ proto, hostAddress, hostPort, containerPort }) => ({
      proto,
      hostAddress,
      hostPort,
      container: fullName(one),
      containerPort,
    })),
  );
