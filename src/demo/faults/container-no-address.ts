import { fault } from '../fault.ts';

export default fault({
  id: 'container-no-address',
  title: "The container's eth0 has no address",
  lecture: `The interface is up and joined to the bridge, and has no address, because an attach by hand stopped half-
way or a DHCP lease ran out. With the address the routes went too.`,
  alsoRight: ['container-no-route'],
  inject: (net) => [{ argv: ['ip', 'addr', 'flush', 'dev', net.container.device], in: net.container.netns }],
});
