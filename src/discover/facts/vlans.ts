import { ask } from '../../host/ask.ts';
import { known, mapAnswer } from '../../model/answer.ts';
import type { VlanMembership } from '../../model/facts.ts';
import { fact } from '../fact.ts';
import { list, number, parseList, text, words } from '../ip/json.ts';
import { sides } from '../sides.ts';

/** Ranges are written out, one entry a VLAN. */
export const parseVlans = (document: string): VlanMembership[] =>
  parseList(document).flatMap((entry) => {
    const dev = text(entry.ifname);
    return list(entry.vlans).flatMap((range) => {
      const first = number(range.vlan);
      if (dev === null || first === null) return [];
      const last = number(range.vlanEnd) ?? first;
      return Array.from({ length: last - first + 1 }, (_, index) => ({
        dev,
        vlan: first + index,
        flags: words(range.flags),
      }));
    });
  });

/** VLANs of the host's bridge ports that are on the path, and of the bridges themselves, where one filters by them. Source: bridge(8). */
export default fact({
  name: 'vlans',
  async gather(machine, ground) {
    const devices = sides(ground).find((place) => place.side === 'host')?.devices ?? [];
    const argv = ['bridge', '-j', 'vlan', 'show'] as const;
    const filtering = ground.stacks.host.links.some(
      (link) => devices.includes(link.name) && link.bridge?.vlanFiltering,
    );
    // Without filtering, memberships are there and decide nothing.
    if (!filtering) return known([], argv);
    const answer = await ask(machine, argv);
    // A kernel built without VLAN filtering has no memberships, and filters nothing by them.
    if (!answer.known && answer.because === 'unsupported') return known([], answer.source);
    return mapAnswer(answer, (document) => parseVlans(document).filter(({ dev }) => devices.includes(dev)));
  },
});
