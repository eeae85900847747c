import { cause } from '../model/cause.ts';
import { sourceOnUplink } from '../model/nat.ts';
import { meantToBeNated } from '../model/nat-intent.ts';
import { fromState } from '../model/telling.ts';

export default cause({
  id: 'no-return-route',
  title: 'The other side has no way back to the container',
  explain: `This network is routed on purpose: its containers leave with their own addresses, and nothing rewrites them. The
request leaves this host as it should, and the answer cannot come back, because the router or the destination has no
route to the container's subnet.

Nothing is dropped on this host. The source address seen on the uplink tells; the missing route must be set on the other
side: the container's subnet, by way of this host's address there.`,
  needs: ['firewall'],
  over: ['no-reply-from-destination'],
  examine(scene) {
    const leaves = sourceOnUplink(scene);
    if (!leaves || leaves.rewritten || scene.symptom.kind !== 'silence') return null;
    if (meantToBeNated(scene, leaves)) return null;
    if (scene.control?.asked && !scene.control.answered) return null;
    const uplink = scene.path.hops.find((hop) => hop.name === leaves.uplink);
    const here = uplink?.link.addresses.find(
      (one) => one.family === scene.flow.family && one.scope !== 'link',
    )?.address;
    return {
      sure: 'supported',
      what: `nothing comes back to ${leaves.source}: the other side has no route to ${leaves.subnet}`,
      why: `The request left through ${leaves.uplink} with the container's own address ${leaves.source}, as this network is meant to, this host dropped nothing, and no answer came back.`,
      do: `Add a route to ${leaves.subnet}${here ? ` via ${here}` : ' via this host'} on the router or the destination, or masquerade the network here.`,
      evidence: [
        fromState(`${leaves.source} is not rewritten on ${leaves.uplink}`, [
          'tcpdump',
          '-ni',
          leaves.uplink,
          'host',
          leaves.source,
        ]),
      ],
    };
  },
});
