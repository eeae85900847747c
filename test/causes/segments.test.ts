/** Macvlan, tunnels, and what lies outside the network itself. */
import { describe, expect, it } from 'vitest';
import interfaceDown from '../../src/causes/container-interface-down.ts';
import toolsConflict from '../../src/causes/firewall-tools-conflict.ts';
import modulesMissing from '../../src/causes/kernel-modules-missing.ts';
import hostChild from '../../src/causes/macvlan-host-child.ts';
import macvlanMode from '../../src/causes/macvlan-mode.ts';
import overlay from '../../src/causes/overlay.ts';
import proxyEnvironment from '../../src/causes/proxy-environment.ts';
import helperGone from '../../src/causes/rootless-helper-gone.ts';
import { asking, refusedAt, unpublished } from './asking.ts';
import { commands, examine } from './examine.ts';
import { address, containerStack, link, route } from './lab-state.ts';
import { DOCKER, iptables, nft, withRules } from './rules-of.ts';
import { dropped, healthy, hit, type Lab, linkOf, lostAt, silent } from './scene.ts';

const [portBlocked, vniMismatch, peerMissing, ingressBroken] = overlay;
const UP0 = 20;

/** The container's eth0 as a child of the uplink. */
function child(lab: Lab, about: object = {}): Lab {
  Object.assign(linkOf(lab, 'container/eth0'), {
    kind: 'macvlan',
    link: UP0,
    nsid: 0,
    data: { mode: 'bridge' },
    ...about,
  });
  return lab;
}

describe('macvlan-host-child', () => {
  function hostToChild(): Lab {
    const lab = child(lostAt(asking('from-host', 'tcp', 80), 0));
    lab.path.sourceRoute.dev = 'up0';
    return lab;
  }

  it('sees the host ask its own child, and offers an interface beside it', () => {
    const claim = hostChild.examine(hostToChild());
    expect(claim?.what).toContain('macvlan of the host\u2019s own up0'.replace('\u2019', "'"));
    expect(claim?.fixes?.[0]).toMatchObject({
      undo: [{ run: { argv: ['ip', 'link', 'del', 'dev', 'ndshim0'] } }],
    });
    expect(JSON.stringify(claim?.fixes?.[0]?.apply)).toContain(
      '"10.88.0.2/32","dev","ndshim0","src","192.0.2.1"',
    );
  });

  it('lets nobody else on the wire learn the MAC address of that interface', () => {
    const argvs = hostChild
      .examine(hostToChild())
      ?.fixes?.[0]?.apply.map((change) => ('run' in change ? change.run.argv.join(' ') : ''));
    expect(argvs?.[1]).toBe('sysctl -w net.ipv4.conf.ndshim0.arp_filter=1');
    expect(argvs?.find((line) => line.startsWith('ip neighbor replace'))).toMatch(
      / dev ndshim0 nud permanent$/,
    );
  });

  it('sees the child ask the host', () => {
    const lab = child(lostAt(asking('to-host', 'tcp', 80), 0));
    expect(hostChild.examine(lab)?.sure).toBe('supported');
  });

  it('sees the host carry on to its own child what another container asks, and offers the interface there too', () => {
    const lab = lostAt(asking('network', 'tcp', 80), 3);
    Object.assign(linkOf(lab, 'other/eth0'), {
      kind: 'macvlan',
      link: UP0,
      nsid: 0,
      data: { mode: 'bridge' },
    });
    lab.path.hostRoute!.dev = 'up0';
    expect(hostChild.examine(lab)?.fixes).toHaveLength(1);
    lab.path.hostRoute!.dev = 'mvh';
    expect(hostChild.examine(lab)).toBeNull();
  });

  it('leaves a veth alone, a host that goes by a macvlan of its own, and a child that asks others', () => {
    expect(hostChild.examine(lostAt(asking('from-host', 'tcp', 80), 0))).toBeNull();
    const shim = hostToChild();
    shim.path.sourceRoute.dev = 'mvh';
    expect(hostChild.examine(shim)).toBeNull();
    expect(hostChild.examine(child(silent(healthy())))).toBeNull();
  });
});

describe('container-interface-down', () => {
  /** A neighbour whose eth0 is down: the bridge finds no port for the frame. */
  function farDown(): Lab {
    const lab = dropped(lostAt(healthy('sibling'), 2), 'NO_TX_TARGET', 'br_dev_xmit', 'br0');
    linkOf(lab, 'other/eth0').up = false;
    linkOf(lab, 'host/vethb').carrier = false;
    lab.path.hops.find(({ id }) => id === 'host/vethb')!.link.carrier = false;
    return lab;
  }

  it('sees the far end of a port without carrier', () => {
    expect(interfaceDown.examine(farDown())?.what).toContain('eth0 of the other container');
  });

  it('does not see one behind a port that has its carrier', () => {
    const lab = farDown();
    lab.path.hops.find(({ id }) => id === 'host/vethb')!.link.carrier = true;
    expect(interfaceDown.examine(lab)).toBeNull();
  });
});

describe('macvlan-mode', () => {
  const siblings = (mode: string): Lab => {
    const lab = child(lostAt(healthy('sibling'), 0), { data: { mode } });
    Object.assign(linkOf(lab, 'other/eth0'), {
      kind: 'macvlan',
      link: UP0,
      nsid: 0,
      ifindex: 9,
      data: { mode: 'bridge' },
    });
    return lab;
  };

  it.each(['private', 'vepa'])('sees mode %s, and puts it back', (mode) => {
    const claim = macvlanMode.examine(siblings(mode));
    expect(claim?.what).toContain(mode);
    expect(claim?.fixes?.[0]?.undo).toMatchObject([
      { run: { argv: ['ip', 'link', 'set', 'dev', 'eth0', 'type', 'macvlan', 'mode', mode] } },
    ]);
  });

  it('leaves mode bridge alone, and children of another parent', () => {
    expect(macvlanMode.examine(siblings('bridge'))).toBeNull();
    const apart = siblings('private');
    linkOf(apart, 'other/eth0').link = 2;
    expect(macvlanMode.examine(apart)).toBeNull();
  });
});

describe('tunnels', () => {
  /** The host asks 10.77.0.2 behind vx0, and nobody there answers ARP. */
  function tunnel(data: object = {}): Lab {
    const lab = lostAt(asking('from-host', 'tcp', 80), 0);
    const vx0 = link(30, 'vx0', 'vxlan', { data: { id: 42, port: 4789, remote: '192.0.2.2', ...data } });
    lab.stacks.host.links.push(vx0 as Lab['stacks']['host']['links'][number]);
    const hop = {
      ...(lab.path.hops[0] as Lab['path']['hops'][number]),
      id: 'host/vx0',
      name: 'vx0',
      kind: 'vxlan',
      link: vx0 as Lab['stacks']['host']['links'][number],
    };
    lab.path.hops = [hop];
    lab.path.stages = ['send', 'beyond'];
    Object.assign(lab.flow, { address: '10.77.0.2', to: '10.77.0.2:80' });
    lab.place = { direction: 'request', stage: 'send', index: 0, after: null, before: hop };
    return lab;
  }

  it('takes silence alone for no filtered port: anybody behind it may be silent', () => {
    expect(portBlocked?.examine(tunnel())).toBeNull();
  });

  it.each([
    ['NETFILTER_DROP', 'unknown', true],
    ['NOT_SPECIFIED', 'nft_do_chain', true],
    ['NOT_SPECIFIED', '__udp4_lib_rcv', true],
    ['NOT_SPECIFIED', 'unknown', false],
  ])('sees its packets end by %s at %s: %s', (reason, place, isSeen) => {
    const lab = dropped(tunnel(), reason, place);
    Object.assign(lab, {
      place: { ...lab.place, stage: 'beyond', index: 1, after: lab.path.hops[0], before: null },
    });
    expect(portBlocked?.examine(lab) != null).toBe(isSeen);
  });

  it('names the rule of this host', () => {
    const lab = withRules(tunnel(), '-A INPUT -p udp -m udp --dport 4789 -j DROP');
    expect(portBlocked?.examine(lab)?.fixes).toHaveLength(1);
  });

  it('proves other ports and identifiers where the far end is here to be asked', () => {
    const far = (data: object): Lab => {
      const lab = tunnel();
      lab.stacks.other = containerStack('b') as Lab['stacks']['host'];
      lab.stacks.other.links.push(
        link(5, 'vx0', 'vxlan', {
          data: { id: 42, port: 4789, ...data },
        }) as Lab['stacks']['host']['links'][number],
      );
      return lab;
    };
    expect(portBlocked?.examine(far({ port: 8472 }))?.sure).toBe('proved');
    expect(vniMismatch?.examine(far({ id: 43 }))?.what).toContain('expects 43');
    expect(vniMismatch?.examine(far({}))).toBeNull();
  });

  it('knows a wrong identifier by the kernel\u2019s word, and then does not speak of the port', () => {
    const lab = dropped(tunnel(), 'VXLAN_VNI_NOT_FOUND', 'vxlan_rcv');
    expect(vniMismatch?.examine(lab)?.sure).toBe('proved');
    expect(portBlocked?.examine(lab)).toBeNull();
    expect(vniMismatch?.examine(tunnel())).toBeNull();
  });

  it('knows it by the function alone where the tunnels that are there say the rest', () => {
    const told = (id?: number): Lab => {
      const lab = dropped(tunnel(), 'NOT_SPECIFIED', 'vxlan_rcv');
      const far = id === undefined ? [] : [link(5, 'vx0', 'vxlan', { data: { id, port: 4789 } })];
      return Object.assign(lab, { farTunnels: far });
    };
    expect(vniMismatch?.examine(told(43))?.what).toContain('expects 43');
    expect(vniMismatch?.examine(told(42))).toBeNull();
    expect(vniMismatch?.examine(told())).toBeNull();
  });

  it('takes a tunnel in external mode for one that routes give host and number', () => {
    const external = () => tunnel({ external: true, id: 0, remote: undefined });
    expect(peerMissing?.examine(external())).toBeNull();
    expect(portBlocked?.examine(external())).toBeNull();
    const claim = vniMismatch?.examine(dropped(external(), 'VXLAN_VNI_NOT_FOUND', 'vxlan_rcv'));
    expect(claim?.what).toBe('vx0 sends with a network identifier, which the other end does not know');
    expect(claim?.do).toContain('encap ip id');
  });

  it('sees a tunnel without any far end', () => {
    const lone = tunnel({ remote: undefined });
    expect(peerMissing?.examine(lone)?.what).toContain('does not know');
    expect(portBlocked?.examine(lone)).toBeNull();
    lone.fdb = [
      {
        mac: '00:00:00:00:00:00',
        dev: 'vx0',
        master: null,
        flags: [],
        state: 'permanent',
        vlan: null,
        dst: '192.0.2.2',
      },
    ];
    expect(peerMissing?.examine(lone)).toBeNull();
  });

  it('says nothing of tunnels that the flow does not cross', () => {
    const lab = silent(healthy());
    lab.stacks.host.links.push(
      link(30, 'vx0', 'vxlan', { data: { id: 42 } }) as Lab['stacks']['host']['links'][number],
    );
    for (const one of [portBlocked, vniMismatch, peerMissing]) expect(one?.examine(lab)).toBeNull();
  });
});

describe('the tunnel of the route itself', () => {
  /** The container's request went into t0, which has no tunnel of its own. */
  function through(
    state: readonly string[],
    encap = { id: 24, source: null, destination: '192.0.2.9' },
  ): Lab {
    const lab = lostAt(asking('outside', 'tcp', 80), 4);
    const t0 = link(30, 't0', 'vxlan', { data: { external: true, id: 0, port: 4789 } });
    lab.stacks.host.links.push(t0 as never);
    const exit = lab.path.hops.at(-1)!;
    Object.assign(exit, { id: 'host/t0', name: 't0', kind: 'vxlan', link: t0 });
    lab.path.hostRoute = { ...lab.path.hostRoute, dev: 't0', encap } as never;
    lab.place = { direction: 'request', stage: 'beyond', index: 4, after: exit, before: null };
    lab.stacks.host.neighbours.push({
      address: '192.0.2.9',
      dev: 'up0',
      mac: null,
      state,
      proxy: false,
    } as never);
    return lab;
  }
  const [portBlocked, vniMismatch, peerMissing] = overlay;

  it('sends by the identifier that the route has, to the end that it names', () => {
    const lab = dropped(through(['REACHABLE']), 'VXLAN_VNI_NOT_FOUND', 'vxlan_rcv');
    lab.farTunnels = [link(7, 'vx', 'vxlan', { data: { id: 42, port: 4789 } })] as never;
    expect(vniMismatch?.examine(lab)?.what).toContain(
      "network identifier 24 by the route's own tunnel (encap ip id 24), and the other end expects 42",
    );
    expect(peerMissing?.examine(lab)).toBeNull();
    const blocked = withRules(through(['REACHABLE']), '-A OUTPUT -p udp -m udp --dport 4789 -j DROP');
    expect(portBlocked?.examine(blocked)?.what).toContain('UDP port 4789 to 192.0.2.9');
  });

  it('has an end that is not there where its neighbour does not answer', () => {
    expect(examine('tunnel-far-end-absent', through(['FAILED']))).toMatchObject({
      sure: 'proved',
      what: 'nobody answers ARP for 192.0.2.9, the other end of t0',
      why: expect.stringContaining('which the route names'),
    });
    expect(examine('tunnel-far-end-absent', through(['REACHABLE']))).toBeNull();
    expect(
      examine(
        'tunnel-far-end-absent',
        through(['FAILED'], { id: 24, source: null, destination: '192.0.2.8' }),
      ),
    ).toBeNull();
  });
});

describe('a tunnel whose forwarding entries say to whom it sends', () => {
  const FAR = '02:00:00:00:00:aa';
  /** The container's request went into vx1, towards a router whose hardware address is known. */
  function through(entries: Readonly<Record<string, string>>, states: Readonly<Record<string, string>>): Lab {
    const lab = lostAt(asking('outside', 'tcp', 80), 4);
    const vx1 = link(30, 'vx1', 'vxlan', { data: { id: 42, port: 4789, local: '192.0.2.1' } });
    lab.stacks.host.links.push(vx1 as never);
    const exit = lab.path.hops.at(-1)!;
    Object.assign(exit, { id: 'host/vx1', name: 'vx1', kind: 'vxlan', link: vx1 });
    lab.path.hostRoute = { ...lab.path.hostRoute, dev: 'vx1', gateway: '203.0.113.2' } as never;
    lab.place = { direction: 'request', stage: 'beyond', index: 4, after: exit, before: null };
    const neighbour = (address: string, dev: string, mac: string | null, state: string) =>
      ({ address, dev, mac, state: [state], proxy: false }) as never;
    lab.stacks.host.neighbours.push(neighbour('203.0.113.2', 'vx1', FAR, 'PERMANENT'));
    for (const [address, state] of Object.entries(states))
      lab.stacks.host.neighbours.push(neighbour(address, 'up0', null, state));
    lab.fdb = Object.entries(entries).map(([mac, dst]) => ({
      mac,
      dev: 'vx1',
      dst,
      flags: [],
      state: '',
    })) as never;
    return lab;
  }
  const absent = (lab: Lab) => examine('tunnel-far-end-absent', lab)?.what;
  const ANY = '00:00:00:00:00:00';

  it('has an end that is not there where the entry of the next one leads to nobody', () => {
    expect(
      examine('tunnel-far-end-absent', through({ [FAR]: '192.0.2.77' }, { '192.0.2.77': 'INCOMPLETE' })),
    ).toMatchObject({
      what: 'nobody answers ARP for 192.0.2.77, the other end of vx1',
      why: expect.stringContaining('which a forwarding entry of vx1 names (dst 192.0.2.77)'),
    });
    expect(absent(through({ [ANY]: '192.0.2.77' }, { '192.0.2.77': 'FAILED' }))).toContain('192.0.2.77');
  });

  it.each([
    ['it is another’s entry', { [FAR]: '192.0.2.2', '02:00:00:00:00:bb': '192.0.2.77' }],
    [
      'the next one has an entry of its own beside the one for all others',
      { [FAR]: '192.0.2.2', [ANY]: '192.0.2.77' },
    ],
  ])('has one where %s', (_, entries) => {
    expect(absent(through(entries, { '192.0.2.77': 'FAILED', '192.0.2.2': 'REACHABLE' }))).toBeUndefined();
  });

  it.each([
    ['-A OUTPUT -p udp --dport 4789 -j DROP', true],
    ['-A OUTPUT -o up0 -d 192.0.2.2 -p udp -j T\n-A T -p udp --dport 4789 -j DROP', true],
    ['-A INPUT -i up0 -s 192.0.2.2/32 -p udp --dport 4789 -j DROP', true],
    ['-A OUTPUT -d 192.0.2.9/32 -p udp --dport 4789 -j DROP', false],
    ['-A FORWARD -p udp --dport 4789 -j DROP', false],
    ['-A INPUT -i br0 -p udp --dport 4789 -j DROP', false],
    ['-A INPUT -p udp -j ACCEPT\n-A INPUT -p udp --dport 4789 -j DROP', false],
    ['-A LEFT -p udp --dport 4789 -j DROP', false],
    ['-A INPUT -m set --match-set peers src -j ACCEPT\n-A INPUT -p udp --dport 4789 -j DROP', false],
    ['-A INPUT -m set --match-set peers src -j RETURN\n-A INPUT -p udp --dport 4789 -j DROP', false],
    // What comes in answers nothing that went out: each end sends from a port of its own.
    ['-A INPUT -m state --state ESTABLISHED -j ACCEPT\n-A INPUT -p udp --dport 4789 -j DROP', true],
    ['-A INPUT -p udp --dport 4789 -m policy --dir in --pol none -j DROP', false],
  ])('is blocked by a rule that its own packets meet, and by no other: %s', (rules, blocked) => {
    const lab = through({ [FAR]: '192.0.2.2' }, { '192.0.2.2': 'REACHABLE' });
    lab.firewall.host = iptables(rules) as never;
    expect(overlay[0]?.examine(lab)?.why.includes("drops the tunnel's packets") ?? false).toBe(blocked);
  });
});

describe('tunnel-local-address-gone', () => {
  /** The host asks 10.77.0.2 behind t0. */
  function sentFrom(local: string, about: Parameters<typeof link>[3] = {}, kind = 'vxlan'): Lab {
    const lab = lostAt(asking('from-host', 'tcp', 80), 0);
    const data = { id: 42, port: 4789, remote: '192.0.2.2', local };
    const t0 = link(30, 't0', kind, { data, ...about }) as Lab['stacks']['host']['links'][number];
    lab.stacks.host.links.push(t0);
    const hop = { ...lab.path.hops[0]!, id: 'host/t0', name: 't0', kind, link: t0 };
    lab.path.hops = [hop];
    lab.path.stages = ['send', 'beyond'];
    Object.assign(lab.flow, { address: '10.77.0.2', to: '10.77.0.2:80' });
    lab.place = { direction: 'request', stage: 'send', index: 0, after: null, before: hop };
    return lab;
  }
  const GONE = 'tunnel-local-address-gone';

  it('names the address that is gone, and the one that is there', () => {
    const claim = examine(GONE, sentFrom('192.0.2.9'));
    expect(claim?.what).toBe(
      'the tunnel t0 sends from 192.0.2.9, which is no address of this host (up0 holds 192.0.2.1)',
    );
    expect(commands(claim)).toEqual({
      apply: ['ip link set dev t0 type vxlan local 192.0.2.1'],
      undo: ['ip link set dev t0 type vxlan local 192.0.2.9'],
    });
  });

  it('only advises where the kind is another, or several addresses could be meant', () => {
    expect(examine(GONE, sentFrom('192.0.2.9', {}, 'gre'))).toMatchObject({
      fixes: [],
      do: expect.stringContaining('local 192.0.2.1'),
    });
    const two = sentFrom('192.0.2.9', { link: UP0 });
    linkOf(two, 'host/up0').addresses.push(address('192.0.2.8/24') as never);
    expect(examine(GONE, two)).toMatchObject({
      fixes: [],
      what: expect.stringContaining('192.0.2.1 and 192.0.2.8'),
    });
  });

  it('leaves a tunnel alone whose end the host holds, by an address or a local route, or has in no hand', () => {
    expect(examine(GONE, sentFrom('192.0.2.1'))).toBeNull();
    expect(examine(GONE, sentFrom('0.0.0.0'))).toBeNull();
    expect(examine(GONE, sentFrom('192.0.2.9', { nsid: 3 }))).toBeNull();
    const any = sentFrom('203.0.113.9');
    any.stacks.host.routes.push(
      route('203.0.113.0/24', { type: 'local', dev: 'lo', table: 'local' }) as never,
    );
    expect(examine(GONE, any)).toBeNull();
    const answer = sentFrom('192.0.2.9');
    answer.place = { ...answer.place!, direction: 'reply' };
    expect(examine(GONE, answer)).toBeNull();
  });
});

describe('overlay-ingress-broken', () => {
  const swarm = (rules: string): Lab => {
    const lab = withRules(unpublished(), rules);
    lab.target.networks = [
      {
        name: 'ingress',
        driver: 'overlay',
        bridge: null,
        subnets: [],
        gateways: [],
        addresses: ['10.0.0.5'],
        mac: null,
        internal: false,
        icc: true,
        masquerade: true,
        options: {},
      },
    ];
    return lab;
  };

  it('sees the chain gone, or without the port', () => {
    expect(ingressBroken?.examine(swarm(''))?.what).toContain('are gone');
    expect(
      ingressBroken?.examine(
        swarm(
          '*nat\n-A PREROUTING -j DOCKER-INGRESS\n-A DOCKER-INGRESS -p tcp --dport 9090 -j DNAT --to-destination 172.18.0.2:9090',
        ),
      )?.what,
    ).toContain('nowhere');
  });

  it('leaves whole rules alone, and containers outside the swarm', () => {
    expect(
      ingressBroken?.examine(
        swarm(
          '*nat\n-A PREROUTING -j DOCKER-INGRESS\n-A DOCKER-INGRESS -p tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:8080',
        ),
      ),
    ).toBeNull();
    expect(ingressBroken?.examine(withRules(unpublished(), ''))).toBeNull();
  });
});

describe('rootless-helper-gone', () => {
  const rootless = (alone: boolean): Lab => {
    const lab = lostAt(healthy(), 0);
    lab.target.mode = 'pasta';
    if (alone) lab.stacks.container.links = lab.stacks.container.links.slice(0, 1);
    return lab;
  };

  it('sees that the tap went with it, or has no carrier', () => {
    expect(helperGone.examine(rootless(true))?.do).toContain('pasta');
    const tap = rootless(false);
    Object.assign(linkOf(tap, 'container/eth0'), { kind: 'tun', carrier: false });
    expect(helperGone.examine(tap)?.why).toContain('no carrier');
  });

  it('leaves a living one alone, and containers with another network', () => {
    expect(helperGone.examine(rootless(false))).toBeNull();
    const none = rootless(true);
    none.target.mode = 'none';
    expect(helperGone.examine(none)).toBeNull();
  });
});

describe('kernel-modules-missing', () => {
  function unattached(): Lab {
    const lab = lostAt(healthy(), 0);
    lab.stacks.container.links = lab.stacks.container.links.slice(0, 1);
    lab.target.networks = [
      {
        name: 'bridge',
        driver: 'bridge',
        bridge: 'br0',
        subnets: [],
        gateways: [],
        addresses: [],
        mac: null,
        internal: false,
        icc: true,
        masquerade: true,
        options: {},
      },
    ];
    lab.modules = { release: '6.1.0-1', present: false, others: ['6.1.0-2'] };
    return lab;
  }

  it('sees a kernel that was replaced without a reboot', () => {
    expect(modulesMissing.examine(unattached())?.why).toContain('6.1.0-2');
  });

  it('leaves a kernel alone that has everything built in, and a container that is attached', () => {
    const built = unattached();
    built.modules = { release: '6.1.0-1', present: false, others: [] };
    expect(modulesMissing.examine(built)).toBeNull();
    const attached = lostAt(healthy(), 0);
    attached.modules = { release: '6.1.0-1', present: false, others: ['6.1.0-2'] };
    expect(modulesMissing.examine(attached)).toBeNull();
  });
});

describe('proxy-environment', () => {
  const proxied = (lab: Lab, extra: Record<string, string> = {}): Lab => {
    lab.process.proxies = { http_proxy: 'http://user:secret@10.9.9.9:3128', ...extra };
    return lab;
  };

  it('says that programs go elsewhere although the way is fine, without the password', () => {
    const claim = proxyEnvironment.examine(proxied(asking('sibling', 'tcp', 80)));
    expect(claim?.what).toContain('10.9.9.9:3128');
    expect(JSON.stringify(claim)).not.toContain('secret');
  });

  it('sees that the proxy itself cannot be reached', () => {
    const lab = proxied(silent(asking('outside', 'tcp', 3128)));
    Object.assign(lab.flow, { address: '10.9.9.9', to: '10.9.9.9:3128' });
    expect(proxyEnvironment.examine(lab)?.what).toContain('is the proxy');
  });

  it.each(['10.88.0.3', '10.88.0.0/16', '*', '.0.3, 10.88.0.3'])('believes no_proxy %s', (list) => {
    expect(proxyEnvironment.examine(proxied(asking('sibling', 'tcp', 80), { NO_PROXY: list }))).toBeNull();
  });

  it('leaves other ports, protocols and losses alone', () => {
    expect(proxyEnvironment.examine(proxied(asking('sibling', 'tcp', 5432)))).toBeNull();
    expect(proxyEnvironment.examine(proxied(healthy()))).toBeNull();
    expect(
      proxyEnvironment.examine(proxied(refusedAt(asking('sibling', 'tcp', 80), 'other/eth0'))),
    ).toBeNull();
  });
});

describe('firewall-tools-conflict', () => {
  const NATIVE = nft('meta l4proto tcp meta mark 0x1 log prefix "x"', { table: 'filter', chain: 'FORWARD' });

  function policyEnds(rules: string): Lab {
    const lab = hit(lostAt(healthy(), 3), { number: null, text: 'policy drop' }, 'policy drop');
    lab.firewall.host = [...iptables(rules), NATIVE] as Lab['firewall']['host'];
    return lab;
  }

  it('sees that the runtime has no rule beside the native one', () => {
    expect(toolsConflict.examine(policyEnds(''))?.fixes).toHaveLength(1);
  });

  it('leaves rules alone that stand, a drop by a rule, and native rules in tables of their own', () => {
    expect(toolsConflict.examine(policyEnds(DOCKER))).toBeNull();
    const rule = policyEnds('');
    rule.ruleHits = [];
    expect(toolsConflict.examine(hit(rule, { text: '-A FORWARD -j DROP' }))).toBeNull();
    const own = policyEnds('');
    own.firewall.host = [{ ...NATIVE, table: 'mine' }];
    expect(toolsConflict.examine(own)).toBeNull();
  });
});

describe('a bridge that has the MAC address of its port', () => {
  const off = (): Lab => {
    const lab = lostAt(healthy(), 3, 'reply');
    const port = linkOf(lab, 'host/vetha');
    port.master = null;
    linkOf(lab, 'host/br0').mac = port.mac;
    return lab;
  };

  it('hears a port that is off it, and its answers go nowhere', () => {
    expect(examine('veth-not-on-bridge', off())?.fixes?.[0]?.title).toBe('Make vetha a port of br0');
  });
});
