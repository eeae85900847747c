import { fault } from '../fault.ts';

export default fault({
  id: 'container-address-invalid',
  title: "The container's address stands alone in its network",
  lecture: `An address with prefix length /32 says that nobody else is on the link: the gateway, one number away, is
out of reach unless a route says that it is on the link.`,
  alsoRight: ['container-no-route'],
  inject: (net) => [
    { argv: ['ip', 'addr', 'flush', 'dev', net.container.device], in: net.container.netns },
    {
      argv: ['ip', 'addr', 'add', `${net.container.address}/32`, 'dev', net.container.device],
      in: net.container.netns,
    },
  ],
});
