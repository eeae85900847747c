import { fault } from '../fault.ts';

export default fault({
  id: 'firewall-rule-drop',
  title: 'A rule in DOCKER-USER drops it',
  lecture: `DOCKER-USER is where an administrator's rules for containers go, and where a forgotten one stays: Docker
never touches it.`,
  inject: (net) => [{ argv: ['iptables', '-I', 'DOCKER-USER', '-i', net.segment.bridge, '-j', 'DROP'] }],
});
