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
import { type Resident, residents } from './map/residents.ts';
import { defaultDevices } from './map/uplinks.ts';

/** @throws Failure where the host's own links cannot be read */
export async function drawMap(asked: Machine): Promise<HostMap> {
  const machine = withKnownIds(asked);
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

/** What lives in every namespace but the host's. */
function othersOf(
  machine: Machine,
  host: readonly BriefLink[],
  all: readonly Resident[],
  complaints: string[],
): Household[] {
  const ends = endsOf(machine, host, all);
  return all.slice(1).flatMap((resident) => {
    const mine = ends.get(resident) ?? [];
    const devices = machine.read('/proc/net/dev', resident.netns);
    if (devices.known && namesIn(devices.value).every((name) => mine.some((end) => end.name === name)))
      return [{ resident, links: mine, outward: NONE }];
    const links = machine.linksIn(resident.netns);
    if (links.known) return [{ resident, links: links.value, outward: NONE }];
    if (links.because !== 'vanished') complaints.push(`${resident.shown.id}: ${links.detail}`);
    return [];
  });
}

const NONE: ReadonlySet<string> = new Set();

/** Tunnel modules put one such device into every namespace there is (net.core.fb_tunnels_only_for_init_net). */
const FALLBACK = /^(lo|tunl0|gre0|gretap0|erspan0|sit0|ip6tnl0|ip6gre0|ip_vti0|ip6_vti0)$/;

const namesIn = (devices: string): string[] =>
  [...devices.matchAll(/^\s*([^:\s]+):/gm)].map(([, name]) => name!).filter((name) => !FALLBACK.test(name));

/** The far ends of the host's veths, all in one question: 30 microseconds each. */
function endsOf(
  machine: Machine,
  host: readonly BriefLink[],
  all: readonly Resident[],
): Map<Resident, BriefLink[]> {
  const found = new Map<Resident, BriefLink[]>();
  const byNsid = new Map<number, Resident>();
  for (const one of all) {
    const id = machine.nsid(one.netns, null);
    if (id.known && id.value !== null) byNsid.set(id.value, one);
  }
  const near = host.filter((link) => isPair(link) && link.nsid !== null && byNsid.has(link.nsid));
  const answer = machine.farEnds(
    null,
    near.map((link) => ({ nsid: link.nsid!, ifindex: peerIndex(link) })),
  );
  for (const [index, end] of (answer.known ? answer.value : []).entries()) {
    const link = near[index]!;
    const resident = byNsid.get(link.nsid!)!;
    if (!end) continue;
    const { name, addresses } = end;
    const brief = { ifindex: peerIndex(link), name, kind: link.kind, up: null, master: null, addresses };
    found.set(resident, [...(found.get(resident) ?? []), { ...brief, link: link.ifindex, nsid: null }]);
  }
  return found;
}

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
