import { fault } from '../fault.ts';

export default fault({
  id: 'interface-forwarding-off',
  title: 'The bridge alone does not forward',
  lecture: `Forwarding has a switch for the whole host and one for each interface. Here the host forwards and the
bridge does not: what comes in by the bridge is not passed on, while other networks of the host work.`,
  inject: (net) => [{ argv: ['sysctl', '-qw', `net.ipv4.conf.${net.segment.bridge}.forwarding=0`] }],
});
