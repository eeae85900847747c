import { fault } from '../fault.ts';

export default fault({
  id: 'neighbour-stale',
  title: 'The container remembers a MAC address that nobody has',
  lecture: `The entry for the gateway names an old MAC address. Frames leave and nobody feels addressed: the bridge
was made anew, or its MAC address followed that of a port that is gone.`,
  inject: (net) => [
    {
      argv: [
        'ip',
        'neigh',
        'replace',
        net.segment.gateway,
        'lladdr',
        '02:de:ad:be:ef:00',
        'dev',
        net.container.device,
        'nud',
        'permanent',
      ],
      in: net.container.netns,
    },
  ],
});
