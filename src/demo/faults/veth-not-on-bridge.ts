import { fault } from '../fault.ts';

export default fault({
  id: 'veth-not-on-bridge',
  title: 'The veth is plugged into no bridge',
  lecture: `The host's end of the veth pair is up, and a port of no bridge: its packets reach the host and nobody
there takes them. A network service that restarts and "manages" every interface does this.`,
  inject: (net) => [{ argv: ['ip', 'link', 'set', 'dev', net.container.port, 'nomaster'] }],
});
