import { fault } from '../fault.ts';

export default fault({
  id: 'queue-without-reader',
  title: 'A rule hands the packets to a program that does not run',
  lecture: `An NFQUEUE rule gives the decision to a program, as intrusion prevention does. When the program is gone
the kernel drops what it would have decided about.`,
  inject: (net) => [
    { argv: ['iptables', '-I', 'FORWARD', '-i', net.segment.bridge, '-j', 'NFQUEUE', '--queue-num', '99'] },
  ],
});
