import { fault } from '../fault.ts';

export default fault({
  id: 'bridge-fdb-wrong',
  title: 'The bridge believes the container to be elsewhere',
  lecture: `The bridge looks a MAC address up in its forwarding table and trusts what is written there. A fixed
entry that names another container's port sends every answer there.`,
  inject: ({ container, neighbour, segment }) => [
    // It has talked to its gateway before.
    { argv: ['ping', '-n', '-c1', '-W1', segment.gateway], in: container.netns },
    {
      argv: [
        ...(['bridge', 'fdb', 'replace', container.mac, 'dev', neighbour.port] as const),
        ...['master', 'static', 'sticky'],
      ],
    },
  ],
});
