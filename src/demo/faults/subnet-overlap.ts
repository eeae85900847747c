import { fault } from '../fault.ts';

export default fault({
  id: 'subnet-overlap',
  title: "Another bridge of this host claims the destination's network",
  lecture: `The destination lies far away, and the host has a bridge with that very subnet: its own network is
nearer, so it looks for the destination there. Docker takes subnets from a pool, and now and then one
that the company uses as well.`,
  inject: (net) => [
    { argv: ['ip', 'link', 'add', 'br-shop', 'type', 'bridge'] },
    { argv: ['ip', 'link', 'set', 'dev', 'br-shop', 'up'] },
    { argv: ['ip', 'link', 'set', 'dev', net.stranger.port, 'master', 'br-shop'] },
    { argv: ['ip', 'addr', 'add', '198.51.100.254/24', 'dev', 'br-shop'] },
  ],
});
