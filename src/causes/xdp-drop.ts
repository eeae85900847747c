import { xdpOff } from '../fixes/bpf-pin.ts';
import { droppedBy, keptSilent } from '../kernel/drops.ts';
import { orAtSearch } from '../kernel/search.ts';
import { netnsOf } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import type { Hop } from '../model/path.ts';
import { hopAt, linkNow, type Scene, seen } from '../model/scene.ts';
import { isPair } from '../model/stack.ts';
import { fromStateIn, namesOf } from '../words/telling.ts';

const XDP = /xdp/i;

/** The interface at whose way in the packets vanished: the first that did not see them, or the uplink on the way back. */
function entry(scene: Scene): Hop | null {
  const { place } = scene;
  if (place === null) return null;
  const told = scene.drops.known ? scene.drops.value.find((drop) => XDP.test(drop.function)) : undefined;
  const named = hopAt(scene, told?.hop ?? null);
  if (named) return named;
  if (place.before) return place.before;
  return place.stage === 'beyond' ? place.after : null;
}

export default cause({
  id: 'xdp-drop',
  title: 'An XDP program drops it at the driver',
  explain: `An XDP program is a BPF program that the network driver runs on a frame before the kernel has made a packet of it:
before captures (in native mode), bridges, routing and firewall. It can drop everything unseen.

Load balancers, DDoS protection and network plug-ins attach such programs; one that stays behind, or does not know an
address, silences an interface in one direction: it sends, and hears nothing.

By hand: \`ip link show dev IFACE\` names the mode and the program's id, \`bpftool net show\` lists them all.`,
  needs: [],
  ofData: true,
  over: ['no-reply-from-destination', 'neighbour-unanswered', 'neighbour-absent'],
  examine: (whole) =>
    orAtSearch(whole, (scene, isSearch) => {
      const hop = entry(scene);
      const link = hop ? linkNow(scene, hop) : undefined;
      if (!hop || !link?.xdp) return null;
      if (seen(scene, hop.id, 'reply').length > 0 && scene.place?.direction !== 'request') return null;
      const dropped = droppedBy(scene, XDP);
      if (dropped === false) return null;
      // Generic XDP always tells the kernel's tracepoint. A driver drops in silence: a card before there is a packet, and
      // veth a copy of it that nobody has seen before (veth_convert_skb_to_xdp_buff).
      const silent = link.xdp !== 'xdpgeneric' && (!isPair(link) || scene.place?.before?.id === hop.id);
      if (dropped === null && keptSilent(scene) && !silent) return null;
      if (dropped === null && scene.place?.before === null && scene.control?.answered !== false) return null;
      const { after } = namesOf(scene);
      const program = link.xdpProgram ?? null;
      const netns = netnsOf(scene, hop.where);
      return {
        sure: dropped ? 'proved' : 'supported',
        what: `an XDP program on ${hop.name} drops what comes in`,
        why: `${after === hop.name || scene.place?.before === null ? 'Nothing of it entered' : `${isSearch ? 'The search for the next hop' : 'The packets'} left ${after} and never entered`} ${hop.name}, whose driver runs an XDP program (${link.xdp}${program === null ? '' : `, id ${program}`}).`,
        do: 'Take the program off, or mend it where it was attached.',
        fixes:
          program === null
            ? []
            : [
                {
                  title: `Take the XDP program off ${hop.name}`,
                  risk: 'disruptive',
                  lasts: 'until whoever attached it does so again',
                  affects: `everything that comes in through ${hop.name}, and whatever the program protects it from`,
                  ...xdpOff(hop.name, link.xdp, program, netns),
                },
              ],
        evidence: [
          fromStateIn(netns, `${hop.name} runs ${link.xdp}`, ['ip', 'link', 'show', 'dev', hop.name], hop.id),
        ],
      };
    }),
});
