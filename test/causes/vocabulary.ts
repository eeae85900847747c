/** The ids a verdict may name. They are stable: scripts depend on them. */
export const VOCABULARY: readonly string[] = `
container-interface-down container-loopback-down container-no-interface container-no-address
container-address-invalid container-no-route container-wrong-gateway container-route-rejects
container-firewall-drop container-cgroup-drop container-permission veth-host-end-down veth-not-on-bridge
veth-on-wrong-bridge bridge-down bridge-address-missing bridge-port-not-forwarding bridge-port-isolated
bridge-vlan-mismatch bridge-fdb-wrong bridge-firewall-drop mac-conflict neighbour-stale
neighbour-unanswered neighbour-absent neighbour-table-full address-conflict subnet-overlap
destination-is-local one-to-many-not-routed ip-forward-off interface-forwarding-off ipv6-disabled rp-filter-drop host-no-route
host-route-rejects host-route-diverted reply-route-diverted no-return-route ttl-expired
forward-policy-drop firewall-rule-drop long-packets-dropped long-transfers-dropped input-rule-drop output-rule-drop firewalld-rejects
legacy-rules-drop network-isolation icc-disabled bridge-netfilter-drop network-internal
direct-routing-blocked firewall-tools-conflict conntrack-invalid-drop conntrack-stale conntrack-full
masquerade-missing snat-wrong-address dnat-wrong queue-without-reader xfrm-blocks tc-drop qdisc-drop
xdp-drop checksum-bad uplink-down mtu-black-hole no-reply-from-destination connection-refused
listener-on-loopback listener-wrong-family listener-wrong-interface listener-stuck proxy-backend-silent port-published-elsewhere port-not-published
published-port-unreachable-from-bridge localhost-port-unrouted reply-source-wrong dns-resolver-loopback
dns-resolver-silent dns-embedded-broken dns-config-missing dns-race macvlan-host-child macvlan-mode
overlay-port-blocked tunnel-local-address-gone tunnel-far-end-absent overlay-vni-mismatch overlay-peer-missing overlay-ingress-broken host-network-mode
rootless-helper-gone kernel-modules-missing proxy-environment next-hop-dead conntrack-helper-missing
snat-port-refused first-syn-unanswered ecn-refused ttl-refused dscp-refused tcp-options-refused
source-is-own source-ports-used-up
data-lost-beyond reset-on-the-way window-scale-stripped
flow-forgotten program-asks-old-address connection-stalled connections-left-open datagrams-untranslated
dns-search-captures dns-answer-refused dns-tcp-blocked dns-server-unusable
helper-carries-no-ping
send-refused program-out-of-files
wireguard-peer ipvs-no-server ipvs-server-silent
conntrack-zone-mismatch dns-not-asked route-redirected dns-libraries-differ hosts-file-not-read
dns-edns-dropped dns-udp-blocked dns-half-silent
tls-not-spoken
`
  .trim()
  .split(/\s+/);
