/** Routers of which somebody told: an advertisement, or a DHCP server. */
import { describe, expect, it } from 'vitest';
import { placeAt } from '../../src/model/place.ts';
import { commands, examine } from './examine.ts';
import { route } from './lab-state.ts';
import { healthy, type Lab, lostAt } from './scene.ts';

const ROGUE = 'fe80::b3';
const OF_ROGUE = { family: 6 as const, address: ROGUE, prefix: 64, scope: 'link', peer: null, flags: [] };

/** A's packets are handed to B, who holds the rogue's address, and end there; `how` put the route on A. */
function handedToB(family: 4 | 6, protocol: string, about: object = {}): Lab {
  const lab = lostAt(healthy('sibling', family), 4);
  const far = healthy('outside', family);
  const gateway = family === 6 ? ROGUE : '10.88.0.3';
  lab.flow.address = far.flow.address;
  lab.path.realDestination = far.flow.address;
  lab.path.ending = 'outside';
  lab.path.stages = ['send', 'wire', 'bridge', 'wire', 'forward', 'forward', 'beyond'];
  lab.path.hops.push(...(far.path.hops.slice(2) as never[]));
  lab.place = placeAt(lab.path as never, 4, 'request') as never;
  const prefix = family === 6 ? '::/0' : '0.0.0.0/0';
  lab.stacks.container.routes.push(
    route(prefix, { gateway, dev: 'eth0', protocol, table: 'main', metric: 0, ...about }) as never,
  );
  Object.assign(lab.path.sourceRoute, { gateway, dev: 'eth0' });
  for (const hop of lab.path.hops)
    if (hop.id === 'other/eth0' && family === 6)
      for (const link of [hop.link, ...(lab.stacks.other?.links ?? [])])
        if (link.name === 'eth0') link.addresses.push({ ...OF_ROGUE });
  lab.sysctls.container['net.ipv6.conf.eth0.accept_ra'] = '2';
  lab.sysctls.other['net.ipv6.conf.all.forwarding'] = '0';
  lab.sysctls.other['net.ipv4.ip_forward'] = '0';
  return lab;
}

describe('container-wrong-gateway: a router of which somebody told', () => {
  it('names the advertisement, how long it is good for, and who sent it, and forwards nothing in a stranger', () => {
    const lab = handedToB(6, 'ra', { expires: 1795, preference: 'high' });
    const claim = examine('container-wrong-gateway', lab);
    expect(claim).toMatchObject({
      sure: 'proved',
      what: `the container sends to the wrong gateway, ${ROGUE}, of which it knows by a router advertisement`,
    });
    expect(claim?.why).toMatch(/proto ra, good for another 1795 s/);
    expect(claim?.why).toMatch(/eth0 of the namespace lab-b, behind vethb of br0, which sent it/);
    expect(claim?.why).toContain('net.ipv6.conf.all.forwarding is 0 there');
    expect(claim?.why).toContain('The gateway of this network is fd00:88::1');
    const inA = (line: string) => `nsenter --net=/run/netns/lab-a ${line}`;
    expect(commands(claim)).toEqual({
      apply: [
        inA('sysctl -w net.ipv6.conf.eth0.accept_ra=0'),
        inA(`ip -6 route del default via ${ROGUE} dev eth0 proto ra`),
      ],
      undo: [
        inA(`ip -6 route add default via ${ROGUE} dev eth0 proto ra expires 1795 pref high`),
        inA('sysctl -w net.ipv6.conf.eth0.accept_ra=2'),
      ],
    });
    expect(examine('ip-forward-off', lab)?.fixes?.[0]?.risk).toBe('disruptive');
  });

  it('is told by who got the packets, where the kernel has changed its mind since', () => {
    const lab = handedToB(6, 'ra', { metric: 2048 });
    lab.path.sourceRoute.gateway = 'fd00:88::1';
    expect(examine('container-wrong-gateway', lab)?.what).toContain('by a router advertisement');
  });

  it('is told of a route that has gone since, which only the setting keeps away', () => {
    const lab = handedToB(6, 'ra');
    lab.stacks.container.routes = lab.stacks.container.routes.filter(({ gateway }) => gateway !== ROGUE);
    expect(examine('container-wrong-gateway', lab)).toBeNull();
    lab.path.sourceRoute.protocol = 'ra';
    const claim = examine('container-wrong-gateway', lab);
    expect(claim?.why).toContain('each advertisement sets it again');
    expect(commands(claim).apply).toEqual([
      'nsenter --net=/run/netns/lab-a sysctl -w net.ipv6.conf.eth0.accept_ra=0',
    ]);
  });

  it('gives the network its own gateway back where no other route names it', () => {
    const lab = handedToB(6, 'ra');
    lab.stacks.container.routes = lab.stacks.container.routes.filter((one) => one.gateway !== 'fd00:88::1');
    expect(commands(examine('container-wrong-gateway', lab)).apply.at(-1)).toMatch(
      /ip -6 route add default via fd00:88::1 dev eth0$/,
    );
  });

  it('disturbs a container that has its addresses by advertisements too', () => {
    const lab = handedToB(6, 'ra');
    for (const own of lab.stacks.container.links.flatMap(({ addresses }) => addresses))
      if (own.family === 6) own.flags = ['dynamic'];
    expect(examine('container-wrong-gateway', lab)?.fixes?.[0]?.risk).toBe('disruptive');
  });

  it('names a DHCP server, and leaves the setting for advertisements alone', () => {
    const claim = examine('container-wrong-gateway', handedToB(4, 'dhcp'));
    expect(claim?.what).toContain('10.88.0.3, of which it knows by DHCP');
    expect(commands(claim).apply.join()).not.toContain('accept_ra');
  });

  it.each([
    ['somebody configured it', () => handedToB(6, 'static')],
    [
      'the host itself is that router',
      () => {
        const lab = handedToB(6, 'ra');
        for (const link of lab.stacks.host.links)
          if (link.name === 'br0') link.addresses.push({ ...OF_ROGUE });
        return lab;
      },
    ],
    [
      'somebody else took the packets',
      () => {
        const lab = handedToB(6, 'ra');
        for (const link of [...(lab.stacks.other?.links ?? []), ...lab.path.hops.map((hop) => hop.link)])
          link.addresses = link.addresses.filter(({ address }) => address !== ROGUE);
        return lab;
      },
    ],
  ])('is not told where %s', (_, lab) => {
    expect(examine('container-wrong-gateway', lab())?.what ?? '').not.toContain('of which it knows');
  });
});

describe('host-route-diverted: a container that the host believed', () => {
  function believed(protocol: string): Lab {
    const lab = handedToB(6, 'static');
    lab.stacks.host.routes.push(
      route('::/0', {
        gateway: ROGUE,
        dev: 'br0',
        protocol,
        preference: 'high',
        expires: 1700,
        metric: 1024,
      }) as never,
    );
    lab.path.hostRoute = { ...lab.path.sourceRoute, gateway: ROGUE, dev: 'br0' } as never;
    lab.sysctls.host['net.ipv6.conf.br0.accept_ra'] = '2';
    return lab;
  }

  it('names the container, and believes none on that bridge any more', () => {
    const claim = examine('host-route-diverted', believed('ra'));
    expect(claim).toMatchObject({
      sure: 'proved',
      what: expect.stringMatching(
        /the host sends it to fe80::b3 on br0, of which it knows by a router advertisement, instead of up0/,
      ),
      why: expect.stringContaining('the namespace lab-b, behind vethb of br0, which sent it'),
    });
    expect(commands(claim).apply).toEqual([
      'sysctl -w net.ipv6.conf.br0.accept_ra=0',
      `ip -6 route del default via ${ROGUE} dev br0 metric 1024 proto ra`,
    ]);
    expect(claim?.fixes?.[0]?.risk).toBe('disruptive');
  });

  it('is not told of a route that somebody configured', () => {
    expect(examine('host-route-diverted', believed('static'))?.what ?? '').not.toContain('of which it knows');
  });
});
