import { NOTHING } from '../kernel/drops.ts';
import { entryOf } from '../kernel/next-hop.ts';
import { outerPacket } from '../kernel/outer-packet.ts';
import { encapOf } from '../kernel/tunnel.ts';
import { cause } from '../model/cause.ts';
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

export default cause({
  id: 'tunnel-far-end-absent',
  title: 'The host at the other end of the tunnel is not there',
  explain: `A tunnel (VXLAN, Geneve, GRE, IPIP) puts each packet into an outer one for the host at its other end: the "remote" of the
device, or what the route itself names (encap ip … dst) where the device is external. When nobody has that address, or the
router that leads there is gone, the host asks for it by ARP or neighbour discovery in vain and drops the outer packet. A
capture on the tunnel shows the packet leave.

By hand: \`ip -d link show dev TUNNEL\` or \`ip route get DESTINATION\` names the other end; \`ip neigh show\` shows it, or the
router on the way to it, as FAILED.`,
  needs: [],
  // A neighbour that was given up proves nothing and contradicts nothing; every other end has another reason.
  explains: NOTHING,
  over: ['overlay-port-blocked', 'neighbour-absent', 'neighbour-unanswered', 'no-reply-from-destination'],
  examine(scene) {
    const hop = entered(scene);
    const outer = hop && outerPacket(scene, hop);
    if (!hop || !outer) return null;
    const { destination: remote, out, gateway: router } = outer;
    const asked = router ?? remote;
    const entry = entryOf({ stack: scene.stacks.host, dev: out, address: asked });
    if (!entry?.state.some((state) => state === 'FAILED' || state === 'INCOMPLETE')) return null;
    const link = linkNow(scene, hop) ?? hop.link;
    const isOfRoute = link.data.external === true && encapOf(scene, link)?.destination === remote;
    const named = isOfRoute ? `which the route names (encap ip dst ${remote})` : `the remote of ${link.name}`;
    const question = remote.includes(':') ? 'neighbour discovery' : 'ARP';
    return {
      sure: 'proved',
      what: `nobody answers ${question} for ${router === null ? `${remote}, the other end of ${link.name}` : `${router}, by which ${remote}, the other end of ${link.name}, is reached`}`,
      why: `What enters ${link.name} leaves in packets for ${remote}, ${named}; this host asks for ${asked} on ${out} in vain, and drops it.`,
      do: `Start the host that has ${asked}, or let ${isOfRoute ? 'the route' : 'the tunnel'} name the one that has the other end.`,
      evidence: [
        fromState(
          `${asked} on ${out}: ${entry.state.join(', ')}`,
          ['ip', 'neigh', 'show', 'to', asked, 'dev', out],
          hop.id,
        ),
      ],
    };
  },
});
