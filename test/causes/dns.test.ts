import { describe, expect, it } from 'vitest';
import configMissing from '../../src/causes/dns-config-missing.ts';
import embeddedBroken from '../../src/causes/dns-embedded-broken.ts';
import dnsRace from '../../src/causes/dns-race.ts';
import resolver from '../../src/causes/dns-resolver.ts';
import { asking, listener, refusedAt } from './asking.ts';
import { examine } from './examine.ts';
import { iptables } from './rules-of.ts';
import { dropped, hit, type Lab, lostAt, silent } from './scene.ts';

const [loopback, quiet] = resolver;

/** The container asks an address of its own loopback, and its own kernel refuses. */
function ownLoopback(address: string): Lab {
  const lab = asking('to-host', 'dns', 53);
  Object.assign(lab.flow, { address, to: address });
  const lo = lab.stacks.container.links[0] as Lab['path']['hops'][number]['link'];
  lab.path.hops = [
    {
      ...(lab.path.hops[0] as Lab['path']['hops'][number]),
      id: 'container/lo',
      name: 'lo',
      kind: 'loopback',
      link: lo,
    },
  ];
  lab.path.stages = ['send', 'deliver'];
  lab.sightings = lab.sightings.slice(0, 1);
  for (const one of lab.sightings)
    Object.assign(one, { hop: 'container/lo', source: '127.0.0.1', destination: address });
  return refusedAt(lab, 'container/lo', address);
}

const udp = (about: object) => listener({ proto: 'udp', ...about });

describe('dns-resolver-loopback', () => {
  it('sees a stub that does not live here', () => {
    expect(loopback?.examine(ownLoopback('127.0.0.53'))).toMatchObject({
      sure: 'proved',
      what: expect.stringContaining('127.0.0.53'),
    });
  });

  it('is told of a file that was written on Windows, where the library reads no server out of it', () => {
    const lab = ownLoopback('127.0.0.1');
    const file = { ...lab.resolver, nameservers: ['198.51.100.53'], returns: true } as const;
    lab.resolver = file as unknown as Lab['resolver'];
    expect(loopback?.examine(lab)?.what).toContain('CR LF');
    lab.resolver = { ...file, nameservers: ['127.0.0.1'] } as unknown as Lab['resolver'];
    expect(loopback?.examine(lab)?.what).toContain('where no resolver listens');
  });

  it('leaves a resolver alone that does, other ports, and the runtime\u2019s own', () => {
    const served = ownLoopback('127.0.0.53');
    served.listeners = [udp({ address: '127.0.0.53', port: 53 })];
    expect(loopback?.examine(served)).toBeNull();
    expect(loopback?.examine(ownLoopback('127.0.0.11'))).toBeNull();
    const web = ownLoopback('127.0.0.1');
    Object.assign(web.flow, { proto: 'tcp', port: 80 });
    expect(loopback?.examine(web)).toBeNull();
  });
});

describe('dns-resolver-silent', () => {
  it('sees that nobody listens on the bridge\u2019s address, on whatever port', () => {
    const lab = dropped(refusedAt(asking('to-host', 'dns', 54), 'host/br0'), 'NO_SOCKET', '__udp4_lib_rcv');
    expect(quiet?.examine(lab)).toMatchObject({
      sure: 'proved',
      what: 'no resolver listens at 10.88.0.1 port 54',
    });
  });

  it('takes a drop without reason and function for no other fault', () => {
    const refused = refusedAt(asking('to-host', 'dns', 54), 'host/br0');
    expect(quiet?.examine(dropped(refused, 'NOT_SPECIFIED', 'unknown'))).toMatchObject({ sure: 'proved' });
  });

  it('sees a resolver outside that stays silent', () => {
    expect(quiet?.examine(silent(asking('outside', 'dns', 53)))?.what).toBe(
      'the resolver 198.51.100.1 does not answer',
    );
  });

  it('sends nobody to start a resolver that answers the host', () => {
    const lab = silent(asking('outside', 'dns', 53));
    Object.assign(lab, { control: { asked: true, answered: true, outcomes: [], says: '' } });
    expect(quiet?.examine(lab)?.do).toContain('--local-service');
    Object.assign(lab, { control: { asked: true, answered: false, outcomes: [], says: '' } });
    expect(quiet?.examine(lab)?.do).toMatch(/^Start the resolver/);
  });

  it('tells of an XDP program that may drop the answer unseen', () => {
    const lab = silent(asking('outside', 'dns', 53));
    expect(quiet?.examine(lab)?.why).not.toContain('XDP');
    const uplink = lab.stacks.host.links.find(({ name }) => name === 'up0');
    Object.assign(uplink!, { xdp: 'xdpgeneric' });
    expect(quiet?.examine(lab)?.why).toContain('up0 runs an XDP program (xdpgeneric)');
  });

  it('leaves losses on the way, drops, and other questions alone', () => {
    expect(quiet?.examine(lostAt(asking('outside', 'dns', 53), 3))).toBeNull();
    expect(
      quiet?.examine(
        dropped(refusedAt(asking('to-host', 'dns', 53), 'host/br0'), 'NETFILTER_DROP', 'nft_do_chain'),
      ),
    ).toBeNull();
    expect(quiet?.examine(refusedAt(asking('to-host', 'udp', 5151), 'host/br0'))).toBeNull();
  });
});

describe('dns-embedded-broken', () => {
  const REDIRECT =
    '*nat\n-A OUTPUT -d 127.0.0.11/32 -p udp -m udp --dport 53 -j DNAT --to-destination 127.0.0.11:40053';
  const own = udp({ address: '127.0.0.11', port: 40053, process: 'dockerd' });

  it('sees the resolver without its redirect, and writes it again in the container', () => {
    const lab = ownLoopback('127.0.0.11');
    lab.listeners = [own];
    const claim = embeddedBroken.examine(lab);
    expect(claim).toMatchObject({ sure: 'proved', what: expect.stringContaining('port 40053') });
    expect(claim?.fixes?.[0]?.apply[0]).toMatchObject({
      run: {
        argv: expect.arrayContaining(['-d', '127.0.0.11', '127.0.0.11:40053']),
        in: { path: '/run/netns/lab-a' },
      },
    });
  });

  it('sees that it does not run at all', () => {
    expect(embeddedBroken.examine(ownLoopback('127.0.0.11'))).toMatchObject({
      what: expect.stringContaining('does not run'),
      fixes: [],
    });
  });

  it('leaves a redirect alone that stands, and other resolvers', () => {
    const lab = ownLoopback('127.0.0.11');
    lab.listeners = [own];
    lab.firewall.container = iptables(REDIRECT);
    expect(embeddedBroken.examine(lab)).toBeNull();
    expect(embeddedBroken.examine(ownLoopback('127.0.0.53'))).toBeNull();
  });
});

describe('dns-config-missing', () => {
  it('sees a resolv.conf without a server', () => {
    const lab = ownLoopback('127.0.0.1');
    lab.flow.to = 'example.com';
    lab.resolver.nameservers = [];
    expect(configMissing.examine(lab)?.what).toBe('/etc/resolv.conf names no name server');
  });

  it('leaves one alone that names some, and a server that was named by hand', () => {
    const lab = ownLoopback('127.0.0.1');
    lab.flow.to = 'example.com';
    expect(configMissing.examine(lab)).toBeNull();
    const named = silent(asking('outside', 'dns', 53));
    named.resolver.nameservers = [];
    expect(configMissing.examine(named)).toBeNull();
  });
});

describe('dns-race', () => {
  function some(): Lab {
    const lab = dropped(lostAt(asking('outside', 'dns', 53), 3), 'NETFILTER_DROP', 'nf_hook_slow');
    lab.outcomes.push({ probe: 1, result: 'answered', microseconds: 90, errno: null, says: null });
    return lab;
  }

  it('sees that some are lost behind the rules', () => {
    expect(dnsRace.examine(some())?.sure).toBe('supported');
  });

  it('leaves steady losses alone, rules, and a full table', () => {
    const all = some();
    all.outcomes.pop();
    expect(dnsRace.examine(all)).toBeNull();
    expect(
      dnsRace.examine(hit(some(), { text: '-A FORWARD -m statistic --mode nth --every 2 -j DROP' })),
    ).toBeNull();
    const full = some();
    full.conntrack = { entries: [], count: 100, max: 100 };
    expect(dnsRace.examine(full)).toBeNull();
    expect(dnsRace.examine(dropped(some(), 'NETFILTER_DROP', 'nft_do_chain'))).toBeNull();
  });
});

describe('dns-server-unusable', () => {
  const LIVES = '198.51.100.53';
  const DEAD = '198.51.100.1';

  /** One server says REFUSED, the other, which is looked at, nothing. */
  function silentOne(servers: string[]): Lab {
    const lab = silent(asking('outside', 'dns', 53));
    const put = { name: 'web.example', type: 'A', transport: 'udp' } as const;
    const refused = {
      kind: 'answer' as const,
      rcode: 5,
      truncated: false,
      lame: false,
      records: 0,
      addresses: [],
      milliseconds: 1,
    };
    lab.lookUp.servers = servers;
    lab.lookUp.asked = [
      { ...put, server: LIVES, reply: refused },
      { ...put, server: DEAD, reply: { kind: 'silence' } },
    ];
    lab.lookUp.outcomes = [
      {
        library: 'glibc',
        addresses: [],
        error: 'try-again',
        source: null,
        asked: null,
        waited: 10,
        questions: servers.map((server) => ({ ...put, server })),
      },
    ];
    return lab;
  }

  it('costs every look-up where it is asked first', () => {
    expect(examine('dns-server-unusable', silentOne([DEAD, LIVES]))?.why).toContain(
      `in every look-up before ${LIVES} is asked, which answers`,
    );
  });

  it('costs those that the server before it does not answer, where it comes second', () => {
    expect(examine('dns-server-unusable', silentOne([LIVES, DEAD]))?.why).toContain(
      `for which ${LIVES}, asked before it, has no answer that counts`,
    );
  });
});
