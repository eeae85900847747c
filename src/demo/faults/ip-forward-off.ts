import { fault } from '../fault.ts';

export default fault({
  id: 'ip-forward-off',
  title: 'The host does not forward',
  lecture: `A host passes a packet from one interface to another only while net.ipv4.ip_forward is 1. Docker turns it
on at its start; a hardening script or \`sysctl --system\` turns it off again, and every container of the
host is cut off at once. The packets are seen on eth0, on the veth and on the bridge, and never on the
uplink.`,
  inject: () => [{ argv: ['sysctl', '-qw', 'net.ipv4.ip_forward=0'] }],
});
