import { fault } from '../fault.ts';

export default fault({
  id: 'xfrm-blocks',
  title: 'An IPsec policy blocks it',
  lecture: `An IPsec policy decides over packets after routing, and neither \`ip route\` nor \`iptables\` shows it:
\`ip xfrm policy\` does.`,
  inject: (net) => [
    {
      argv: [
        'ip',
        'xfrm',
        'policy',
        'add',
        'src',
        net.segment.subnet,
        'dst',
        '198.51.100.0/24',
        'dir',
        'fwd',
        'action',
        'block',
      ],
    },
  ],
});
