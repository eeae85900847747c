import { fault } from '../fault.ts';

export default fault({
  id: 'bridge-port-isolated',
  title: 'Two isolated ports of one bridge',
  lecture: `Isolated ports reach the host and the ports that are not isolated, and never each other. It is a way to
keep the containers of one network apart.`,
  question: (net) => ({ to: `container:netns:${net.neighbour.name}` }),
  inject: (net) =>
    [net.container, net.neighbour].map((guest) => ({
      argv: ['bridge', 'link', 'set', 'dev', guest.port, 'isolated', 'on'],
    })),
});
