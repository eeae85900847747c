import { fault } from '../fault.ts';

export default fault({
  id: 'mtu-black-hole',
  title: 'Big packets vanish without a word',
  lecture: `Small packets pass and big ones vanish, because somewhere out there the path is narrower and the error
that would say so is lost. Connections open and then hang.`,
  sparesSmall: true,
  inject: (net) => [
    {
      argv: [
        'nft',
        `table ip lab { chain pre { type filter hook prerouting priority -400; iifname ${net.internet.device} meta length > 1400 drop; }; }`,
      ],
      in: net.internet.netns,
    },
  ],
});
