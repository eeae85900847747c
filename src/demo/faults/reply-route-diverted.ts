import { fault } from '../fault.ts';
import { tunnelFor } from '../tunnel.ts';

export default fault({
  id: 'reply-route-diverted',
  title: 'The answer is routed into a tunnel',
  lecture: `The request leaves and the answer comes back, and the host sends it to the wrong interface: a route for
the container's address points elsewhere.`,
  inject: (net) => tunnelFor(net, `${net.container.address}/32`),
});
