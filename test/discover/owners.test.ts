import { expect, test } from 'vitest';
import { configuredAt, ownerOf, owners } from '../../src/discover/owners.ts';
import { parseNft } from '../../src/discover/rules/nft-text.ts';
import { parseSave } from '../../src/discover/rules/save-text.ts';
import type { Rule } from '../../src/model/evidence.ts';

const line = (text: string, table = 'filter'): Rule =>
  parseSave(`*${table}\n${text}\n`, 'iptables-nft', 'ip').counted[0]!.rule;

const native = (table: string, chain: string, rule: string, family = 'inet'): Rule =>
  parseNft(
    `table ${family} ${table} { # handle 1\n\tchain ${chain} { # handle 2\n\t\t${rule} # handle 3\n\t}\n}\n`,
  ).counted[0]!.rule;

test.each([
  ['docker', '-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP', 'filter'],
  ['docker', '-A FORWARD -j DOCKER-USER', 'filter'],
  ['docker', '-A FORWARD -j DOCKER-FORWARD', 'filter'],
  ['docker', '-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', 'filter'],
  ['docker', '-A FORWARD -i br-0123456789ab ! -o br-0123456789ab -j ACCEPT', 'filter'],
  ['docker', '-A FORWARD -i br-0123456789ab -o br-0123456789ab -j DROP', 'filter'],
  ['docker', '-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE', 'nat'],
  [
    'docker',
    '-A POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE',
    'nat',
  ],
  ['docker', '-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP', 'raw'],
  ['docker', '-A PREROUTING -d 172.17.0.0/16 ! -i docker0 -j DROP', 'raw'],
  ['docker', '-A PREROUTING -d 127.0.0.1/32 ! -i lo -p tcp -m tcp --dport 8080 -j DROP', 'raw'],
  ['docker', '-A DOCKER-INTERNAL ! -d 172.18.0.0/16 -i br-0123456789ab -j DROP', 'filter'],
  [
    'docker',
    '-A DOCKER_OUTPUT -d 127.0.0.11/32 -p udp -m udp --dport 53 -j DNAT --to-destination 127.0.0.11:4',
    'nat',
  ],
  [
    'netavark',
    '-A NETAVARK_FORWARD -d 10.88.0.0/16 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    'filter',
  ],
  [
    'netavark',
    '-A FORWARD -m comment --comment "netavark firewall plugin rules" -j NETAVARK_FORWARD',
    'filter',
  ],
  ['cni', '-A FORWARD -m comment --comment "CNI firewall plugin rules" -j CNI-FORWARD', 'filter'],
  [
    'cni',
    '-A POSTROUTING -s 10.88.0.5/32 -m comment --comment "name: \\"podman\\" id: \\"f00\\"" -j CNI-9a',
    'nat',
  ],
  ['firewalld', '-A FWDI_public_deny -j REJECT', 'filter'],
  ['firewalld', '-A FORWARD -j FORWARD_IN_ZONES', 'filter'],
  ['ufw', '-A ufw-user-forward -d 10.88.0.2/32 -j DROP', 'filter'],
  ['ufw', '-A FORWARD -j ufw-before-forward', 'filter'],
  ['libvirt', '-A LIBVIRT_FWI -o virbr0 -j REJECT --reject-with icmp-port-unreachable', 'filter'],
  ['kube-proxy', '-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP', 'filter'],
  ['kube-router', '-A KUBE-POD-FW-AAAA -j REJECT', 'filter'],
  ['calico', '-A FORWARD -m comment --comment "cali:wUHhoiAYhphO9Mso" -j cali-FORWARD', 'filter'],
  ['flannel', '-A FLANNEL-FWD -s 10.244.0.0/16 -m comment --comment "flanneld forward" -j ACCEPT', 'filter'],
  ['fail2ban', '-A f2b-sshd -s 203.0.113.9/32 -j REJECT --reject-with icmp-port-unreachable', 'filter'],
  ['fail2ban', '-A INPUT -p tcp -m set --match-set f2b-sshd src -j REJECT', 'filter'],
  ['crowdsec', '-A INPUT -m set --match-set crowdsec-blacklists-0 src -j DROP', 'filter'],
  ['crowdsec', '-A FORWARD -j CROWDSEC_CHAIN', 'filter'],
  ['tailscale', '-A ts-forward -i tailscale0 -j MARK --set-xmark 0x40000/0xff0000', 'filter'],
  [
    'wg-quick',
    '-A PREROUTING ! -i wg0 -d 10.9.0.2/32 -m comment --comment "wg-quick(8) rule for wg0" -j DROP',
    'raw',
  ],
  ['istio', '-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001', 'nat'],
  ['istio', '-A OUTPUT -p tcp -j ISTIO_OUTPUT', 'nat'],
  ['linkerd', '-A PROXY_INIT_REDIRECT -p tcp -j REDIRECT --to-ports 4143', 'nat'],
  ['nixos', '-A nixos-fw -j nixos-fw-log-refuse', 'filter'],
  ['lxd', '-A FORWARD -o lxdbr0 -m comment --comment "generated for LXD network lxdbr0" -j ACCEPT', 'filter'],
  [
    'incus',
    '-A FORWARD -o incusbr0 -m comment --comment "generated for Incus network incusbr0" -j ACCEPT',
    'filter',
  ],
])('%s wrote %s', (name, text, table) => {
  expect(ownerOf(line(text, table))?.name).toBe(name);
});

test.each([
  ['firewalld', native('firewalld', 'filter_FWD_public', 'reject with icmpx admin-prohibited')],
  ['docker', native('docker-bridges', 'filter-forward-in__docker0', 'counter packets 0 bytes 0 drop', 'ip')],
  [
    'docker',
    native('docker-bridges', 'raw-PREROUTING', 'ip daddr 172.17.0.2 iifname != "docker0" drop', 'ip'),
  ],
  ['netavark', native('netavark', 'FORWARD', 'ct state invalid drop')],
  ['libvirt', native('libvirt_network', 'guest_output', 'reject', 'ip')],
  ['systemd-networkd', native('io.systemd.nat', 'postrouting', 'ip saddr @masq_saddr masquerade', 'ip')],
  ['fail2ban', native('f2b-table', 'f2b-chain', 'tcp dport 22 ip saddr @addr-set-sshd reject')],
  ['crowdsec', native('crowdsec', 'crowdsec-chain-forward', 'ip saddr @crowdsec-blacklists drop', 'ip')],
  [
    'wg-quick',
    native('wg-quick-wg0', 'preraw', 'iifname != "wg0" ip daddr 10.9.0.2 fib saddr type != local drop', 'ip'),
  ],
  ['kube-proxy', native('kube-proxy', 'services', 'reject', 'ip')],
  ['networkmanager', native('nm-shared-eth0', 'filter_forward', 'oifname "eth0" reject', 'ip')],
  ['lxd', native('lxd', 'fwd.web.eth0', 'iifname "veth1" ether saddr != 00:16:3e:00:00:01 drop', 'bridge')],
  [
    'incus',
    native('incus', 'fwd.web.eth0', 'iifname "veth1" ether saddr != 10:66:6a:00:00:01 drop', 'bridge'),
  ],
  ['openwrt', native('fw4', 'forward', 'jump handle_reject')],
])('%s wrote a native rule', (name, rule) => {
  expect(ownerOf(rule)?.name).toBe(name);
});

test.each([
  line('-A DOCKER-USER -i docker0 -j DROP'),
  line('-A CNI-ADMIN -s 10.88.0.2/32 -j DROP'),
  line('-A FORWARD -i docker0 -j DROP'),
  line('-A FORWARD -i br-0123456789ab -o br-ba9876543210 -j DROP'),
  line('-A FORWARD -i br0 ! -o br0 -j ACCEPT'),
  line('-A FORWARD -m comment --comment "block docker" -j DROP'),
  line('-A POSTROUTING -s 10.88.0.0/24 ! -o br0 -j MASQUERADE', 'nat'),
  line('-A DOCKERISH -j DROP'),
  line('-A INPUT -j IN_HOUSE'),
  line('-P FORWARD DROP'.replace('-P FORWARD', ':FORWARD').concat(' [0:0]')),
  native('filter', 'forward', 'ip saddr 10.88.0.2 drop'),
  native('guard', 'fw', 'drop comment "firewalld"'),
])('written by hand: $text', (rule) => {
  expect(ownerOf(rule)).toBeUndefined();
  expect(configuredAt(rule)).toBeNull();
});

test('the place to make the change is named as far as the rule tells', () => {
  expect(configuredAt(line('-A FORWARD -i br-0123456789ab -o br-0123456789ab -j DROP'))).toContain(
    'docker network inspect 0123456789ab',
  );
  expect(configuredAt(line('-A FORWARD -i docker0 -o docker0 -j DROP'))).toContain(
    'docker network inspect bridge',
  );
  expect(configuredAt(native('firewalld', 'filter_FWD_public_deny', 'drop'))).toContain('zone public');
  expect(configuredAt(native('firewalld', 'filter_IN_policy_allow-host-ipv6', 'accept'))).toContain(
    'policy allow-host-ipv6',
  );
  expect(configuredAt(native('firewalld', 'filter_FORWARD', 'jump filter_FWD_dmz'))).toContain('zone dmz');
  expect(configuredAt(line('-A ufw-before-forward -j DROP'))).toBe('/etc/ufw/before.rules');
  expect(configuredAt(line('-A f2b-sshd -j REJECT'))).toContain('jail sshd');
  expect(configuredAt(native('wg-quick-wg0', 'preraw', 'drop', 'ip'))).toContain('/etc/wireguard/wg0.conf');
});

test('every owner has a name of its own and knows its rules by something', () => {
  const names = owners.map((owner) => owner.name);
  expect(new Set(names).size).toBe(names.length);
  for (const owner of owners) {
    expect(owner.tables ?? owner.chains ?? owner.comments ?? owner.wrote, owner.name).toBeDefined();
  }
});
