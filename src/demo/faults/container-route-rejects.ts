import { fault } from '../fault.ts';

export default fault({
  id: 'container-route-rejects',
  title: 'A route in the container throws the packets away',
  lecture: `A blackhole route discards without a word; unreachable and prohibit routes answer with an error. VPN
clients and kill switches leave them behind, inside containers too.`,
  inject: (net) => [
    { argv: ['ip', 'route', 'add', 'blackhole', '198.51.100.0/24'], in: net.container.netns },
  ],
});
