import { filterRemoval } from '../fixes/filter.ts';
import { droppedBy, keptSilent } from '../kernel/drops.ts';
import { orAtSearch } from '../kernel/search.ts';
import { atPlace, deviceOf, namespaceOf } from '../kernel/traffic-control.ts';
import { cause } from '../model/cause.ts';
import type { TrafficControl } from '../model/facts.ts';
import { fromState, namesOf } from '../words/telling.ts';

/** Reasons since Linux 6.0; the functions that run filters, for kernels that give no reason. */
const DROPS =
  /^(TC_(INGRESS|EGRESS)|tcf?_\w+|sch_handle_(in|e)gress|__netif_receive_skb_core.*|__dev_queue_xmit|cls_bpf_classify)$/;

/** Programs have no counter of their own: the hook on which they hang counts for all of them. */
const hookDrops = (traffic: readonly TrafficControl[], hop: string): number | null =>
  traffic.find((one) => one.hop === hop && /^qdisc (clsact|ingress) /.test(one.text))?.drops ?? null;

export default cause({
  id: 'tc-drop',
  title: 'A traffic-control filter or classifier program drops it',
  explain: `Filters of traffic control, most of them BPF programs today, see a packet before the bridge, the routing and every
iptables rule (ingress), or after all of them (egress). They can drop it or send it out of another interface.

Network plug-ins (Cilium, Calico and others) attach such programs; after they are removed, or when their agent restarts
badly, a program may stay behind and drop what it no longer knows.

A capture on the interface still shows what an ingress filter drops, and never what an egress filter drops. By hand:
\`tc -s filter show dev IFACE ingress\` (and egress), \`bpftool net show\`.`,
  needs: ['traffic'],
  ofData: true,
  over: ['neighbour-unanswered', 'neighbour-absent', 'no-reply-from-destination'],
  examine: (whole) =>
    orAtSearch(whole, (scene, isSearch) => {
      const dropped = droppedBy(scene, DROPS);
      // A redirect drops nothing itself: what becomes of the packet elsewhere does not speak against it.
      const onPath = scene.drops.known && scene.drops.value.some((drop) => drop.hop !== null);
      if (dropped === false && onPath) return null;
      const found = atPlace(scene).filter(
        (one) => one.kind === 'filter' && !/\bpolice\b|\bht divisor\b/.test(one.text),
      );
      const counted = (one: TrafficControl) => one.drops ?? hookDrops(scene.traffic, one.hop);
      const redirects = found.find((one) => /mirred \(\w+ Redirect|redirect dev/.test(one.text));
      if (dropped === false && !redirects) return null;
      const one = dropped
        ? (found.find((filter) => (counted(filter) ?? 1) > 0) ?? found[0])
        : (redirects ?? found.find((filter) => (counted(filter) ?? 0) > 0));
      const unproved = dropped === false || (dropped === null && keptSilent(scene));
      if (!one || (unproved && one !== redirects)) return null;
      const { after, before } = namesOf(scene);
      const device = deviceOf(scene, one);
      const action = one === redirects ? 'sends it elsewhere' : 'drops it';
      return {
        sure: dropped ? 'proved' : 'supported',
        what: `a traffic-control filter on ${device} (${one.direction}) ${action}`,
        why: `${isSearch ? `The search for the next hop came` : 'The packets came'} as far as ${after} and not to ${before}; between the two stands the filter: ${one.text}.`,
        do: 'Remove the filter, or mend the program behind it where it was attached.',
        fixes: filterRemoval(one, device, namespaceOf(scene, one)),
        evidence: [fromState(one.text, one.argv, one.hop)],
      };
    }),
});
