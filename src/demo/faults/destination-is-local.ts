import { fault } from '../fault.ts';

export default fault({
  id: 'destination-is-local',
  title: "The destination's address belongs to the host itself",
  lecture: `The host has the destination's address on one of its own interfaces. It answers in the other's place, and
nothing is sent out.`,
  alsoRight: ['connection-refused'],
  question: (net) => ({ to: `${net.internet.address}:80` }),
  inject: (net) => [{ argv: ['ip', 'addr', 'add', `${net.internet.address}/32`, 'dev', 'lo'] }],
});
