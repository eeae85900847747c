import { NOTHING } from '../kernel/drops.ts';
import { entryOf } from '../kernel/next-hop.ts';
import { type OuterPacket, outerPacket } from '../kernel/outer-packet.ts';
import { refusalClaim, refusedOuter } from '../kernel/outer-seen.ts';
import { encapOf, farEnds, tunnelAt } from '../kernel/tunnel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { FdbEntry } from '../model/facts.ts';
import { type Hop, isTunnel } from '../model/path.ts';
import { linkNow, type Scene } from '../model/scene.ts';
import { fromState } from '../words/telling.ts';

/** The tunnel of this host that the request entered, or that its own questions for a neighbour did, and is not seen behind. */
const entered = ({ path, place }: Scene): Hop | undefined =>
  path.hops.find(
    ({ id, where, kind }) =>
      where === 'host' &&
      isTunnel(kind) &&
      place?.direction === 'request' &&
      (place.after?.id === id || place.before?.id === id),
  );

/** How the host's own search for whom it must hand the outer packet to went. */
function searchFor({ stacks }: Scene, { destination, gateway, out }: OuterPacket) {
  const asked = gateway ?? destination;
  const entry = entryOf({ stack: stacks.host, dev: out, address: asked });
  return {
    asked,
    entry,
    isInVain: entry?.state.some((one) => one === 'FAILED' || one === 'INCOMPLETE') === true,
  };
}

/** The outer packet for each host that the tunnel's forwarding entries name, where neither it nor the route names one. */
function byEntries(scene: Scene & { readonly fdb: readonly FdbEntry[] }): OuterPacket[] {
  const tunnel = tunnelAt(scene);
  if (!tunnel || tunnel.remote !== null) return [];
  return farEnds(scene, tunnel, scene.fdb).flatMap((end) => outerPacket(scene, tunnel.hop, [], end) ?? []);
}

/** What a router says that knows no way to it, or that asks for it in vain: RFC 792, RFC 4443. */
const ABSENT = /^((network|host|address) unreachable|no route to destination|reject route to destination)$/;

function saidAbsent(scene: Scene & { readonly fdb: readonly FdbEntry[] }): Claim | null {
  const tunnel = tunnelAt(scene);
  const refusal = refusedOuter(scene, ABSENT, tunnel ? farEnds(scene, tunnel, scene.fdb) : []);
  if (!refusal) return null;
  const { hop, to, error } = refusal;
  return {
    ...refusalClaim(scene, refusal),
    what: `${to}, the other end of ${hop.name}, is not reached: ${error.source} says "${error.says}"`,
    do: `Start the host that has ${to}, have ${error.source} know the way to it, or let ${hop.name} name the right one.`,
  };
}

export default cause({
  id: 'tunnel-far-end-absent',
  title: 'The host at the other end of the tunnel is not there',
  explain: `A tunnel (VXLAN, Geneve, GRE, IPIP) puts each packet into an outer one for the host at its other end: the "remote" of the
device, what the route itself names (encap ip … dst) where the device is external, or what a forwarding entry of a VXLAN
names for a hardware address (\`bridge fdb show dev TUNNEL\`), which an agent on the host keeps. When nobody has that address, or the
router that leads there is gone, the host asks for it by ARP or neighbour discovery in vain and drops the outer packet. A
capture on the tunnel shows the packet leave.

A router further on that knows no way there, or asks in vain itself, says so by an ICMP error to this host.

By hand: \`ip -d link show dev TUNNEL\` or \`ip route get DESTINATION\` names the other end; \`ip neigh show\` shows it, or the
router on the way to it, as FAILED.`,
  needs: ['fdb'],
  // A neighbour that was given up proves nothing and contradicts nothing; every other end has another reason.
  explains: NOTHING,
  over: ['overlay-port-blocked', 'neighbour-absent', 'neighbour-unanswered', 'no-reply-from-destination'],
  examine(scene) {
    const told = saidAbsent(scene);
    if (told) return told;
    const hop = entered(scene);
    if (!hop) return null;
    const given = outerPacket(scene, hop);
    const searched = (given ? [given] : byEntries(scene)).map((outer) => ({
      outer,
      ...searchFor(scene, outer),
    }));
    const [first] = searched;
    // Of several that a frame is copied to one that is there may answer for all.
    if (!first || !searched.every(({ isInVain }) => isInVain)) return null;
    const { entry, asked, outer } = first;
    const { destination: remote, out, gateway: router } = outer;
    const link = linkNow(scene, hop) ?? hop.link;
    const isOfRoute = link.data.external === true && encapOf(scene, link)?.destination === remote;
    const [named, namedBy] = isOfRoute
      ? [`which the route names (encap ip dst ${remote})`, 'the route']
      : given
        ? [`the remote of ${link.name}`, 'the tunnel']
        : [`which a forwarding entry of ${link.name} names (dst ${remote})`, `the entry of ${link.name}`];
    const question = remote.includes(':') ? 'neighbour discovery' : 'ARP';
    return {
      sure: 'proved',
      what: `nobody answers ${question} for ${router === null ? `${remote}, the other end of ${link.name}` : `${router}, by which ${remote}, the other end of ${link.name}, is reached`}`,
      why: `What enters ${link.name} leaves in packets for ${remote}, ${named}; this host asks for ${asked} on ${out} in vain, and drops it.`,
      do: `Start the host that has ${asked}, or let ${namedBy} name the one that has the other end.`,
      evidence: [
        fromState(
          `${asked} on ${out}: ${entry?.state.join(', ')}`,
          ['ip', 'neigh', 'show', 'to', asked, 'dev', out],
          hop.id,
        ),
      ],
    };
  },
});
