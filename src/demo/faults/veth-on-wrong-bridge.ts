import { fault } from '../fault.ts';

export default fault({
  id: 'veth-on-wrong-bridge',
  title: 'The veth is plugged into the wrong bridge',
  lecture: `The container hangs on another network's bridge: it asks for its gateway there, where nobody has that
address.`,
  inject: (net) => [{ argv: ['ip', 'link', 'set', 'dev', net.container.port, 'master', net.other.bridge] }],
});
