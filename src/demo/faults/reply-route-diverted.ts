import { fault } from '../fault.ts';

export default fault({
  id: 'reply-route-diverted',
  title: 'The answer is routed into a tunnel',
  lecture: `The request leaves and the answer comes back, and the host sends it to the wrong interface: a route for
the container's address points elsewhere.`,
  inject: (net) => [
    {
      argv: [
        'ip',
        'link',
        'add',
        'tun0',
        'type',
        'veth',
        'peer',
        'name',
        'far0',
        'netns',
        net.internet.netns.path.split('/').at(-1)!,
      ],
    },
    { argv: ['ip', 'link', 'set', 'dev', 'tun0', 'up', 'arp', 'off'] },
    { argv: ['ip', 'addr', 'add', '10.8.0.2/24', 'dev', 'tun0'] },
    { argv: ['ip', 'link', 'set', 'dev', 'far0', 'up'], in: net.internet.netns },
    { argv: ['ip', 'route', 'add', `${net.container.address}/32`, 'dev', 'tun0'] },
  ],
});
