import { fault } from '../fault.ts';

export default fault({
  id: 'firewalld-rejects',
  title: 'firewalld refuses what iptables accepted',
  lecture: `Every base chain has its say: a packet that iptables accepted is still refused by firewalld's own
nftables chain, which runs after it.`,
  alsoRight: ['firewall-rule-drop'],
  inject: () => [
    {
      argv: [
        'nft',
        'table inet firewalld { chain filter_FORWARD { type filter hook forward priority 10; ct state established,related accept; reject with icmpx type admin-prohibited; }; }',
      ],
    },
  ],
});
