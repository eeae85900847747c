import { fault } from '../fault.ts';

export default fault({
  id: 'snat-wrong-address',
  title: 'The source is rewritten to an address of somebody else',
  lecture: `A fixed SNAT rule outlives the address that it names: after a move or a new lease the answers go to a
machine that never asked.`,
  inject: (net) => [
    {
      argv: [
        'iptables',
        '-t',
        'nat',
        '-I',
        'POSTROUTING',
        '-s',
        net.segment.subnet,
        '!',
        '-o',
        net.segment.bridge,
        '-j',
        'SNAT',
        '--to-source',
        '203.0.113.9',
      ],
    },
  ],
});
