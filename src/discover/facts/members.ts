import type { Machine } from '../../host/machine.ts';
import { type Answer, known } from '../../model/answer.ts';
import type { Member } from '../../model/facts.ts';
import { isPair, type Link, linkNamed } from '../../model/stack.ts';
import { fact, type Ground } from '../fact.ts';
import { linksFrom } from '../ip/link.ts';
import { byNsid } from '../path/namespaces.ts';

/** A bridge with a thousand ports is not read to its end: two that collide are mostly found among the first. */
const MOST_PORTS = 64;

/** Bridges of the host that the flow crosses, or whose port it enters by. */
function bridgesOf({ path, stacks }: Ground): Link[] {
  const names = new Set(
    path.hops.filter((hop) => hop.where === 'host').flatMap((hop) => [hop.name, hop.link.master]),
  );
  return [...names]
    .flatMap((name) => linkNamed(stacks.host, name) ?? [])
    .filter(({ kind }) => kind === 'bridge')
    .toSorted((a, b) => a.ifindex - b.ifindex);
}

const cidr = ({ address, prefix }: { address: string; prefix: number }): string => `${address}/${prefix}`;

/** The link itself, for a bridge and for a port whose far end is no interface of this machine. */
const itself = (link: Link, port: string | null): Member => ({
  port,
  name: link.name,
  mac: link.mac,
  addresses: link.addresses.map(cidr),
  namespace: null,
});

/** Is it the port behind which the target itself is? */
function leadsToTarget(machine: Machine, { target, path }: Ground): (port: Link) => boolean {
  const nsid = machine.nsid(target.netns, machine.self);
  const own = path.hops.filter((hop) => hop.where === 'container').map((hop) => hop.link.ifindex);
  return (port) => nsid.known && nsid.value === port.nsid && port.link !== null && own.includes(port.link);
}

/** Is it an address that an end of this flow has, or asks for? */
function holdsOne({ flow, path, stacks }: Ground): (cidr: string) => boolean {
  const own = stacks.container.links.flatMap(({ addresses }) => addresses);
  const all = new Set([
    flow.address,
    path.realDestination,
    ...own.filter(({ scope }) => scope === 'global').map(({ address }) => address),
  ]);
  return (one) => all.has(one.split('/')[0]!);
}

/** At least one more than are read, where there are so many. */
function firstPorts(machine: Machine, { stacks: { host } }: Ground, bridge: Link): readonly Link[] {
  const told = host.first && machine.portsOf(null, bridge.ifindex, MOST_PORTS + 1);
  return told?.known ? linksFrom(told.value) : host.links.filter(({ master }) => master === bridge.name);
}

function membersOf(machine: Machine, ground: Ground, bridge: Link): Answer<readonly Member[]> {
  const ownPort = leadsToTarget(machine, ground);
  const ports = firstPorts(machine, ground, bridge)
    .filter((link) => !ownPort(link))
    .slice(0, MOST_PORTS);
  const veths = ports.filter((link) => isPair(link) && link.nsid !== null && link.link !== null);
  const answer = machine.farEnds(
    machine.self,
    veths.map((link) => ({ nsid: link.nsid!, ifindex: link.link! })),
  );
  if (!answer.known) return answer;
  const ends = ports.map((port) => ({ port, end: answer.value[veths.indexOf(port)] }));
  const isOfTheFlow = holdsOne(ground);
  // Names of namespaces are looked for in all of /proc: only where somebody will be named.
  const named = ends.some(({ end }) => end?.addresses.some(isOfTheFlow))
    ? byNsid(machine, machine.self)
    : null;
  const nameOf = ({ nsid }: Link): string =>
    named?.get(nsid!)?.path.replace(/^\/run\/(docker\/)?netns\/|^\/proc\/(?=\d+)|\/ns\/net$/g, '') ??
    `nsid ${nsid}`;
  const members = ends.map(
    ({ port, end }): Member =>
      end ? { port: port.name, ...end, namespace: nameOf(port) } : itself(port, port.name),
  );
  return known([itself(bridge, null), ...members], answer.source);
}

/** Who else is on the bridges of the path: each bridge itself, and what is behind its other ports. */
export default fact({
  name: 'members',
  gather(machine, ground) {
    const members: Member[] = [];
    for (const bridge of bridgesOf(ground)) {
      const answer = membersOf(machine, ground, bridge);
      if (!answer.known) return answer;
      members.push(...answer.value);
    }
    return known(members, ['ip', '-d', 'link', 'show', 'type', 'veth']);
  },
});
