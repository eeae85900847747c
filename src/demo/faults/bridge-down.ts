import { fault } from '../fault.ts';

export default fault({
  id: 'bridge-down',
  title: 'The bridge is down',
  lecture: `A bridge that is down forwards nothing, between its ports no more than to the host.`,
  inject: (net) => [{ argv: ['ip', 'link', 'set', 'dev', net.segment.bridge, 'down'] }],
});
