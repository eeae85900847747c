import { fault } from '../fault.ts';

export default fault({
  id: 'container-interface-down',
  title: "The container's eth0 is down",
  lecture: `An interface that is down sends nothing, and the kernel has taken its routes away with it: the program
hears "Network is unreachable" at once, and not a single packet is seen anywhere.`,
  inject: (net) => [
    { argv: ['ip', 'link', 'set', 'dev', net.container.device, 'down'], in: net.container.netns },
  ],
});
