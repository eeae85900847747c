import { fault } from '../fault.ts';

export default fault({
  id: 'veth-host-end-down',
  title: "The host's end of the veth pair is down",
  lecture: `A veth pair is a cable: with one end down, the other has no carrier. The container still sees its
interface up, and its packets fall out at the other end of nothing.`,
  inject: (net) => [{ argv: ['ip', 'link', 'set', 'dev', net.container.port, 'down'] }],
});
