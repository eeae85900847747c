import { fault } from '../fault.ts';

export default fault({
  id: 'neighbour-absent',
  title: 'Nobody in the network has that address',
  lecture: `The destination lies in the container's own network and nobody there answers the ARP request: a container
that has ended, or that came back with another address.`,
  alsoRight: ['neighbour-unanswered'],
  question: () => ({ to: '172.18.0.99' }),
  inject: () => [],
});
