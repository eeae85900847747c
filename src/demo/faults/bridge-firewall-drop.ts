import { fault } from '../fault.ts';

export default fault({
  id: 'bridge-firewall-drop',
  title: "A rule of the bridge's own firewall drops it",
  lecture: `Bridges have a firewall below IP, written by ebtables or as nft's bridge family; \`iptables -S\` shows
nothing of it.`,
  question: (net) => ({ to: `container:netns:${net.neighbour.name}` }),
  inject: (net) => [
    {
      argv: [
        'nft',
        `table bridge lab { chain forward { type filter hook forward priority 0; iifname ${net.container.port} drop; }; }`,
      ],
    },
  ],
});
