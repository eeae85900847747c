import { fault } from '../fault.ts';

export default fault({
  id: 'uplink-down',
  title: 'The uplink has no carrier',
  lecture: `The far end of the uplink is down, so the host's own interface has no carrier: the cable is out.`,
  alsoRight: ['neighbour-unanswered'],
  inject: (net) => [
    { argv: ['ip', 'link', 'set', 'dev', net.internet.device, 'down'], in: net.internet.netns },
  ],
});
