import { fault } from '../fault.ts';

export default fault({
  id: 'output-rule-drop',
  title: 'The host may not send to its container',
  lecture: `What the host itself sends meets the OUTPUT chain. The container gets out, and the host cannot reach it.`,
  alsoRight: ['firewall-rule-drop'],
  question: (net) => ({ from: 'host', to: net.container.address }),
  inject: (net) => [{ argv: ['iptables', '-A', 'OUTPUT', '-d', net.container.address, '-j', 'DROP'] }],
});
