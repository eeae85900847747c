import { fault } from '../fault.ts';

export default fault({
  id: 'legacy-rules-drop',
  title: 'A rule of iptables-legacy, which iptables does not show',
  lecture: `Two iptables can be at work in one kernel. \`iptables -S\` shows the tables of nftables; the old ones,
written by iptables-legacy, drop packets unseen.`,
  inject: () => [{ argv: ['iptables-legacy', '-P', 'FORWARD', 'DROP'] }],
});
