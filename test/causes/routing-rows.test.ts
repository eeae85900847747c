/** Causes in the host's routing: forwarding, routes, rules, reverse paths, the uplink. */

import { describe, expect, it } from 'vitest';
import { placeAt } from '../../src/model/place.ts';
import { type Decoy, examine, type Row } from './examine.ts';
import { address, link, neighbour, route, rule } from './lab-state.ts';
import {
  dropped,
  firewallRule,
  healthy,
  hit,
  type Lab,
  linkOf,
  lostAt,
  refusedToSend,
  silent,
  type Way,
} from './scene.ts';
import { describeCauses } from './table.ts';

const lost = (way: Way, index: number, change: (lab: Lab) => void = () => {}): Lab => {
  const lab = healthy(way);
  change(lab);
  return lostAt(lab, index);
};

/** A, asked from outside, answers by the gateway of a second network; `beside`: what of it came in there. */
function bySecondNetwork(strict: string, beside?: object): Lab {
  const lab = lost('from-outside', 4);
  const { container, host } = lab.stacks;
  container.links.push(link(3, 'eth1', 'veth', { link: 44, addresses: [address('10.89.0.9/24')] }) as never);
  container.routes = container.routes.filter((one) => one.destination !== '0.0.0.0/0');
  container.routes.push(route('0.0.0.0/0', { gateway: '10.89.0.1', dev: 'eth1' }) as never);
  host.links.push(link(44, 'w1', 'veth', { master: 'br1', link: 3 }) as never);
  host.neighbours.push(neighbour('10.88.0.2', 'br0', '02:42:0a:58:00:a2') as never);
  Object.assign(lab.sysctls.host, {
    'net.ipv4.conf.all.rp_filter': '0',
    'net.ipv4.conf.br1.rp_filter': strict,
  });
  const seen = {
    hop: 'host/br1',
    where: 'host',
    device: 'br1',
    heading: 'in',
    source: '10.88.0.2',
    ...beside,
  };
  lab.place = { ...placeAt(lab.path as never, 4, 'reply'), ...(beside ? { beside: seen } : {}) } as never;
  return lab;
}

const withoutDefault = (lab: Lab): void => {
  lab.stacks.host.routes = lab.stacks.host.routes.filter((one) => !one.destination.endsWith('/0'));
};

const tunnel = (lab: Lab, name = 'tun0'): void => {
  lab.stacks.host.links.push(link(30, name, 'veth', { noarp: true }) as never);
};

const addRoute = (lab: Lab, destination: string, about: Parameters<typeof route>[1]): void => {
  lab.stacks.host.routes.push(route(destination, { protocol: 'boot', ...about }) as never);
};

const addRule = (lab: Lab, priority: number, text: string, action: string | null = 'lookup'): void => {
  lab.stacks.host.rules.push(rule(priority, text, { action }) as never);
};

/** A policy table that takes what goes to the container. */
const policyTable = (lab: Lab): void => {
  tunnel(lab);
  addRoute(lab, '0.0.0.0/0', { dev: 'tun0', table: '52' });
  addRule(lab, 5270, 'from all lookup 52');
  lab.replyRoute = { decision: { ...lab.replyRoute.decision, dev: 'tun0' }, expected: 'br0' };
};

/** A asks 10.88.0.1 of the host, and a rule that comes before that for table local has a route for it. */
function ownLedOn(lab: Lab, isKept: boolean): void {
  tunnel(lab);
  lab.flow.address = '10.88.0.1';
  lab.path.realDestination = '10.88.0.1';
  lab.stacks.host.rules = lab.stacks.host.rules.filter(({ priority }) => priority !== 0);
  addRule(lab, 32700, 'from all lookup 51820');
  addRule(lab, 32760, 'from all lookup local');
  addRoute(lab, '10.88.0.1/32', { dev: 'tun0', table: '51820' });
  if (isKept) addRoute(lab, '10.88.0.1/32', { type: 'local', dev: 'br0', table: 'local' });
}

/** The kernel adds its rule with the first VRF there is. */
const inVrf = (lab: Lab, ...hops: string[]): void => {
  lab.stacks.host.links.push(link(50, 'red', 'vrf', { data: { table: 100 } }) as never);
  addRule(lab, 1000, 'from all l3mdev', 'l3mdev');
  for (const hop of hops) Object.assign(linkOf(lab, hop), { master: 'red', portOf: 'vrf' });
};

/** Uplink and bridge belong to a VRF, and all routes to its table. */
function ownTable(lab: Lab, withDefault: boolean): void {
  inVrf(lab, 'host/br0', 'host/up0');
  lab.stacks.host.routes = lab.stacks.host.routes
    .filter((one) => withDefault || !one.destination.endsWith('/0'))
    .map((one) => ({ ...one, table: '100' }));
}

/** Whoever carries a mark is led to a table that takes nothing. */
function refusingMark(lab: Lab): void {
  addRoute(lab, '0.0.0.0/0', { type: 'blackhole', table: '77' });
  addRule(lab, 99, 'from all fwmark 0x7 lookup 77');
}

/** From a client outside whose own network the host would answer through a tunnel. */
function strangeSource(): Lab {
  const lab = healthy('from-outside');
  tunnel(lab);
  addRoute(lab, '203.0.113.0/24', { dev: 'tun0' });
  for (const one of lab.sightings) if (one.kind === 'request') one.source = '203.0.113.5';
  lab.path.sourceAddress = '203.0.113.5';
  lab.sysctls.host['net.ipv4.conf.all.rp_filter'] = '1';
  return lostAt(lab, 1);
}

function overlapping(lab: Lab): void {
  lab.stacks.host.links.push(
    link(40, 'brx', 'bridge', { addresses: [address('198.51.100.254/24')] }) as never,
  );
  addRoute(lab, '198.51.100.0/24', { dev: 'brx', protocol: 'kernel', scope: 'link' });
}

/** The whole path to an address that the host itself holds. */
function localDestination(): Lab {
  const lab = healthy('to-host');
  lab.flow.address = '198.51.100.1';
  lab.flow.to = '198.51.100.1';
  lab.path.realDestination = '198.51.100.1';
  linkOf(lab, 'host/lo').addresses.push(address('198.51.100.1/32') as never);
  lostAt(lab, 3);
  lab.symptom = {
    kind: 'refused',
    errno: 'ECONNREFUSED',
    from: '198.51.100.1',
    says: 'RST',
    bornAt: 'host/br0',
  };
  return lab;
}

function expired(): Lab {
  const lab = lost('outside', 3);
  lab.symptom = {
    kind: 'error',
    errno: null,
    from: '10.88.0.1',
    says: 'time to live exceeded',
    bornAt: 'host/br0',
  };
  return lab;
}

const routed = (lab: Lab): Lab => {
  for (const one of lab.sightings)
    if (one.hop === 'host/up0' && one.kind === 'request') one.source = '10.88.0.2';
  lab.firewall.host = [firewallRule({ chain: 'DOCKER', text: '-A DOCKER ! -i br0 -o br0 -j DROP' }) as never];
  return lab;
};

/** Asked by up1, and the answer is led to up0. */
function byOtherUplink(): Lab {
  const lab = healthy('from-outside');
  lab.stacks.host.links.push(link(21, 'up1', 'veth', { addresses: [address('192.0.3.1/24')] }) as never);
  lab.stacks.host.neighbours.push(neighbour('192.0.3.2', 'up1', '02:00:00:00:03:02') as never);
  lab.path.hops[0] = { ...lab.path.hops[0]!, id: 'host/up1', name: 'up1' };
  for (const one of lab.sightings) {
    if (one.hop === 'host/up0') one.hop = 'host/up1';
    if (one.kind === 'request') one.source = '203.0.113.5';
    if (one.hop === 'host/up1') one.sourceMac = '02:00:00:00:03:02';
  }
  lab.path.sourceAddress = '203.0.113.5';
  lab.replyRoute = { decision: { ...lab.replyRoute.decision, dev: 'up0' }, expected: 'up1' };
  return lostAt(lab, 1, 'reply');
}

const rows: Row[] = [
  {
    id: 'ip-forward-off',
    when: 'IPv4',
    lab: () =>
      dropped(
        lost('outside', 3, (lab) => {
          lab.sysctls.host['net.ipv4.ip_forward'] = '0';
        }),
        'IP_INADDRERRORS',
        'ip_error',
      ),
    sure: 'proved',
    fix: ['sysctl -w net.ipv4.ip_forward=1'],
    undo: ['sysctl -w net.ipv4.ip_forward=0'],
  },
  {
    id: 'interface-forwarding-off',
    when: 'on the bridge',
    lab: () =>
      dropped(
        lost('outside', 3, (lab) => {
          lab.sysctls.host['net.ipv4.conf.br0.forwarding'] = '0';
        }),
        'IP_INADDRERRORS',
        'ip_error',
      ),
    sure: 'proved',
    fix: ['sysctl -w net.ipv4.conf.br0.forwarding=1'],
    undo: ['sysctl -w net.ipv4.conf.br0.forwarding=0'],
  },
  {
    id: 'interface-forwarding-off',
    when: 'on the uplink, for the replies',
    lab: () => {
      const lab = lostAt(healthy(), 3, 'reply');
      lab.sysctls.host['net.ipv4.conf.up0.forwarding'] = '0';
      return lab;
    },
    sure: 'supported',
    says: /up0/,
  },
  {
    id: 'rp-filter-drop',
    when: 'strict for all, and the answer would go elsewhere',
    lab: () => dropped(strangeSource(), 'IP_RPFILTER', 'ip_rcv_finish_core', 'up0'),
    sure: 'proved',
    says: /203\.0\.113\.5.*tun0/,
    fix: ['ip route add 203.0.113.5/32 via 192.0.2.2 dev up0'],
  },
  {
    id: 'rp-filter-drop',
    when: 'a rule with an rpfilter match',
    lab: () =>
      hit(lost('from-outside', 1), {
        table: 'mangle',
        chain: 'PREROUTING',
        hook: 'prerouting',
        text: '-A PREROUTING -m rpfilter --invert -j DROP',
      }),
    sure: 'proved',
    fix: ['iptables -t mangle -D PREROUTING 1'],
    undo: ['iptables -t mangle -I PREROUTING 1 -m rpfilter --invert -j DROP'],
  },
  {
    id: 'rp-filter-drop',
    when: 'an nft rule with fib',
    lab: () =>
      hit(lost('from-outside', 1), {
        engine: 'nft',
        hook: 'prerouting',
        text: 'fib saddr . iif oif missing drop',
      }),
  },
  {
    id: 'host-no-route',
    when: 'no default route, and one neighbour known outside',
    lab: () => dropped(lost('outside', 3, withoutDefault), 'IP_INNOROUTES', 'ip_error'),
    sure: 'proved',
    fix: ['ip route add default via 192.0.2.2 dev up0'],
    undo: ['ip route del default via 192.0.2.2 dev up0'],
  },
  {
    id: 'host-no-route',
    when: 'the VRF that it came in by has no default route, and main has one',
    lab: () => lost('outside', 3, (lab) => ownTable(lab, false)),
    says: /in the VRF red.*of its table 100 covers/,
    fix: ['ip route add default via 192.0.2.2 dev up0 table 100'],
    undo: ['ip route del default via 192.0.2.2 dev up0 table 100'],
  },
  {
    id: 'host-no-route',
    when: 'router advertisements are ignored where the host forwards',
    lab: () => {
      const lab = healthy('outside', 6);
      lab.stacks.host.routes = lab.stacks.host.routes.filter((one) => one.destination !== '::/0');
      lab.stacks.host.neighbours = [];
      Object.assign(lab.sysctls.host, {
        'net.ipv6.conf.up0.forwarding': '1',
        'net.ipv6.conf.up0.accept_ra': '1',
      });
      return lostAt(lab, 3);
    },
    says: /accept_ra is 1 where forwarding is on/,
    fix: ['sysctl -w net.ipv6.conf.up0.accept_ra=2'],
    undo: ['sysctl -w net.ipv6.conf.up0.accept_ra=1'],
  },
  {
    id: 'host-no-route',
    when: 'the default route is for other sources',
    lab: () => {
      const lab = healthy('outside', 6);
      for (const one of lab.stacks.host.routes)
        if (one.destination === '::/0') Object.assign(one, { from: '2001:db8::/64', protocol: 'ra' });
      return dropped(lostAt(lab, 3), 'IP_INNOROUTES', 'ip6_pkt_discard');
    },
    sure: 'proved',
    says: /for packets from fd00:88::2: its default route is for sources in 2001:db8::\/64 only.*from 2001:db8::\/64 via/,
    fix: ['ip -6 route add default from fd00:88::/64 via 2001:db8::2 dev up0 metric 1024'],
    undo: ['ip -6 route del default from fd00:88::/64 via 2001:db8::2 dev up0 metric 1024'],
  },
  {
    id: 'host-no-route',
    when: 'no rule looks up table main',
    lab: () =>
      lost('outside', 3, (lab) => {
        lab.stacks.host.rules = lab.stacks.host.rules.filter((one) => one.table === 'local');
      }),
    says: /table main/,
    fix: ['ip rule add pref 32766 lookup main', 'ip rule add pref 32767 lookup default'],
    undo: ['ip rule del pref 32766 lookup main', 'ip rule del pref 32767 lookup default'],
  },
  {
    id: 'host-no-route',
    when: 'the host itself sends',
    lab: () => {
      const lab = healthy('from-host');
      lab.flow.address = '198.51.100.1';
      lab.path.realDestination = '198.51.100.1';
      withoutDefault(lab);
      return refusedToSend(lab, 'ENETUNREACH', 'Network is unreachable');
    },
    sure: 'proved',
  },
  {
    id: 'host-route-rejects',
    when: 'a blackhole',
    lab: () =>
      dropped(
        lost('outside', 3, (lab) => addRoute(lab, '198.51.100.0/24', { type: 'blackhole' })),
        'NOT_SPECIFIED',
        'ip_error',
      ),
    sure: 'proved',
    fix: ['ip route add 198.51.100.1/32 via 192.0.2.2 dev up0'],
    undo: ['ip route del 198.51.100.1/32 via 192.0.2.2 dev up0'],
  },
  {
    id: 'host-route-rejects',
    when: 'a rule that prohibits the source',
    lab: () => lost('outside', 3, (lab) => addRule(lab, 50, 'from 10.88.0.2 prohibit', 'prohibit')),
    fix: ['ip rule add pref 49 to 198.51.100.1/32 lookup main'],
    undo: ['ip rule del pref 49 to 198.51.100.1/32 lookup main'],
  },
  {
    id: 'host-route-rejects',
    when: 'the replies to the container',
    lab: () => {
      const lab = lostAt(healthy(), 3, 'reply');
      addRoute(lab, '10.88.0.2/32', { type: 'unreachable' });
      return lab;
    },
  },
  {
    id: 'host-route-rejects',
    when: 'a rule for its port',
    lab: () =>
      lost('outside', 3, (lab) => {
        lab.flow.proto = 'tcp';
        lab.flow.port = 443;
        addRule(lab, 50, 'from all ipproto tcp dport 400-500 blackhole', 'blackhole');
      }),
    fix: ['ip rule add pref 49 to 198.51.100.1/32 lookup main'],
  },
  {
    id: 'host-route-rejects',
    when: 'a mark selects a table that refuses, and the kernel refused',
    lab: () => dropped(lost('outside', 3, refusingMark), 'NOT_SPECIFIED', 'ip_error'),
    sure: 'supported',
    says: /a mark leads it by rule 99/,
    fix: ['ip rule del pref 99 from all fwmark 0x7 lookup 77'],
  },
  {
    id: 'host-route-diverted',
    when: 'a more specific route into a tunnel',
    lab: () => {
      const lab = healthy();
      tunnel(lab);
      addRoute(lab, '198.51.100.0/24', { dev: 'tun0', scope: 'link' });
      lab.path.hops[3] = { ...lab.path.hops[3]!, id: 'host/tun0', name: 'tun0' };
      for (const one of lab.sightings) if (one.hop === 'host/up0') one.hop = 'host/tun0';
      return silent(lab);
    },
    sure: 'proved',
    fix: ['ip route add 198.51.100.1/32 via 192.0.2.2 dev up0'],
    undo: ['ip route del 198.51.100.1/32 via 192.0.2.2 dev up0'],
  },
  {
    id: 'host-route-diverted',
    when: 'a rule before that for table local leads an address of the host itself on',
    lab: () => lost('outside', 3, (lab) => ownLedOn(lab, true)),
    says: /to tun0 instead of taking it in: 10\.88\.0\.1 is its own address, on br0/,
    fix: ['ip rule add pref 32699 to 10.88.0.1/32 lookup local'],
    undo: ['ip rule del pref 32699 to 10.88.0.1/32 lookup local'],
  },
  {
    id: 'host-route-diverted',
    when: 'table local lacks an address of the host itself',
    lab: () => lost('outside', 3, (lab) => ownLedOn(lab, false)),
    says: /to tun0 instead of taking it in/,
    fix: [],
  },
  {
    id: 'host-route-diverted',
    when: 'a rule marks it for another table',
    lab: () => {
      const lab = lost('outside', 3, (it) => {
        tunnel(it);
        addRoute(it, '0.0.0.0/0', { dev: 'tun0', table: '77' });
        addRule(it, 32765, 'from all fwmark 0x7 lookup 77');
      });
      hit(
        lab,
        {
          table: 'mangle',
          chain: 'PREROUTING',
          text: '-A PREROUTING -i br0 -j MARK --set-xmark 0x7/0xffffffff',
        },
        'continue',
      );
      return lab;
    },
    says: /MARK.*tun0/,
    fix: ['ip rule del pref 32765 from all fwmark 0x7 lookup 77'],
  },
  {
    id: 'host-route-diverted',
    when: 'a policy table for the whole host',
    lab: () =>
      silent(
        (() => {
          const lab = healthy();
          tunnel(lab);
          addRoute(lab, '0.0.0.0/0', { dev: 'tun0', table: '52' });
          addRule(lab, 5270, 'from all lookup 52');
          return lab;
        })(),
      ),
    fix: ['ip rule add pref 5269 to 198.51.100.1/32 lookup main'],
    undo: ['ip rule del pref 5269 to 198.51.100.1/32 lookup main'],
  },
  {
    id: 'host-route-diverted',
    when: 'the bridge belongs to a VRF that leads elsewhere',
    lab: () =>
      lost('outside', 3, (lab) => {
        tunnel(lab);
        inVrf(lab, 'host/br0');
        addRoute(lab, '0.0.0.0/0', { dev: 'tun0', table: '100' });
      }),
    says: /to tun0 instead of up0/,
    fix: ['ip link set dev br0 nomaster'],
    undo: ['ip link set dev br0 master red'],
  },
  {
    id: 'reply-route-diverted',
    when: 'a policy table takes the replies',
    lab: () => {
      const lab = healthy();
      policyTable(lab);
      return lostAt(lab, 3, 'reply');
    },
    sure: 'proved',
    says: /tun0 instead of br0/,
    fix: ['ip rule add pref 5269 to 10.88.0.0/24 lookup main'],
    undo: ['ip rule del pref 5269 to 10.88.0.0/24 lookup main'],
  },
  {
    id: 'reply-route-diverted',
    when: 'a policy table takes the replies to where a rule ends them, and they belong to a bridge',
    lab: () => {
      const lab = healthy();
      policyTable(lab);
      return hit(lostAt(lab, 3, 'reply'), { hook: 'forward', text: '-A FORWARD -o tun0 -j DROP' });
    },
    says: /tun0 instead of br0/,
  },
  {
    id: 'reply-route-diverted',
    when: "the host's own answer meets a table without the bridges",
    lab: () => {
      const lab = lostAt(healthy('to-host'), 3, 'request');
      addRoute(lab, '0.0.0.0/0', { gateway: '192.0.2.2', dev: 'up0', table: '101' });
      addRule(lab, 3, 'from 10.88.0.1 lookup 101');
      return lab;
    },
    sure: 'supported',
    says: /the host sends the reply to up0 instead of br0.*rule 3 \(from 10\.88\.0\.1 lookup 101\).*table 101/,
    fix: ['ip rule add pref 2 to 10.88.0.0/24 lookup main'],
  },
  {
    id: 'reply-route-diverted',
    when: 'a rule that cannot be judged leads the answer to where it was seen leaving',
    lab: () => {
      const lab = lostAt(healthy('to-host'), 3, 'request');
      tunnel(lab);
      addRoute(lab, '0.0.0.0/0', { dev: 'tun0', table: '301' });
      addRule(lab, 51, 'from all uidrange 0-0 lookup 301');
      const beside = { where: 'host', device: 'tun0', heading: 'out', kind: 'reply' };
      lab.place = { ...placeAt(lab.path as never, 3, 'reply'), beside } as never;
      return lab;
    },
    sure: 'proved',
    says: /tun0 instead of br0.*rule 51/,
  },
  {
    id: 'rp-filter-drop',
    when: 'the answer comes in by another uplink, which is strict',
    lab: () => {
      const lab = silent(healthy());
      const beside = { hop: 'host/up1', where: 'host', device: 'up1', heading: 'in', source: '198.51.100.1' };
      lab.place = { ...placeAt(lab.path as never, 4, 'reply'), beside } as never;
      Object.assign(lab.sysctls.host, { 'net.ipv4.conf.up1.rp_filter': '1' });
      return lab;
    },
    says: /on up1 of the host refuses 198\.51\.100\.1/,
    fix: ['sysctl -w net.ipv4.conf.up1.rp_filter=2'],
  },
  {
    id: 'rp-filter-drop',
    when: 'the answer comes in by the bridge of a second network, which is strict',
    lab: () => bySecondNetwork('1', { kind: 'reply', says: null }),
    says: /on br1 of the host refuses 10\.88\.0\.2.*the route 10\.88\.0\.0\/24 dev br0: with rp_filter 1 the kernel drops them\./,
    fix: ['sysctl -w net.ipv4.conf.br1.rp_filter=2'],
  },
  {
    id: 'rp-filter-drop',
    when: 'the answer waits for the gateway of a second network, whose bridge is strict',
    lab: () => bySecondNetwork('1', { kind: 'neighbour', says: 'who has 10.89.0.1? tell 10.88.0.2' }),
    says: /answers no question that comes from there for a MAC address/,
    fix: ['sysctl -w net.ipv4.conf.br1.rp_filter=2'],
  },
  {
    id: 'rp-filter-drop',
    when: 'nobody saw the answer, which is to leave by a second network, whose bridge is strict',
    lab: () => bySecondNetwork('1'),
    says: /on br1 of the host refuses 10\.88\.0\.2/,
  },
  {
    id: 'reply-route-diverted',
    when: 'a container’s answer was seen leaving by another interface before it came into the host',
    lab: () => {
      const lab = bySecondNetwork('0', { kind: 'reply', says: null });
      const out = {
        hop: 'container/eth1',
        where: 'container',
        device: 'eth1',
        heading: 'out',
        kind: 'reply',
      };
      lab.passages = [{ ...out, onPath: false, probe: 0 }] as never;
      return lab;
    },
    sure: 'proved',
    says: /the container sends the reply to eth1 instead of eth0/,
  },
  {
    id: 'reply-route-diverted',
    when: "the subnet's route is lost",
    lab: () => {
      const lab = healthy();
      lab.stacks.host.routes = lab.stacks.host.routes.filter((one) => one.destination !== '10.88.0.0/24');
      return lostAt(lab, 3, 'reply');
    },
    fix: ['ip route add 10.88.0.0/24 dev br0 src 10.88.0.1'],
  },
  {
    id: 'reply-route-diverted',
    when: 'two uplinks, and the answer leaves by the other',
    lab: byOtherUplink,
    says: /up0 instead of up1/,
    fix: ['ip route add 203.0.113.5/32 via 192.0.3.2 dev up1'],
  },
  {
    id: 'no-return-route',
    when: 'a routed network',
    lab: () => routed(silent(healthy())),
    sure: 'supported',
    says: /10\.88\.0\.0\/24/,
    fix: ['iptables -t nat -A POSTROUTING -s 10.88.0.0/24 -o up0 -j MASQUERADE'],
    undo: ['iptables -t nat -D POSTROUTING -s 10.88.0.0/24 -o up0 -j MASQUERADE'],
  },
  {
    id: 'ttl-expired',
    when: 'this host says so, after a rule set it',
    lab: () =>
      hit(
        expired(),
        {
          engine: 'nft',
          family: 'ip',
          table: 'hops',
          chain: 'c',
          hook: 'prerouting',
          handle: 4,
          text: 'iifname "br0" ip ttl set 1',
        },
        'continue',
      ),
    sure: 'proved',
    fix: ['nft delete rule ip hops c handle 4'],
  },
  {
    id: 'ttl-expired',
    when: 'the container starts with 1',
    lab: () => {
      const lab = expired();
      for (const one of lab.sightings) one.ttl = 1;
      return lab;
    },
    fix: ['nsenter --net=/run/netns/lab-a sysctl -w net.ipv4.ip_default_ttl=64'],
    undo: ['nsenter --net=/run/netns/lab-a sysctl -w net.ipv4.ip_default_ttl=1'],
  },
  {
    id: 'subnet-overlap',
    when: 'a bridge has the network of a public address',
    lab: () => lost('outside', 3, overlapping),
    says: /brx/,
    fix: ['ip route add 198.51.100.1/32 via 192.0.2.2 dev up0'],
    undo: ['ip route del 198.51.100.1/32 via 192.0.2.2 dev up0'],
  },
  {
    id: 'destination-is-local',
    when: 'the address is on lo',
    lab: localDestination,
    sure: 'proved',
    fix: ['ip addr del 198.51.100.1/32 dev lo'],
    undo: ['ip addr add 198.51.100.1/32 dev lo'],
  },
  {
    id: 'uplink-down',
    when: 'without carrier',
    lab: () =>
      dropped(
        lost('outside', 3, (lab) => {
          linkOf(lab, 'host/up0').carrier = false;
        }),
        'QDISC_DROP',
        '__dev_queue_xmit',
      ),
    sure: 'proved',
    says: /without carrier/,
    fix: [],
  },
  {
    id: 'uplink-down',
    when: 'set down, its routes gone with it',
    lab: () =>
      lost('outside', 3, (lab) => {
        linkOf(lab, 'host/up0').up = false;
        withoutDefault(lab);
      }),
    fix: ['ip link set dev up0 up'],
    undo: ['ip link set dev up0 down'],
  },
  {
    id: 'uplink-down',
    when: 'set down beneath an ipvlan of layer 3, whose packets its kernel then has no route for',
    lab: () =>
      dropped(
        lost('outside', 3, (lab) => {
          linkOf(lab, 'host/up0').up = false;
          withoutDefault(lab);
        }),
        'NOT_SPECIFIED',
        'ipvlan_process_v4_outbound',
      ),
    fix: ['ip link set dev up0 up'],
    undo: ['ip link set dev up0 down'],
  },
  {
    id: 'uplink-down',
    when: 'without an address',
    lab: () =>
      lost('outside', 3, (lab) => {
        linkOf(lab, 'host/up0').addresses = [];
        withoutDefault(lab);
      }),
    says: /without an address/,
  },
  {
    id: 'xfrm-blocks',
    when: 'a policy blocks the forwarded packets',
    lab: () => {
      const lab = lost('outside', 3);
      lab.xfrm = [
        {
          text: 'src 10.88.0.0/24 dst 198.51.100.0/24 dir fwd action block',
          direction: 'fwd',
          action: 'block',
          source: '10.88.0.0/24',
          destination: '198.51.100.0/24',
          template: false,
        },
      ];
      return dropped(lab, 'XFRM_POLICY', 'ip_forward');
    },
    sure: 'proved',
    fix: ['ip xfrm policy delete src 10.88.0.0/24 dst 198.51.100.0/24 dir fwd'],
    undo: ['ip xfrm policy add src 10.88.0.0/24 dst 198.51.100.0/24 dir fwd action block'],
  },
  {
    id: 'host-network-mode',
    when: 'nobody listens on the port of the host',
    lab: () => {
      const lab = lost('from-outside', 1);
      lab.target.hostNetwork = true;
      lab.symptom = {
        kind: 'refused',
        errno: 'ECONNREFUSED',
        from: '192.0.2.1',
        says: 'RST',
        bornAt: 'host/up0',
      };
      return lab;
    },
  },
];

const decoys: Decoy[] = [
  {
    id: 'uplink-down',
    when: 'what a rule leads into a link without carrier is for the host itself',
    lab: () =>
      lost('outside', 3, (lab) => {
        linkOf(lab, 'host/up0').carrier = false;
        lab.flow.address = '10.88.0.1';
        lab.path.realDestination = '10.88.0.1';
      }),
  },
  {
    id: 'host-no-route',
    when: 'beside the default route for other sources stands one for all',
    lab: () => {
      const lab = healthy('outside', 6);
      const [own] = lab.stacks.host.routes.filter((one) => one.destination === '::/0');
      lab.stacks.host.routes.push({ ...own!, from: '2001:db8::/64', metric: 1 });
      return lostAt(lab, 3);
    },
  },
  {
    id: 'host-no-route',
    when: 'the VRF that it came in by has a default route, and main has none',
    lab: () =>
      lost('outside', 3, (lab) => {
        ownTable(lab, true);
        lab.sysctls.host['net.ipv4.ip_forward'] = '0';
      }),
  },
  {
    id: 'host-route-diverted',
    when: 'the VRF that it came in by leads out by the uplink',
    lab: () => lost('outside', 3, (lab) => ownTable(lab, true)),
  },
  {
    id: 'uplink-down',
    when: 'a VRF has no address, as all of them',
    lab: () =>
      lost('outside', 3, (lab) => {
        ownTable(lab, false);
        lab.path.hops = lab.path.hops.slice(0, 3);
        lab.path.stages = lab.path.stages.slice(0, 4);
      }),
  },
  {
    id: 'ip-forward-off',
    when: 'a flow inside one bridge',
    lab: () =>
      lost('sibling', 2, (lab) => {
        lab.sysctls.host['net.ipv4.ip_forward'] = '0';
      }),
  },
  {
    id: 'interface-forwarding-off',
    when: 'another bridge',
    lab: () =>
      lost('outside', 3, (lab) => {
        lab.sysctls.host['net.ipv4.conf.br1.forwarding'] = '0';
      }),
  },
  {
    id: 'interface-forwarding-off',
    when: 'the reply came in by the uplink',
    lab: () => {
      const lab = lostAt(healthy(), 3, 'reply');
      lab.sysctls.host['net.ipv4.conf.br0.forwarding'] = '0';
      return lab;
    },
  },
  {
    id: 'rp-filter-drop',
    when: 'strict on another link',
    lab: () =>
      lost('outside', 3, (lab) => {
        lab.sysctls.host['net.ipv4.conf.br1.rp_filter'] = '1';
      }),
  },
  {
    id: 'rp-filter-drop',
    when: 'strict everywhere, over routes that lead back the same way',
    lab: () =>
      lost('outside', 3, (lab) => {
        for (const name of ['all', 'br0', 'up0']) lab.sysctls.host[`net.ipv4.conf.${name}.rp_filter`] = '1';
      }),
  },
  {
    id: 'rp-filter-drop',
    when: 'loose on the interface, strict for all: the larger counts',
    lab: () => {
      const lab = strangeSource();
      lab.sysctls.host['net.ipv4.conf.up0.rp_filter'] = '2';
      return lab;
    },
  },
  { id: 'host-no-route', when: 'a flow inside one bridge', lab: () => lost('sibling', 2, withoutDefault) },
  {
    id: 'host-route-rejects',
    when: 'another prefix',
    lab: () => lost('outside', 3, (lab) => addRoute(lab, '203.0.113.0/24', { type: 'blackhole' })),
  },
  {
    id: 'host-route-rejects',
    when: 'a rule for another source',
    lab: () => lost('outside', 3, (lab) => addRule(lab, 50, 'from 10.89.0.0/24 prohibit', 'prohibit')),
  },
  {
    id: 'host-route-diverted',
    when: 'a tunnel for another prefix',
    lab: () =>
      silent(
        (() => {
          const lab = healthy();
          tunnel(lab);
          addRoute(lab, '203.0.113.0/24', { dev: 'tun0' });
          return lab;
        })(),
      ),
  },
  {
    id: 'host-route-diverted',
    when: 'a mark that nothing sets on a way that was seen',
    lab: () =>
      silent(
        (() => {
          const lab = healthy();
          tunnel(lab);
          addRoute(lab, '0.0.0.0/0', { dev: 'tun0', table: '77' });
          addRule(lab, 99, 'from all fwmark 0x7 lookup 77');
          return lab;
        })(),
      ),
  },
  {
    id: 'host-route-rejects',
    when: 'a rule for another port',
    lab: () =>
      lost('outside', 3, (lab) => {
        lab.flow.proto = 'tcp';
        lab.flow.port = 443;
        addRule(lab, 50, 'from all ipproto tcp dport 80 blackhole', 'blackhole');
      }),
  },
  {
    id: 'host-route-rejects',
    when: 'a mark would be refused, and the kernel did not refuse',
    lab: () => lost('outside', 3, refusingMark),
  },
  {
    id: 'reply-route-diverted',
    when: 'a rule was seen to end the answer on its way to the other uplink',
    lab: () => hit(byOtherUplink(), { hook: 'forward', text: '-A FORWARD -o up0 -j DROP' }),
  },
  {
    id: 'reply-route-diverted',
    when: 'a rule was seen to end the answer before it was led anywhere',
    lab: () => {
      const lab = healthy();
      policyTable(lab);
      return hit(lostAt(lab, 3, 'reply'), {
        table: 'raw',
        hook: 'prerouting',
        text: '-A PREROUTING -i up0 -j DROP',
      });
    },
  },
  {
    id: 'reply-route-diverted',
    when: 'the request was seen to come in by another interface than was foretold',
    lab: () => {
      const lab = healthy();
      policyTable(lab);
      lab.sightings = lab.sightings.filter(({ hop }) => hop !== 'host/br0');
      return lostAt(lab, 3, 'reply');
    },
  },
  {
    id: 'reply-route-diverted',
    when: 'a policy table for another network',
    lab: () => {
      const lab = lostAt(healthy(), 3, 'reply');
      tunnel(lab);
      addRoute(lab, '0.0.0.0/0', { dev: 'tun0', table: '52' });
      addRule(lab, 5270, 'from 10.89.0.0/24 lookup 52');
      return lab;
    },
  },
  {
    id: 'reply-route-diverted',
    when: 'the table without the bridges is for another address, or another port',
    lab: () => {
      const lab = lostAt(healthy('to-host'), 3, 'request');
      addRoute(lab, '0.0.0.0/0', { gateway: '192.0.2.2', dev: 'up0', table: '101' });
      addRule(lab, 3, 'from 192.0.2.1 lookup 101');
      addRule(lab, 4, 'from all ipproto tcp sport 9000 lookup 101');
      return lab;
    },
  },
  {
    id: 'rp-filter-drop',
    when: 'the answer comes in by another uplink, which is loose',
    lab: () => {
      const lab = silent(healthy());
      const beside = { hop: 'host/up1', where: 'host', device: 'up1', heading: 'in', source: '198.51.100.1' };
      lab.place = { ...placeAt(lab.path as never, 4, 'reply'), beside } as never;
      Object.assign(lab.sysctls.host, { 'net.ipv4.conf.up1.rp_filter': '2' });
      return lab;
    },
  },
  {
    id: 'rp-filter-drop',
    when: 'the answer comes in by the bridge of a second network, which is loose',
    lab: () => bySecondNetwork('2', { kind: 'reply', says: null }),
  },
  {
    id: 'rp-filter-drop',
    when: 'the answer is to leave by a second network, of whose bridge no setting is known',
    lab: () => {
      const lab = bySecondNetwork('1');
      lab.sysctls.host['net.ipv4.conf.all.rp_filter'] = '1';
      delete (lab.sysctls.host as Record<string, string>)['net.ipv4.conf.br1.rp_filter'];
      return lab;
    },
  },
  { id: 'no-return-route', when: 'the address is rewritten', lab: () => silent(healthy()) },
  {
    id: 'no-return-route',
    when: 'the network is meant to be masqueraded',
    lab: () => {
      const lab = routed(silent(healthy()));
      lab.firewall.host.push(
        firewallRule({
          table: 'raw',
          chain: 'PREROUTING',
          text: '-A PREROUTING -d 10.88.0.2/32 ! -i br0 -j DROP',
        }) as never,
      );
      return lab;
    },
  },
  {
    id: 'ttl-expired',
    when: 'a router beyond says so',
    lab: () => {
      const lab = silent(healthy());
      lab.symptom = {
        kind: 'error',
        errno: null,
        from: '192.0.2.2',
        says: 'time to live exceeded',
        bornAt: 'host/up0',
      };
      return lab;
    },
  },
  {
    id: 'subnet-overlap',
    when: 'another part of the internet',
    lab: () =>
      lost('outside', 3, (lab) => {
        lab.stacks.host.links.push(
          link(40, 'brx', 'bridge', { addresses: [address('203.0.113.254/24')] }) as never,
        );
        addRoute(lab, '203.0.113.0/24', { dev: 'brx' });
      }),
  },
  {
    id: 'subnet-overlap',
    when: 'a container of the other network is gone',
    lab: () =>
      lost('network', 3, (lab) => {
        lab.flow.address = '10.89.0.77';
        lab.path.realDestination = '10.89.0.77';
      }),
  },
  {
    id: 'destination-is-local',
    when: 'a program of this host serves the address, and refuses this port',
    lab: () => {
      const lab = localDestination();
      lab.listeners.push({
        side: 'host',
        proto: 'tcp',
        family: 4,
        address: '198.51.100.1',
        port: 53,
        process: 'dnsmasq',
        backlog: 0,
        backlogMax: 5,
      });
      return lab;
    },
  },
  {
    id: 'destination-is-local',
    when: "the host's ordinary address",
    lab: () => {
      const lab = localDestination();
      lab.flow.address = '10.88.0.1';
      lab.path.realDestination = '10.88.0.1';
      return lab;
    },
  },
  {
    id: 'uplink-down',
    when: 'a second uplink is down',
    lab: () =>
      lost('outside', 3, (lab) => {
        lab.stacks.host.links.push(
          link(21, 'up1', 'veth', { up: false, addresses: [address('192.0.3.1/24')] }) as never,
        );
        withoutDefault(lab);
      }),
  },
  {
    id: 'xfrm-blocks',
    when: 'a policy for another network',
    lab: () => {
      const lab = lost('outside', 3);
      lab.xfrm = [
        {
          text: '',
          direction: 'fwd',
          action: 'block',
          source: '10.89.0.0/24',
          destination: '198.51.100.0/24',
          template: false,
        },
      ];
      return lab;
    },
  },
  {
    id: 'host-network-mode',
    when: 'a container of its own',
    lab: () => {
      const lab = lost('from-outside', 1);
      lab.symptom.kind = 'refused';
      return lab;
    },
  },
];

describe('a route into the tun of a VPN', () => {
  const into = (carrier: boolean) => {
    const lab = silent(healthy());
    tunnel(lab);
    Object.assign(linkOf(lab, 'host/tun0'), { kind: 'tun', carrier });
    addRoute(lab, '0.0.0.0/0', { dev: 'tun0', table: '52' });
    addRule(lab, 5270, 'from all lookup 52');
    lab.path.hops.at(-1)!.name = 'tun0';
    return examine('host-route-diverted', lab);
  };

  it('is meant, while a program has it open', () => {
    expect(into(true)).toBeNull();
  });

  it('is proved wrong by nothing where none has, and taken past it by no safe fix', () => {
    const claim = into(false);
    expect(claim?.sure).toBe('supported');
    expect(claim?.fixes?.map(({ risk }) => risk)).toEqual(['disruptive']);
  });
});

describeCauses(rows, decoys, ['rp-filter-drop', 'host-network-mode', 'no-return-route', 'ttl-expired']);
