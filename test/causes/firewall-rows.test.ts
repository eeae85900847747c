/** Causes named by the rule that a probe met: whose it is, and what it is for. */
import type { Decoy, Row } from './examine.ts';
import { dropped, firewallRule, healthy, hit, type Lab, lostAt, refusedToSend, type Way } from './scene.ts';
import { describeCauses } from './table.ts';

const lost = (way: Way, index: number): Lab => lostAt(healthy(way), index);

const INTERNAL = '-A DOCKER-ISO1 ! -d 10.88.0.0/24 -i br0 -j DROP';

/** B asks the published port of A, its neighbour on the bridge, and the answer comes straight back. */
function shortCut(): Lab {
  const lab = healthy('sibling');
  lab.flow.address = '192.0.2.1';
  lab.path.realDestination = '10.88.0.3';
  lab.sysctls.host['net.bridge.bridge-nf-call-iptables'] = '0';
  lostAt(lab, 1, 'reply');
  for (const one of lab.sightings) if (one.hop === 'other/eth0') one.destination = '10.88.0.3';
  return lab;
}

const rows: Row[] = [
  {
    id: 'firewall-rule-drop',
    when: 'a rule of DOCKER-USER',
    lab: () =>
      hit(lost('outside', 3), {
        chain: 'DOCKER-USER',
        hook: null,
        text: '-A DOCKER-USER -i br0 -j DROP',
        owner: null,
      }),
    sure: 'proved',
    says: /DOCKER-USER/,
    fix: ['iptables -t filter -D DOCKER-USER 1'],
    undo: ['iptables -t filter -I DOCKER-USER 1 -i br0 -j DROP'],
  },
  {
    id: 'firewall-rule-drop',
    when: 'the policy of a prerouting chain',
    lab: () =>
      hit(
        lost('outside', 3),
        {
          engine: 'nft',
          family: 'ip',
          table: 'first',
          chain: 'c',
          hook: 'prerouting',
          number: null,
          text: 'policy drop',
        },
        'policy drop',
      ),
    says: /policy of chain c/,
    fix: ['nft chain ip first c { policy accept ; }'],
    undo: ['nft chain ip first c { policy drop ; }'],
  },
  {
    id: 'firewall-rule-drop',
    when: 'a reject that is heard',
    lab: () => {
      const lab = hit(lost('outside', 3), { verdict: 'reject', text: '-A FORWARD -j REJECT' }, 'reject');
      lab.symptom.kind = 'error';
      return lab;
    },
    says: /rejects it/,
  },
  {
    id: 'forward-policy-drop',
    when: 'nothing accepts it',
    lab: () => hit(lost('outside', 3), { number: null, text: '-P FORWARD DROP' }, 'policy drop'),
    sure: 'proved',
    fix: [
      'iptables -t filter -I FORWARD -i br0 -j ACCEPT',
      'iptables -t filter -I FORWARD -o br0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    ],
    undo: [
      'iptables -t filter -D FORWARD -o br0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      'iptables -t filter -D FORWARD -i br0 -j ACCEPT',
    ],
  },
  {
    id: 'forward-policy-drop',
    when: 'of an nft table of its own',
    lab: () =>
      hit(
        lost('outside', 3),
        { engine: 'nft', family: 'inet', table: 'guard', chain: 'fwd', hook: 'forward', number: null },
        'policy drop',
      ),
    fix: ['nft chain inet guard fwd { policy accept ; }'],
  },
  {
    id: 'input-rule-drop',
    when: 'a rule of INPUT',
    lab: () => hit(lost('to-host', 3), { chain: 'INPUT', hook: 'input', text: '-A INPUT -i br0 -j DROP' }),
    sure: 'proved',
    fix: ['iptables -t filter -I INPUT -i br0 -p icmp -j ACCEPT'],
    undo: ['iptables -t filter -D INPUT -i br0 -p icmp -j ACCEPT'],
  },
  {
    id: 'input-rule-drop',
    when: 'a chain that INPUT jumped to',
    lab: () => {
      const lab = lost('to-host', 3);
      hit(lab, { chain: 'INPUT', hook: 'input', verdict: 'jump ufw-deny' }, 'jump ufw-deny');
      return hit(lab, { chain: 'ufw-deny', hook: null, owner: 'ufw' });
    },
    says: /ufw-deny/,
  },
  {
    id: 'output-rule-drop',
    when: 'a rule of OUTPUT',
    lab: () =>
      hit(lost('from-host', 0), { chain: 'OUTPUT', hook: 'output', text: '-A OUTPUT -o br0 -j DROP' }),
    fix: ['iptables -t filter -I OUTPUT -o br0 -p icmp -j ACCEPT'],
  },
  {
    id: 'output-rule-drop',
    when: "the host's answer, which no hop saw",
    lab: () => {
      const lab = hit(lost('to-host', 3), {
        chain: 'OUTPUT',
        hook: 'output',
        text: '-A OUTPUT -o br0 -j DROP',
      });
      lab.ruleHits[0]!.direction = 'reply';
      return lab;
    },
    says: /answers/,
    fix: ['iptables -t filter -D OUTPUT 1'],
  },
  {
    id: 'output-rule-drop',
    when: 'nothing traced it, and nothing left the host',
    lab: () => dropped(refusedToSend(healthy('from-host'), 'EPERM'), 'NETFILTER_DROP', 'nft_do_chain'),
  },
  {
    id: 'firewalld-rejects',
    when: 'its own base chain',
    lab: () =>
      hit(
        lost('outside', 3),
        {
          engine: 'nft',
          family: 'inet',
          table: 'firewalld',
          chain: 'filter_FORWARD',
          number: 2,
          handle: 8,
          text: 'reject with icmpx admin-prohibited',
          verdict: 'reject',
        },
        'reject',
      ),
    says: /firewalld rejects/,
    fix: ['nft delete rule inet firewalld filter_FORWARD handle 8'],
  },
  {
    id: 'legacy-rules-drop',
    when: 'a rule whose counter grew',
    lab: () =>
      dropped(hit(lost('outside', 3), { engine: 'iptables-legacy' }), 'NETFILTER_DROP', 'nf_hook_slow'),
    sure: 'proved',
    fix: ['iptables-legacy -t filter -D FORWARD 1'],
  },
  {
    id: 'legacy-rules-drop',
    when: 'a policy, told by the function that dropped',
    lab: () => {
      const lab = dropped(lost('outside', 3), 'NETFILTER_DROP', 'nf_hook_slow');
      lab.firewall.host = [
        firewallRule({ engine: 'iptables-legacy', number: null, text: '-P FORWARD DROP' }) as never,
      ];
      return lab;
    },
    fix: ['iptables-legacy -t filter -P FORWARD ACCEPT'],
    undo: ['iptables-legacy -t filter -P FORWARD DROP'],
  },
  {
    id: 'network-isolation',
    when: 'stage 2 of the isolation',
    lab: () => {
      const lab = lost('network', 3);
      hit(
        lab,
        { chain: 'FORWARD', verdict: 'jump DOCKER-USER', text: '-A FORWARD -j DOCKER-USER' },
        'jump DOCKER-USER',
      );
      return hit(lab, {
        chain: 'DOCKER-ISOLATION-STAGE-2',
        hook: null,
        text: '-A DOCKER-ISOLATION-STAGE-2 -o br1 -j DROP',
        owner: 'docker',
      });
    },
    fix: [
      'iptables -t filter -I DOCKER-USER -i br0 -o br1 -j ACCEPT',
      'iptables -t filter -I DOCKER-USER -i br1 -o br0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    ],
  },
  {
    id: 'icc-disabled',
    when: 'the rule of the option, and no word of a runtime',
    lab: () => hit(lost('sibling', 2), { text: '-A FORWARD -i br0 -o br0 -j DROP' }),
    fix: ['iptables -t filter -I FORWARD -i br0 -o br0 -j ACCEPT'],
    undo: ['iptables -t filter -D FORWARD -i br0 -o br0 -j ACCEPT'],
  },
  {
    id: 'icc-disabled',
    when: 'the frame is to leave by the bridge that it came from, and nobody could look for the far end',
    lab: () => {
      const lab = hit(lost('outside', 2), { text: '-A FORWARD -i br0 -o br0 -j DROP' });
      Object.assign(lab.ruleHits[0]!, { packet: { ingress: 2, egress: 2 } });
      return lab;
    },
    fix: ['iptables -t filter -I FORWARD -i br0 -o br0 -j ACCEPT'],
    undo: ['iptables -t filter -D FORWARD -i br0 -o br0 -j ACCEPT'],
  },
  {
    id: 'bridge-netfilter-drop',
    when: 'a policy of FORWARD, inside one bridge',
    lab: () => hit(lost('sibling', 2), { number: null, text: '-P FORWARD DROP' }, 'policy drop'),
    says: /br_netfilter/,
    fix: ['iptables -t filter -I FORWARD -i br0 -o br0 -j ACCEPT'],
  },
  {
    id: 'bridge-netfilter-drop',
    when: 'the answer takes the short cut past the translation',
    lab: shortCut,
    fix: ['sysctl -w net.bridge.bridge-nf-call-iptables=1'],
    undo: ['sysctl -w net.bridge.bridge-nf-call-iptables=0'],
  },
  {
    id: 'network-internal',
    when: 'no default route, and a rule that keeps the bridge inside',
    lab: () => {
      const lab = refusedToSend(healthy(), 'ENETUNREACH', 'Network is unreachable');
      lab.firewall.host = [firewallRule({ chain: 'DOCKER-ISO1', text: INTERNAL }) as never];
      return lab;
    },
    sure: 'proved',
    says: /internal/,
    fix: [],
  },
  {
    id: 'network-internal',
    when: 'the rule itself ended it',
    lab: () => {
      const lab = hit(lost('outside', 3), { chain: 'DOCKER-ISO1', hook: null, text: INTERNAL });
      lab.firewall.host = [firewallRule({ chain: 'DOCKER-ISO1', text: INTERNAL }) as never];
      return lab;
    },
  },
  {
    id: 'direct-routing-blocked',
    when: "Docker's rule of the raw table",
    lab: () =>
      hit(lost('from-outside', 1), {
        table: 'raw',
        chain: 'PREROUTING',
        hook: 'prerouting',
        text: '-A PREROUTING -d 10.88.0.2/32 ! -i br0 -j DROP',
        owner: 'docker',
      }),
    fix: ['iptables -t raw -I PREROUTING -d 10.88.0.2 -i up0 -j ACCEPT'],
    undo: ['iptables -t raw -D PREROUTING -d 10.88.0.2 -i up0 -j ACCEPT'],
  },
];

rows.push({
  id: 'firewall-rule-drop',
  when: 'at the ingress of a device, which no trace shows',
  lab: () => {
    const lab = dropped(lost('outside', 2), 'NETFILTER_DROP', 'nft_do_chain');
    lab.flow.proto = 'tcp';
    lab.flow.port = 80;
    const netdev = { engine: 'nft', family: 'netdev', table: 'early', chain: 'c', hook: 'ingress' } as const;
    lab.firewall.host = [
      firewallRule({ ...netdev, number: 1, handle: 2, text: 'tcp dport 81 drop' }) as never,
      firewallRule({ ...netdev, number: 2, handle: 3, text: 'tcp dport 80 drop' }) as never,
    ];
    return lab;
  },
  sure: 'supported',
  fix: ['nft delete rule netdev early c handle 3'],
});

const decoys: Decoy[] = [
  {
    id: 'firewall-rule-drop',
    when: 'a rule that lets it pass',
    lab: () => hit(lost('outside', 3), { verdict: 'accept' }, 'accept'),
  },
  {
    id: 'firewall-rule-drop',
    when: 'a rule that ended the other direction',
    lab: () => {
      const lab = hit(lost('outside', 3), {});
      lab.ruleHits[0]!.direction = 'reply';
      return lab;
    },
  },
  {
    id: 'forward-policy-drop',
    when: 'the policy of INPUT',
    lab: () => hit(lost('to-host', 3), { chain: 'INPUT', hook: 'input', number: null }, 'policy drop'),
  },
  { id: 'forward-policy-drop', when: 'a rule', lab: () => hit(lost('outside', 3), {}) },
  { id: 'input-rule-drop', when: 'a rule of FORWARD', lab: () => hit(lost('outside', 3), {}) },
  {
    id: 'output-rule-drop',
    when: 'a firewall drop of the container',
    lab: () => dropped(lost('outside', 0), 'NETFILTER_DROP', 'nft_do_chain'),
  },
  {
    id: 'firewalld-rejects',
    when: 'somebody else rejects',
    lab: () => hit(lost('outside', 3), { verdict: 'reject' }, 'reject'),
  },
  { id: 'legacy-rules-drop', when: 'a rule of today ended it', lab: () => hit(lost('outside', 3), {}) },
  {
    id: 'legacy-rules-drop',
    when: 'a legacy rule for another port',
    lab: () => {
      const lab = dropped(lost('outside', 3), 'NETFILTER_DROP', 'nf_hook_slow');
      lab.firewall.host = [
        firewallRule({
          engine: 'iptables-legacy',
          text: '-A FORWARD -p tcp -m tcp --dport 81 -j DROP',
        }) as never,
      ];
      return lab;
    },
  },
  {
    id: 'network-isolation',
    when: "the administrator's own chain",
    lab: () => hit(lost('network', 3), { chain: 'DOCKER-USER' }),
  },
  {
    id: 'network-isolation',
    when: 'a flow to the outside',
    lab: () => hit(lost('outside', 3), { chain: 'DOCKER-ISOLATION-STAGE-2' }),
  },
  {
    id: 'icc-disabled',
    when: 'the runtime says that they may',
    lab: () => {
      const lab = hit(lost('sibling', 2), { text: '-A FORWARD -i br0 -o br0 -j DROP' });
      lab.target.networks = [
        {
          name: 'web',
          driver: 'bridge',
          bridge: 'br0',
          subnets: ['10.88.0.0/24'],
          gateways: ['10.88.0.1'],
          addresses: ['10.88.0.2'],
          mac: null,
          internal: false,
          icc: true,
          masquerade: true,
          options: {},
        },
      ];
      return lab;
    },
  },
  {
    id: 'icc-disabled',
    when: 'a rule that asks more than the bridge',
    lab: () => hit(lost('sibling', 2), { text: '-A FORWARD -i br0 -o br0 -p tcp --dport 80 -j DROP' }),
  },
  {
    id: 'bridge-netfilter-drop',
    when: 'bridged frames are not filtered, under a routed flow',
    lab: () => {
      const lab = lost('outside', 3);
      lab.sysctls.host['net.bridge.bridge-nf-call-iptables'] = '0';
      return lab;
    },
  },
  {
    id: 'bridge-netfilter-drop',
    when: 'a rule of the bridge family',
    lab: () => hit(lost('sibling', 2), { family: 'bridge', engine: 'ebtables' }),
  },
  {
    id: 'network-internal',
    when: 'another network is internal',
    lab: () => {
      const lab = refusedToSend(healthy(), 'ENETUNREACH', 'Network is unreachable');
      lab.firewall.host = [
        firewallRule({ text: '-A DOCKER-ISO1 ! -d 10.89.0.0/24 -i br1 -j DROP' }) as never,
      ];
      return lab;
    },
  },
  {
    id: 'network-internal',
    when: 'a rule of this bridge that something else ended',
    lab: () => {
      const lab = hit(lost('outside', 3), { chain: 'DOCKER-USER', text: '-A DOCKER-USER -j DROP' });
      lab.firewall.host = [firewallRule({ chain: 'DOCKER-ISO1', text: INTERNAL }) as never];
      return lab;
    },
  },
  {
    id: 'direct-routing-blocked',
    when: 'a rule of raw for everything that comes in by a link',
    lab: () =>
      hit(lost('from-outside', 1), {
        table: 'raw',
        chain: 'PREROUTING',
        hook: 'prerouting',
        text: '-A PREROUTING -i up0 -j DROP',
      }),
  },
  {
    id: 'direct-routing-blocked',
    when: "a rule for an address of this host's own, as wg-quick has one for its tunnel's",
    lab: () =>
      hit(lost('from-outside', 1), {
        engine: 'nft',
        table: 'wg-quick-wg0',
        chain: 'preraw',
        hook: 'prerouting',
        text: 'iifname != "wg0" ip daddr 192.0.2.1 fib saddr type != local drop',
      }),
  },
];

// What a rule ended is told by the rule; the kernel's own account of a drop is not asked.
describeCauses(rows, decoys, [...new Set(rows.map((row) => row.id))]);
