import { fault } from '../fault.ts';

export default fault({
  id: 'neighbour-unanswered',
  title: 'The gateway does not answer ARP',
  lecture: `The bridge owns the gateway's address and is told to keep quiet about it: arp_ignore=8 answers no ARP
request at all.`,
  inject: (net) => [
    { argv: ['sysctl', '-qw', `net.ipv4.conf.${net.segment.bridge}.arp_ignore=8`] },
    { argv: ['ip', 'neigh', 'flush', 'dev', net.container.device], in: net.container.netns },
  ],
});
