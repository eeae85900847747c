import { fault } from '../fault.ts';

export default fault({
  id: 'forward-policy-drop',
  title: 'No rule accepts it, and the policy is DROP',
  lecture: `Docker sets the FORWARD chain's policy to DROP and accepts its own networks one by one. A bridge made by
hand, or one whose accept rule a firewall reload swept away, falls through to the policy.`,
  inject: (net) => [
    { argv: ['iptables', '-D', net.segment.acceptedIn, '-i', net.segment.bridge, '-j', 'ACCEPT'] },
  ],
});
