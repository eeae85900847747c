import { fault } from '../fault.ts';

export default fault({
  id: 'container-firewall-drop',
  title: 'A firewall inside the container drops it',
  lecture: `A container has a firewall of its own, which the host's \`iptables -S\` never shows. A program with
NET_ADMIN, a service mesh or an entry script may have written to it.`,
  inject: (net) => [
    { argv: ['iptables', '-A', 'OUTPUT', '-o', net.container.device, '-j', 'DROP'], in: net.container.netns },
  ],
});
