import { fault } from '../fault.ts';

export default fault({
  id: 'ttl-expired',
  title: 'A rule sets the TTL to 1',
  lecture: `Every router takes one from a packet's time to live and throws it away at zero. A rule that sets it to 1,
as against tethering, ends the journey at the first router, which is this host.`,
  inject: (net) => [
    {
      argv: [
        'nft',
        `table ip lab { chain pre { type filter hook prerouting priority -150; iifname ${net.segment.bridge} ip ttl set 1; }; }`,
      ],
    },
  ],
});
