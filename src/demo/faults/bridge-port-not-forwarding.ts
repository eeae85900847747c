import { fault } from '../fault.ts';

export default fault({
  id: 'bridge-port-not-forwarding',
  title: 'The spanning tree has not opened the port yet',
  lecture: `With STP on, a bridge listens and learns on a new port for twice its forward delay, 15 seconds each
unless told, before it passes a single frame.`,
  inject: (net) => [
    {
      argv: [
        'ip',
        'link',
        'set',
        net.segment.bridge,
        'type',
        'bridge',
        'stp_state',
        '1',
        'forward_delay',
        '3000',
      ],
    },
    { argv: ['ip', 'link', 'set', 'dev', net.container.port, 'nomaster'] },
    { argv: ['ip', 'link', 'set', 'dev', net.container.port, 'master', net.segment.bridge] },
  ],
});
