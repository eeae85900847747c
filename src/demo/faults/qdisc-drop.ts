import { fault } from '../fault.ts';

export default fault({
  id: 'qdisc-drop',
  title: "The container's own queue holds no packet",
  lecture: `A queue discipline with no room throws away what it should send. Rate limits and network emulation left
over from a test look the same.`,
  inject: (net) => [
    {
      argv: ['tc', 'qdisc', 'add', 'dev', net.container.device, 'root', 'pfifo', 'limit', '0'],
      in: net.container.netns,
    },
  ],
});
