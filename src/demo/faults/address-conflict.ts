import { fault } from '../fault.ts';

export default fault({
  id: 'address-conflict',
  title: "The host owns the container's address too",
  lecture: `The reply comes back to the host, which finds the container's address among its own, and keeps it.`,
  inject: (net) => [{ argv: ['ip', 'addr', 'add', `${net.container.address}/32`, 'dev', 'lo'] }],
});
