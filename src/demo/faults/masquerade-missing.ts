import { fault } from '../fault.ts';

export default fault({
  id: 'masquerade-missing',
  title: "Nothing rewrites the container's source address",
  lecture: `A container's address means nothing outside its host. Without MASQUERADE the request goes out as
172.18.0.2 and the answer has no way back. Nothing is dropped on this host, which is what makes it hard
to see.`,
  alsoRight: ['no-return-route'],
  inject: ({ segment }) => [
    {
      argv: [
        ...(['iptables', '-t', 'nat', '-D', 'POSTROUTING'] as const),
        ...['-s', segment.subnet, '!', '-o', segment.bridge, '-j', 'MASQUERADE'],
      ],
    },
  ],
});
