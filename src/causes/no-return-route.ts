import { iptables } from '../fixes/rule.ts';
import { NO_FILTER } from '../kernel/drops.ts';
import { type Leaving, sourceOnUplink } from '../kernel/nat.ts';
import { meantToBeNated } from '../kernel/nat-intent.ts';
import { cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import { fromState } from '../words/telling.ts';

/** Hides the network behind this host after all, towards this uplink alone. */
function masquerade({ subnet, uplink }: Leaving, family: 4 | 6, isLegacy: boolean): Fix {
  const tool = iptables(family, isLegacy);
  const rule = ['POSTROUTING', '-s', subnet, '-o', uplink, '-j', 'MASQUERADE'];
  return {
    title: `Masquerade ${subnet} on ${uplink}, instead of a route on the other side`,
    risk: 'disruptive',
    lasts: 'until reboot, or until the rules are loaded again',
    affects: `everything that ${subnet} sends out by ${uplink}: the other side then sees this host's address`,
    apply: [run([tool, '-t', 'nat', '-A', ...rule])],
    undo: [run([tool, '-t', 'nat', '-D', ...rule])],
  };
}

export default cause({
  id: 'no-return-route',
  ofSilence: true,
  title: 'The other side has no way back to the container',
  explain: `This network is routed on purpose: its containers leave with their own addresses, and nothing rewrites them. The
request leaves this host as it should, and the answer cannot come back, because the router or the destination has no
route to the container's subnet.

Nothing is dropped on this host. The source address seen on the uplink tells; the missing route must be set on the other
side: the container's subnet, by way of this host's address there.`,
  needs: ['firewall', 'answeredAsItself'],
  explains: NO_FILTER,
  over: ['no-reply-from-destination'],
  examine(scene) {
    const leaves = sourceOnUplink(scene);
    if (!leaves || leaves.rewritten || scene.symptom.kind !== 'silence') return null;
    if (meantToBeNated(scene, leaves) || scene.answeredAsItself.length > 0) return null;
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
      fixes: [
        masquerade(
          leaves,
          scene.flow.family,
          scene.firewall.host.some((rule) => rule.engine === 'iptables-legacy' && rule.table === 'nat'),
        ),
      ],
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
