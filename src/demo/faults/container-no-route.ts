import { fault } from '../fault.ts';

export default fault({
  id: 'container-no-route',
  title: 'The container has no default route',
  lecture: `Without a default route a container reaches its own network and nothing else. Networks made by hand, and
containers attached to a second network, are where it gets lost.`,
  inject: (net) => [{ argv: ['ip', 'route', 'del', 'default'], in: net.container.netns }],
});
