import { fault } from '../fault.ts';

export default fault({
  id: 'conntrack-invalid-drop',
  title: 'A rule drops what connection tracking calls invalid',
  lecture: `Packets that connection tracking never saw begin are INVALID or UNTRACKED, and a common rule drops those.
NOTRACK rules and asymmetric routes make such packets.`,
  alsoRight: ['firewall-rule-drop'],
  inject: (net) => [
    {
      argv: ['iptables', '-t', 'raw', '-I', 'PREROUTING', '-i', net.segment.bridge, '-j', 'CT', '--notrack'],
    },
    {
      argv: ['iptables', '-I', 'FORWARD', '-m', 'conntrack', '--ctstate', 'INVALID,UNTRACKED', '-j', 'DROP'],
    },
  ],
});
