import { cause } from '../model/cause.ts';
import { fromState } from '../words/telling.ts';
import { list } from '../words/text.ts';

export default cause({
  id: 'kernel-modules-missing',
  title: 'The running kernel has lost the modules that the path needs',
  explain: `A kernel upgrade removes the modules of the old kernel, which goes on running until the next reboot. What was loaded still
works; what was not (veth, bridge, the parts of iptables) can no longer be loaded. Runtimes then fail with "operation not
supported" when they attach a container, or with "Table does not exist".

By hand: \`uname -r\` names a kernel that has no directory in /lib/modules, while another one has. Rebooting into that one mends it.`,
  needs: ['modules'],
  over: ['container-no-interface'],
  examine(scene) {
    if (scene.symptom.kind === 'answered' || scene.target.networks.length === 0) return null;
    if (scene.stacks.container.links.some((link) => link.kind !== 'loopback')) return null;
    const { release, present, others } = scene.modules;
    // Kernels with everything built in have no directory either: only one that was replaced counts.
    if (present || others.length === 0) return null;
    return {
      sure: 'supported',
      what: `the running kernel ${release} has no modules any more, and the container got no interface`,
      why: `/lib/modules has none for ${release}, only for ${list(others)}: the kernel was replaced without a reboot.`,
      do: 'Reboot into the installed kernel.',
      evidence: [fromState(`no directory for ${release}`, ['ls', '/lib/modules'])],
    };
  },
});
