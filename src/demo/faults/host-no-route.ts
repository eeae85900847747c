import { fault } from '../fault.ts';

export default fault({
  id: 'host-no-route',
  title: 'The host has no default route',
  lecture: `Containers leave by their host's routes. When its default route is gone, they are told "Destination Net
Unreachable" by their own gateway.`,
  inject: () => [{ argv: ['ip', 'route', 'del', 'default'] }],
});
