/** A bridge network as Docker 29 with `"firewall-backend": "nftables"` writes it. */
type Net = { readonly bridge: string; readonly subnet: string; readonly published?: string };

const NETS: readonly Net[] = [
  { bridge: 'br0', subnet: '10.88.0.0/24', published: '10.88.0.2' },
  { bridge: 'br1', subnet: '10.89.0.0/24' },
];

/** From the interface a packet leaves or came in by to the chain of its network. */
const jumps = (name: string): string =>
  `  map ${name}-jumps {
    type ifname : verdict
    elements = { ${NETS.map(({ bridge }) => `"${bridge}" : jump ${name}__${bridge}`).join(', ')} }
  }
`;

const chains = ({ bridge, subnet, published }: Net): string =>
  `  chain filter-forward-in__${bridge} {
    ct state established,related counter accept
    iifname "${bridge}" counter accept comment "ICC"
${published ? `    ip daddr ${published} tcp dport 80 counter accept\n` : ''}    counter drop comment "UNPUBLISHED PORT DROP"
  }
  chain filter-forward-out__${bridge} {
    ct state established,related counter accept
    counter accept comment "OUTGOING"
  }
  chain nat-postrouting-in__${bridge} {
  }
  chain nat-postrouting-out__${bridge} {
    oifname != "${bridge}" ip saddr ${subnet} counter masquerade comment "MASQUERADE"
  }
`;

/** The networks and the published port of `rules4`, by Docker 29's own table and nothing of iptables. */
export const rulesOfDocker29 = `table ip docker-bridges {
${['filter-forward-in', 'filter-forward-out', 'nat-postrouting-in', 'nat-postrouting-out'].map(jumps).join('')}${NETS.map(chains).join('')}  chain nat-prerouting-and-output {
    iifname != "br0" tcp dport 8080 counter dnat to 10.88.0.2:80 comment "DNAT"
  }
  chain filter-FORWARD {
    type filter hook forward priority filter; policy accept;
    oifname vmap @filter-forward-in-jumps
    iifname vmap @filter-forward-out-jumps
  }
  chain nat-OUTPUT {
    type nat hook output priority -100; policy accept;
    ip daddr != 127.0.0.0/8 fib daddr type local counter jump nat-prerouting-and-output
  }
  chain nat-POSTROUTING {
    type nat hook postrouting priority srcnat; policy accept;
    iifname vmap @nat-postrouting-out-jumps
    oifname vmap @nat-postrouting-in-jumps
  }
  chain nat-PREROUTING {
    type nat hook prerouting priority dstnat; policy accept;
    fib daddr type local counter jump nat-prerouting-and-output
  }
  chain raw-PREROUTING {
    type filter hook prerouting priority raw; policy accept;
    ip daddr 10.88.0.2 iifname != "br0" counter drop comment "DROP DIRECT ACCESS"
  }
}
`;
