import { cause } from '../model/cause.ts';
import { run } from '../model/fix.ts';
import { networkOf, sourceOnUplink } from '../model/nat.ts';
import { fromState } from '../model/telling.ts';

export default cause({
  id: 'masquerade-missing',
  title: 'The source address is not rewritten on the way out',
  explain: `A container's address is private to its host. On the way out a MASQUERADE or SNAT rule replaces it by the host's
own, so that the answer finds its way back. Without that rule, or where NOTRACK or an exception hides the packet from it,
the request leaves with the container's address and the answer never comes.

It drops nothing: what shows it is the source address seen on the uplink.`,
  needs: ['firewall', 'conntrack'],
  over: ['no-reply-from-destination', 'no-return-route'],
  examine(scene) {
    const leaves = sourceOnUplink(scene);
    if (!leaves || leaves.rewritten || scene.symptom.kind !== 'silence') return null;
    const network = networkOf(scene);
    if (network?.masquerade === false) return null;
    const tool = scene.flow.family === 6 ? 'ip6tables' : 'iptables';
    const rule = ['POSTROUTING', '-s', leaves.subnet, '!', '-o', leaves.bridge, '-j', 'MASQUERADE'] as const;
    return {
      sure: 'proved',
      what: `the source address is not rewritten: nothing masquerades ${leaves.subnet}`,
      why: `The request left through ${leaves.uplink} with the container's own address ${leaves.source}, to which nobody outside can answer.`,
      do: 'Masquerade the network on its way out.',
      fixes: [
        {
          title: `Masquerade ${leaves.subnet}`,
          risk: 'safe',
          lasts: 'until reboot, or until the rules are loaded again',
          apply: [run([tool, '-t', 'nat', '-A', ...rule])],
          undo: [run([tool, '-t', 'nat', '-D', ...rule])],
        },
      ],
      evidence: [
        fromState(`no nat rule rewrites ${leaves.subnet}`, [tool, '-t', 'nat', '-S', 'POSTROUTING']),
      ],
    };
  },
});
