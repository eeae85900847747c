import { fault } from '../fault.ts';

export default fault({
  id: 'container-wrong-gateway',
  title: 'The default route names a gateway that nobody owns',
  lecture: `The container asks by ARP for an address that no machine of its network has, and waits. A bridge whose
address was changed leaves its containers like this.`,
  alsoRight: ['neighbour-absent'],
  inject: (net) => [
    { argv: ['ip', 'route', 'replace', 'default', 'via', '172.18.0.254'], in: net.container.netns },
  ],
});
