import { fault } from '../fault.ts';

export default fault({
  id: 'host-route-diverted',
  title: 'A VPN has taken the route',
  lecture: `A route through a tunnel is more precise than the default route, so the containers' packets go into the
tunnel and not to the uplink.`,
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
    { argv: ['ip', 'route', 'add', '198.51.100.0/24', 'dev', 'tun0'] },
  ],
});
