import { fault } from '../fault.ts';

export default fault({
  id: 'input-rule-drop',
  title: "The host's INPUT chain refuses its containers",
  lecture: `What a container sends to its host itself, to the gateway's address, meets the INPUT chain and not
FORWARD.`,
  alsoRight: ['firewall-rule-drop'],
  question: () => ({ to: 'gateway' }),
  inject: (net) => [{ argv: ['iptables', '-A', 'INPUT', '-i', net.segment.bridge, '-j', 'DROP'] }],
});
