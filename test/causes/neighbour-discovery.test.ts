/** Questions for a next hop that get no answer: dropped by a firewall, or asked because the route lacks its gateway. */
import { describe, expect, it } from 'vitest';
import { sighting } from '../examples/sighting.ts';
import { commands, examine } from './examine.ts';
import { link, neighbour, route } from './lab-state.ts';
import { dropped, firewallRule, healthy, type Lab, linkOf, lostAt, silent, type Way } from './scene.ts';

const B = '02:42:0a:58:00:b3';

/** Nobody answers for `to`, for whom every hop named saw the question. */
function unanswered(lab: Lab, to: string, hops: readonly string[]): Lab {
  const dev = lab.flow.from === 'host' ? 'br0' : 'eth0';
  lab.stacks.container.neighbours = [neighbour(to, dev, null, 'INCOMPLETE') as never];
  lostAt(lab, 0);
  for (const hop of hops)
    lab.sightings.push(sighting(hop, 'neighbour', { probe: -1, says: `who has ${to}?` }) as never);
  return lab;
}

const asked = (way: Way, family: 4 | 6 = 6): Lab => {
  const lab = healthy(way, family);
  return unanswered(
    lab,
    lab.flow.address,
    lab.path.hops.map(({ id }) => id),
  );
};

const byFirewall = (lab: Lab): Lab => dropped(lab, 'NETFILTER_DROP', 'nft_do_chain');

/** A rule of whoever has it that may end the question: what is looked up in a set is not in the rule. */
function filtering(
  lab: Lab,
  side: 'host' | 'other',
  text = '-A INPUT -m set --match-set x src -j DROP',
): Lab {
  lab.firewall[side].push(firewallRule({ family: 'ip6', chain: 'INPUT', hook: 'input', text }) as never);
  return lab;
}

describe('a neighbour solicitation that a firewall drops', () => {
  it("is the host's INPUT where the host owns the address", () => {
    const claim = examine('input-rule-drop', filtering(byFirewall(asked('to-host')), 'host'));
    expect(claim).toMatchObject({ sure: 'proved', what: expect.stringContaining('fd00:88::1') });
    const rule = 'INPUT -i br0 -p ipv6-icmp --icmpv6-type neighbour-solicitation -j ACCEPT';
    expect(commands(claim)).toEqual({ apply: [`ip6tables -I ${rule}`], undo: [`ip6tables -D ${rule}`] });
  });

  it("is the neighbour's own firewall where the neighbour owns it, and is mended there", () => {
    const claim = examine('container-firewall-drop', filtering(byFirewall(asked('sibling')), 'other'));
    expect(claim?.what).toContain('the firewall of the other container');
    expect(commands(claim).apply[0]).toContain('nsenter --net=/run/netns/lab-b ip6tables');
  });

  it("is nobody's where the kernel told of no firewall, or the question did not arrive", () => {
    expect(examine('input-rule-drop', asked('to-host'))).toBeNull();
    const short = healthy('to-host', 6);
    unanswered(short, short.flow.address, ['container/eth0', 'host/vetha']);
    expect(examine('input-rule-drop', byFirewall(short))).toBeNull();
  });

  it('is not that of an owner whose rules end nothing, or who was seen to answer', () => {
    expect(examine('container-firewall-drop', byFirewall(asked('sibling')))).toBeNull();
    const accepting = '-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 136 -j DROP';
    const other = filtering(byFirewall(asked('sibling')), 'other', accepting);
    expect(examine('container-firewall-drop', other)).toBeNull();
    const answered = filtering(byFirewall(bridged(['other/eth0', 'host/vethb'])), 'other');
    expect(examine('container-firewall-drop', answered)).toBeNull();
    expect(examine('neighbour-unanswered', answered)).toBeNull();
    expect(examine('neighbour-unanswered', asked('sibling'))).not.toBeNull();
  });

  it("is not the sender's own firewall, which let the question out", () => {
    expect(examine('container-firewall-drop', byFirewall(asked('to-host')))).toBeNull();
    expect(examine('container-firewall-drop', byFirewall(lostAt(healthy('to-host', 6), 0)))?.what).toBe(
      'its own firewall drops it',
    );
  });

  it('does not exist for ARP, which no rule of the IP families sees', () => {
    expect(examine('input-rule-drop', byFirewall(asked('to-host', 4)))).toBeNull();
  });
});

/** B answers, and its answer is seen on these hops alone. */
function bridged(
  hops: readonly string[],
  asks = ['container/eth0', 'host/vetha', 'host/vethb', 'other/eth0'],
): Lab {
  const lab = healthy('sibling', 6);
  const { address } = lab.flow;
  unanswered(lab, address, asks);
  for (const hop of hops)
    lab.sightings.push(sighting(hop, 'neighbour', { probe: -1, says: `${address} is at ${B}` }) as never);
  lab.sysctls.host['net.bridge.bridge-nf-call-ip6tables'] = '1';
  lab.stacks.host.routes = lab.stacks.host.routes.filter(({ destination }) => destination !== 'fd00:88::/64');
  return lab;
}

describe('a search for a neighbour that the rules of the host end inside a bridge', () => {
  const WAY_BACK = 'meta nfproto ipv6 fib saddr . mark . iif oif missing counter packets 3 bytes 216 drop';
  const own = { engine: 'nft', family: 'inet', table: 'own' } as const;

  function meeting(lab: Lab, ...texts: readonly string[]): Lab {
    for (const [index, text] of texts.entries())
      lab.firewall.host.push(
        firewallRule({
          ...own,
          chain: 'pre',
          hook: 'prerouting',
          number: index + 1,
          text,
          verdict: text.split(' ').at(-1)!,
        }) as never,
      );
    return lab;
  }

  const back = () => bridged(['other/eth0', 'host/vethb']);
  const LETS_ASK = 'icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept';

  it('names the rule that has no way back for who answers, and the setting', () => {
    const claim = examine('bridge-netfilter-drop', byFirewall(meeting(back(), LETS_ASK, WAY_BACK)));
    expect(claim).toMatchObject({ sure: 'proved', rule: { text: WAY_BACK } });
    expect(claim?.what).toMatch(
      /bridge-nf-call-ip6tables .* inside br0, which drops the neighbour advertisement/,
    );
    expect(claim?.why).toMatch(/on vethb and not on vetha.*no route of this host leads to fd00:88::3 by br0/);
    expect(commands(claim).apply).toEqual(['sysctl -w net.bridge.bridge-nf-call-ip6tables=0']);
    expect(examine('bridge-netfilter-drop', meeting(back(), LETS_ASK, WAY_BACK))?.sure).toBe('supported');
  });

  it('is the question where a rule of the way through the host drops it', () => {
    const lab = bridged([], ['container/eth0', 'host/vetha']);
    lab.firewall.host.push(
      firewallRule({ family: 'ip6', text: '-A FORWARD -i br0 -o br0 -p ipv6-icmp -j DROP' }) as never,
    );
    expect(examine('bridge-netfilter-drop', lab)?.what).toContain('drops the neighbour solicitation');
  });

  it.each([
    ['the setting is off', (lab: Lab) => (lab.sysctls.host['net.bridge.bridge-nf-call-ip6tables'] = '0')],
    [
      'a route leads back by the bridge',
      (lab: Lab) => lab.stacks.host.routes.push(route('fd00:88::/64', { dev: 'br0' }) as never),
    ],
    ['nobody watched the port that did not show it', (lab: Lab) => lab.captured.delete('host/vetha')],
    [
      'the rule lets answers through',
      (lab: Lab) => (lab.firewall.host[0]!.text = 'icmpv6 type nd-neighbor-advert accept'),
    ],
  ])('is not where %s', (_, change) => {
    const lab = meeting(back(), LETS_ASK, WAY_BACK);
    change(lab);
    expect(examine('bridge-netfilter-drop', lab)).toBeNull();
  });

  it('does not exist for ARP', () => {
    const lab = meeting(asked('sibling', 4), 'drop');
    lab.sysctls.host['net.bridge.bridge-nf-call-iptables'] = '1';
    lab.sightings = lab.sightings.filter(({ hop }) => /vetha|container/.test(hop));
    expect(examine('bridge-netfilter-drop', lab)).toBeNull();
  });
});

describe('a route without its gateway', () => {
  function withoutGateway(destination = '198.51.100.0/24'): Lab {
    const lab = healthy();
    lab.stacks.container.routes.push(route(destination, { dev: 'eth0', scope: 'link' }) as never);
    lab.path.sourceRoute.gateway = null;
    return unanswered(lab, '198.51.100.1', ['container/eth0', 'host/vetha']);
  }

  it('is the wrong way out, and gets the gateway of its network', () => {
    const claim = examine('container-wrong-gateway', withoutGateway());
    expect(claim).toMatchObject({ sure: 'proved', what: expect.stringContaining('198.51.100.0/24') });
    expect(commands(claim).apply[0]).toMatch(
      /ip route replace 198\.51\.100\.0\/24 via 10\.88\.0\.1 dev eth0/,
    );
    expect(commands(claim).apply[0]).not.toContain('scope');
    expect(commands(claim).undo[0]).toMatch(/replace 198\.51\.100\.0\/24 dev eth0 .*scope link/);
  });

  it('is no fault where somebody answers, or where the destination is a neighbour', () => {
    const answered = withoutGateway();
    answered.stacks.container.neighbours = [neighbour('198.51.100.1', 'eth0', '02:00:00:00:00:88') as never];
    answered.sightings = answered.sightings.filter(({ kind }) => kind !== 'neighbour');
    expect(examine('container-wrong-gateway', answered)).toBeNull();
    const near = healthy('sibling');
    expect(examine('container-wrong-gateway', unanswered(near, '10.88.0.3', ['container/eth0']))).toBeNull();
  });

  it('is not known where no gateway of its network is', () => {
    const lab = withoutGateway();
    linkOf(lab, 'host/br0').addresses = [];
    expect(examine('container-wrong-gateway', lab)).toBeNull();
  });
});

describe('an address on the uplink that nobody answers for', () => {
  /** The request left as coming from an address of the uplink's network that no interface holds. */
  function leaving(source: string): Lab {
    const lab = silent(healthy('outside', 6));
    lab.stacks.container.links.push(link(9, 'x', 'veth') as never);
    for (const one of lab.sightings) {
      if (one.hop === 'host/up0' || source === '2001:db8::a2') one.source = source;
    }
    lab.path.sourceAddress = source === '2001:db8::a2' ? source : lab.path.sourceAddress;
    return lab;
  }

  it("is the container's own, which lives behind this host", () => {
    expect(examine('neighbour-unanswered', leaving('2001:db8::a2'))?.what).toContain('2001:db8::a2');
  });

  it('is nobody’s where a rule has put it there', () => {
    expect(examine('neighbour-unanswered', leaving('2001:db8::dead'))).toBeNull();
    expect(examine('snat-wrong-address', leaving('2001:db8::dead'))).not.toBeNull();
  });
});
