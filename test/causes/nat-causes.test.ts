import { describe, expect, it } from 'vitest';
import conntrackFull from '../../src/causes/conntrack-full.ts';
import conntrackInvalid from '../../src/causes/conntrack-invalid-drop.ts';
import conntrackStale from '../../src/causes/conntrack-stale.ts';
import dnatWrong from '../../src/causes/dnat-wrong.ts';
import masqueradeMissing from '../../src/causes/masquerade-missing.ts';
import snatWrong from '../../src/causes/snat-wrong-address.ts';
import type { Tracked } from '../../src/model/facts.ts';
import { sighting } from '../examples/sighting.ts';
import { asking } from './asking.ts';
import { commands } from './examine.ts';
import { DOCKER, iptables, nft, without, withRules } from './rules-of.ts';
import { dropped, firewallRule, healthy, hit, type Lab, lostAt, silent } from './scene.ts';

const SNAT = '*nat\n-A POSTROUTING -s 10.88.0.0/24 ! -o br0 -j SNAT --to-source 203.0.113.9';

/** It left with this source, and nothing came back. */
function left(source: string, rules: string, family: 4 | 6 = 4): Lab {
  const lab = silent(healthy('outside', family));
  for (const one of lab.sightings) if (one.hop === 'host/up0') one.source = source;
  lab.firewall.host = iptables(rules, family === 6 ? 'ip6' : 'ip') as Lab['firewall']['host'];
  return lab;
}

const entry = (about: Partial<Tracked> = {}): Tracked => ({
  proto: 'udp',
  original: { source: '192.0.2.2', destination: '192.0.2.1', sourcePort: 40000, destinationPort: 5353 },
  reply: { source: '10.88.0.77', destination: '192.0.2.2', sourcePort: 53, destinationPort: 44444 },
  flags: ['UNREPLIED'],
  text: 'udp 17 29 src=192.0.2.2 dst=192.0.2.1 …',
  ...about,
});

describe('masquerade-missing', () => {
  const bare = without(DOCKER, 'MASQUERADE');

  it('sees the private source leave, with Docker\u2019s other rules standing', () => {
    const claim = masqueradeMissing.examine(left('10.88.0.2', bare));
    expect(claim).toMatchObject({ sure: 'proved', what: expect.stringContaining('10.88.0.0/24') });
    expect(commands(claim).apply).toEqual([
      'iptables -t nat -A POSTROUTING -s 10.88.0.0/24 ! -o br0 -j MASQUERADE',
    ]);
  });

  it('is not why nobody answers where the same address was answered just now', () => {
    const lab = left('10.88.0.2', bare);
    lab.answeredAsItself = [entry({ flags: [] }) as never];
    expect(masqueradeMissing.examine(lab)).toBeNull();
  });

  it('is safe for IPv4, and for IPv6 only where this host rewrites IPv6', () => {
    const risk = (lab: Lab) => masqueradeMissing.examine(lab)?.fixes?.[0]?.risk;
    const other = '*nat\n-A POSTROUTING -s fd00:77::/64 ! -o br0 -j MASQUERADE';
    expect(risk(left('10.88.0.2', bare))).toBe('safe');
    expect(risk(left('fd00:88::2', '', 6))).toBe('disruptive');
    expect(risk(left('fd00:88::2', other, 6))).toBe('safe');
  });

  it('sees it where no rules are left at all', () => {
    expect(masqueradeMissing.examine(left('10.88.0.2', ''))?.sure).toBe('proved');
  });

  it('leaves a network alone that is routed on purpose', () => {
    const routed = without(bare, '-A PREROUTING -d 10.88.0.2/32');
    expect(masqueradeMissing.examine(left('10.88.0.2', routed))).toBeNull();
  });

  it('believes the runtime about what the network is meant to be', () => {
    const lab = left('10.88.0.2', '');
    lab.target.networks = [
      {
        name: 'routed',
        driver: 'bridge',
        bridge: 'br0',
        subnets: ['10.88.0.0/24'],
        gateways: [],
        addresses: ['10.88.0.2'],
        mac: null,
        internal: false,
        icc: true,
        masquerade: false,
        options: {},
      },
    ];
    expect(masqueradeMissing.examine(lab)).toBeNull();
  });

  it('masquerades this destination before an exception, and takes that away only after', () => {
    const exception = '*nat\n-A POSTROUTING -s 10.88.0.0/24 -d 198.51.100.0/24 -j ACCEPT\n';
    const claim = masqueradeMissing.examine(left('10.88.0.2', exception + DOCKER));
    expect(claim?.fixes?.map(({ title }) => title)).toEqual([
      'Masquerade what 10.88.0.0/24 sends to 198.51.100.1, before rule 1 of chain POSTROUTING of table ip nat',
      expect.stringMatching(/^Remove rule 1/),
    ]);
    expect(commands(claim)).toEqual({
      apply: ['iptables -t nat -I POSTROUTING 1 -s 10.88.0.0/24 -d 198.51.100.1 -o up0 -j MASQUERADE'],
      undo: ['iptables -t nat -D POSTROUTING -s 10.88.0.0/24 -d 198.51.100.1 -o up0 -j MASQUERADE'],
    });
  });

  it('takes away the NOTRACK that hides the packet', () => {
    const rules = `*raw\n-A PREROUTING -i br0 -j CT --notrack\n${DOCKER}`;
    const claim = masqueradeMissing.examine(left('10.88.0.2', rules));
    expect(claim?.why).toContain('-i br0 -j CT --notrack');
    expect(commands(claim).apply).toEqual(['iptables -t raw -D PREROUTING 1']);
  });

  it('takes away the exception that comes first', () => {
    const rules = `*nat\n-A POSTROUTING -d 198.51.100.0/24 -j RETURN\n-A POSTROUTING -s 10.88.0.0/24 ! -o br0 -j MASQUERADE`;
    expect(masqueradeMissing.examine(left('10.88.0.2', rules))?.what).toContain('exception');
  });

  it('finds the exception in a chain that is called before', () => {
    const rules = `*nat\n-A POSTROUTING -j NO-NAT\n-A NO-NAT -s 10.88.0.0/24 -j ACCEPT\n-A POSTROUTING -s 10.88.0.0/24 ! -o br0 -j MASQUERADE`;
    expect(masqueradeMissing.examine(left('10.88.0.2', rules))?.why).toContain('-A NO-NAT');
  });

  it.each(['ACCEPT', 'RETURN'])('blames no %s behind a rule that surely rewrites', (target) => {
    const rules = `*nat\n-A POSTROUTING -s 10.88.0.0/24 ! -o br0 -j MASQUERADE\n-A POSTROUTING -d 198.51.100.0/24 -j ${target}\n-A POSTROUTING -j MASQUERADE`;
    expect(masqueradeMissing.examine(left('10.88.0.2', rules))).toBeNull();
  });

  it('reads tables of nft by whatever name', () => {
    const lab = left('10.88.0.2', '');
    const about = { table: 'mine', hook: 'postrouting' };
    const masquerade = nft('oifname "up0" masquerade', { ...about, number: 2 });
    lab.firewall.host = [nft('ip daddr 198.51.100.0/24 accept', { ...about, number: 1 }), masquerade];
    expect(masqueradeMissing.examine(lab)?.what).toContain('exception');
    lab.firewall.host = [masquerade];
    expect(masqueradeMissing.examine(lab)).toBeNull();
  });

  it('names a rule that exists for another subnet or interface', () => {
    const rules = '*nat\n-A POSTROUTING -s 10.88.0.0/24 -o wlan0 -j MASQUERADE';
    expect(masqueradeMissing.examine(left('10.88.0.2', rules))?.why).toContain('-o wlan0');
  });

  it('uses ip6tables for a ULA, and leaves a global address alone', () => {
    const claim = masqueradeMissing.examine(left('fd00:88::2', '*filter\n-A FORWARD -i br0 -j ACCEPT', 6));
    expect(JSON.stringify(claim?.fixes)).toContain(
      '"ip6tables","-t","nat","-A","POSTROUTING","-s","fd00:88::/64"',
    );
    const lab = left('2a00:1::2', '', 6);
    for (const one of lab.sightings) one.source = '2a00:1::2';
    expect(masqueradeMissing.examine(lab)).toBeNull();
  });

  it('does not speak of a source that was rewritten, nor of one that was answered', () => {
    expect(masqueradeMissing.examine(left('192.0.2.1', DOCKER))).toBeNull();
    const lab = healthy();
    for (const one of lab.sightings)
      if (one.hop === 'host/up0' && one.kind === 'request') one.source = '10.88.0.2';
    expect(masqueradeMissing.examine(lab)).toBeNull();
  });

  it('does not ask a macvlan child to be masqueraded', () => {
    const lab = left('10.88.0.2', '');
    lab.path.stages = ['send', 'wire', 'port', 'wire', 'beyond'];
    expect(masqueradeMissing.examine(lab)).toBeNull();
  });
});

describe('snat-wrong-address', () => {
  it('names the address that nobody routes back, and the rule', () => {
    const lab = left('203.0.113.9', SNAT);
    lab.control = { asked: true, answered: true, outcomes: [], says: '' };
    const claim = snatWrong.examine(lab);
    expect(claim).toMatchObject({ sure: 'proved', what: expect.stringContaining('203.0.113.9') });
    // First what leaves the rule in its place.
    expect(claim?.fixes?.map(({ title }) => title)).toEqual([
      'Rewrite the source to 192.0.2.1 on up0',
      expect.stringMatching(/^Remove rule/),
    ]);
  });

  it('writes its own rule by the iptables that wrote the wrong one', () => {
    const lab = left('203.0.113.9', SNAT);
    lab.firewall.host = lab.firewall.host.map((rule) => ({ ...rule, engine: 'iptables-legacy' }));
    expect(snatWrong.examine(lab)?.fixes?.[0]).toMatchObject({
      apply: [{ run: { argv: expect.arrayContaining(['iptables-legacy', '-I', '192.0.2.1']) } }],
      undo: [{ run: { argv: expect.arrayContaining(['iptables-legacy', '-D', '192.0.2.1']) } }],
    });
  });

  it('sees an address of another interface', () => {
    expect(
      snatWrong.examine(left('10.89.0.1', '*nat\n-A POSTROUTING -j SNAT --to-source 10.89.0.1'))?.what,
    ).toContain('br1');
  });

  it('is only supported where the host is not answered either', () => {
    expect(snatWrong.examine(left('203.0.113.9', SNAT))?.sure).toBe('supported');
  });

  it('leaves the uplink\u2019s own address alone, and a rule that this flow does not meet', () => {
    expect(snatWrong.examine(left('192.0.2.1', SNAT))).toBeNull();
    expect(snatWrong.examine(left('10.88.0.2', SNAT))).toBeNull();
  });

  it('finds nft\u2019s own rule', () => {
    const lab = left('203.0.113.9', '');
    lab.firewall.host = [
      nft('ip saddr 10.88.0.0/24 oifname != "br0" snat to 203.0.113.9', { hook: 'postrouting' }),
    ];
    expect(snatWrong.examine(lab)?.fixes?.[0]?.apply).toEqual([
      { run: { argv: ['nft', 'delete', 'rule', 'ip', 'mine', 'c', 'handle', '7'] } },
    ]);
  });
});

describe('dnat-wrong', () => {
  const STALE = DOCKER.replace(
    '-A DOCKER -p tcp -m tcp --dport 8080',
    '-A DOCKER -p tcp --dport 8080 -j DNAT --to-destination 10.88.0.77:80\n-A DOCKER -p tcp -m tcp --dport 8080',
  );

  /** From outside to port 8080, taken to this address by conntrack's entry and never seen on br0. */
  function takenTo(address: string, port: number, rules: string): Lab {
    const lab = withRules(lostAt(asking('from-outside', 'tcp', 8080), 1), rules);
    lab.conntrack.entries = [
      entry({
        proto: 'tcp',
        original: { source: '192.0.2.2', destination: '192.0.2.1', sourcePort: 40000, destinationPort: 8080 },
        reply: { source: address, destination: '192.0.2.2', sourcePort: port, destinationPort: 40000 },
      }) as Lab['conntrack']['entries'][number],
    ];
    return lab;
  }

  it('names the stale rule that matched first', () => {
    const claim = dnatWrong.examine(
      dropped(takenTo('10.88.0.77', 80, STALE), 'NEIGH_FAILED', 'neigh_invalidate'),
    );
    expect(claim).toMatchObject({
      sure: 'proved',
      owner: 'docker',
      what: expect.stringContaining('10.88.0.77:80'),
    });
    expect(commands(claim).apply).toEqual(['iptables -t nat -D DOCKER 1']);
  });

  it('sees the host look for the address to which a rule led the way out', () => {
    const waiting = (says: string[]): Lab => {
      const lab = withRules(
        lostAt(asking('outside', 'tcp', 80), 2),
        '*nat\n-A PREROUTING -i br0 -d 198.51.100.1/32 -j DNAT --to-destination 10.88.0.77',
      );
      for (const one of says) lab.sightings.push(sighting('host/br0', 'neighbour', { says: one }) as never);
      return lab;
    };
    const question = 'who has 10.88.0.77? tell 10.88.0.1';
    expect(dnatWrong.examine(waiting([question]))).toMatchObject({
      sure: 'proved',
      what: expect.stringContaining('10.88.0.77:80'),
    });
    expect(dnatWrong.examine(waiting([question, '10.88.0.77 is at 02:00:00:00:00:77']))).toBeNull();
    expect(dnatWrong.examine(waiting([]))).toBeNull();
  });

  it('says what was done there: refused, or told that there is no way', () => {
    const spoken = (kind: 'refused' | 'error', says: string | null): string | undefined => {
      const lab = takenTo('10.88.0.77', 80, STALE);
      lab.symptom = { kind, errno: null, from: '10.88.0.77', says, bornAt: null };
      return dnatWrong.examine(lab)?.what;
    };
    expect(spoken('refused', 'connection refused (RST)')).toMatch(/10\.88\.0\.77:80, which refuses it:/);
    expect(spoken('error', 'host unreachable')).toMatch(/and 10\.88\.0\.77 says "host unreachable":/);
    expect(dnatWrong.examine(takenTo('10.88.0.77', 80, STALE))?.what).toMatch(/which does not answer:/);
  });

  it('does not take away a rule that leads to others too, which answer', () => {
    const shared = (some: boolean): Lab => {
      const lab = takenTo('10.88.0.77', 80, '');
      lab.firewall.host = [
        nft('tcp dport 8080 dnat to jhash tcp sport mod 2 map { 0 : 10.88.0.77, 1 : 10.88.0.2 }'),
      ];
      if (some) lab.comparison = { lost: 1, answered: 2, differences: [] };
      return lab;
    };
    expect(dnatWrong.examine(shared(false))?.fixes).toHaveLength(1);
    expect(dnatWrong.examine(shared(true))).toMatchObject({
      fixes: [],
      do: expect.stringContaining('the others answer'),
    });
  });

  it('leaves the right rule alone when the container itself fails', () => {
    expect(dnatWrong.examine(takenTo('10.88.0.2', 80, DOCKER))).toBeNull();
  });

  it('leaves a stale rule alone that this flow did not take', () => {
    expect(
      dnatWrong.examine(
        takenTo(
          '10.88.0.2',
          80,
          STALE.replace(
            '8080 -j DNAT --to-destination 10.88.0.77',
            '9090 -j DNAT --to-destination 10.88.0.77',
          ),
        ),
      ),
    ).toBeNull();
  });

  it('needs a rule that is reached: an entry older than the rules is another matter', () => {
    expect(dnatWrong.examine(takenTo('10.88.0.77', 80, DOCKER))).toBeNull();
    expect(
      dnatWrong.examine(takenTo('10.88.0.77', 80, without(STALE, '-A PREROUTING -m addrtype'))),
    ).toBeNull();
  });

  it('sees a REDIRECT of the way out to a proxy of the host that does not run', () => {
    const lab = withRules(
      asking('outside', 'tcp', 80),
      '*nat\n-A PREROUTING -i br0 -p tcp --dport 80 -j REDIRECT --to-ports 3128',
    );
    lab.sightings = lab.sightings.filter((one) => one.kind === 'request' && one.hop !== 'host/up0');
    lab.symptom = {
      kind: 'refused',
      errno: 'ECONNREFUSED',
      from: '198.51.100.1',
      says: null,
      bornAt: 'host/br0',
    };
    lab.conntrack.entries = [
      entry({
        proto: 'tcp',
        original: {
          source: '10.88.0.2',
          destination: '198.51.100.1',
          sourcePort: 40000,
          destinationPort: 80,
        },
        reply: { source: '10.88.0.1', destination: '10.88.0.2', sourcePort: 3128, destinationPort: 40000 },
      }) as Lab['conntrack']['entries'][number],
    ];
    expect(dnatWrong.examine(lab)?.what).toContain('REDIRECT');
  });

  it('sees the rule itself take it where no capture knew the packet again, unless another one ended it', () => {
    const text = '-A OUTPUT -p tcp -m tcp --dport 80 -j DNAT --to-destination 192.0.2.99:80';
    const lab = lostAt(asking('outside', 'tcp', 80), 3);
    hit(lab, { table: 'nat', chain: 'OUTPUT', hook: 'output', text, verdict: 'dnat' }, 'accept', 'container');
    expect(dnatWrong.examine(lab)).toMatchObject({
      sure: 'proved',
      what: `a DNAT rule takes it to 192.0.2.99:80, which does not answer: ${text}`,
    });
    expect(dnatWrong.examine(hit(lab, { text: '-A FORWARD -d 192.0.2.99/32 -j DROP' }))).toBeNull();
  });

  it('says nothing when all is answered', () => {
    const lab = asking('from-outside', 'tcp', 8080);
    expect(dnatWrong.examine(withRules(lab, STALE))).toBeNull();
  });
});

describe('conntrack-stale', () => {
  const TODAY = '*nat\n-A PREROUTING -i up0 -p udp -m udp --dport 5353 -j DNAT --to-destination 10.88.0.3:53';

  const old = (rules: string, tracked: Tracked): Lab => {
    const lab = withRules(lostAt(asking('from-outside', 'udp', 5353), 1), rules);
    lab.conntrack.entries = [tracked as Lab['conntrack']['entries'][number]];
    return lab;
  };

  it('sees the old target, deletes that one entry and can put it back', () => {
    const claim = conntrackStale.examine(old(TODAY, entry()));
    expect(claim?.what).toMatch(/10\.88\.0\.77.*10\.88\.0\.3/);
    const [fix] = claim?.fixes ?? [];
    expect(fix?.apply[0]).toMatchObject({
      run: {
        argv: [
          'conntrack',
          '-D',
          '-p',
          'udp',
          '--orig-src',
          '192.0.2.2',
          '--orig-dst',
          '192.0.2.1',
          '--orig-port-src',
          '40000',
          '--orig-port-dst',
          '5353',
        ],
      },
    });
    expect(JSON.stringify(fix?.undo)).toContain('"--reply-src","10.88.0.77"');
  });

  it('leaves an entry alone that today\u2019s rules would make again', () => {
    const same = entry({
      reply: { source: '10.88.0.3', destination: '192.0.2.2', sourcePort: 53, destinationPort: 44444 },
    });
    expect(conntrackStale.examine(old(TODAY, same))).toBeNull();
  });

  it('does not guess where rules take their target from a map', () => {
    const lab = old('', entry());
    lab.firewall.host = [nft('dnat to udp dport map @services')];
    expect(conntrackStale.examine(lab)).toBeNull();
  });

  it('takes no entry for old that a NAT chain made with this very packet', () => {
    const traced = (by: 'trace' | 'counters', sourcePort: number | null, table = 'nat') => {
      const lab = hit(
        old(TODAY, entry()),
        { table, chain: 'PREROUTING', text: TODAY.split('\n')[1]! },
        'accept',
      );
      const [met] = lab.ruleHits;
      const ends = { source: '192.0.2.2', destination: '192.0.2.1', destinationPort: 5353 };
      lab.ruleHits = [{ ...met!, by, packet: { ...ends, sourcePort, ingress: 7, egress: null } }];
      return conntrackStale.examine(lab);
    };
    expect(traced('trace', 40000)).toBeNull();
    // Another flow's packet, and counters that anybody may have moved, tell nothing of this one.
    expect(traced('trace', 40001)).not.toBeNull();
    expect(traced('counters', 40000)).not.toBeNull();
  });

  it.each([
    [
      'a network mapped one to one',
      '-A PREROUTING -d 192.0.2.0/24 -j NETMAP --to 10.88.0.0/24',
      '10.88.0.77',
    ],
    ['REDIRECT', '-A PREROUTING -p udp -m udp --dport 5353 -j REDIRECT --to-ports 53', '10.88.0.1'],
  ])('without the trace, does not take for old what %s makes today', (_, rule, source) => {
    const made = entry({
      reply: { source, destination: '192.0.2.2', sourcePort: 53, destinationPort: 40000 },
    });
    expect(conntrackStale.examine(old(`*nat\n${rule}`, made))).toBeNull();
  });

  it('sees a flow older than the MASQUERADE rule', () => {
    const lab = left('10.88.0.2', DOCKER);
    lab.conntrack.entries = [
      {
        ...entry(),
        original: {
          source: '10.88.0.2',
          destination: '198.51.100.1',
          sourcePort: null,
          destinationPort: null,
        },
        reply: { source: '198.51.100.1', destination: '10.88.0.2', sourcePort: null, destinationPort: null },
        flags: [],
      },
    ];
    expect(conntrackStale.examine(lab)?.what).toContain('older than the rule');
    lab.firewall.host = iptables(without(DOCKER, '-s 10.88.0.0/24')) as Lab['firewall']['host'];
    expect(conntrackStale.examine(lab)).toBeNull();
    // Nor would the rules of today rewrite it, where a chain that is called first accepts it.
    const spared = `*nat\n-A POSTROUTING -j NO-NAT\n-A NO-NAT -d 198.51.0.0/16 -j ACCEPT\n${DOCKER.replace(/^\*nat\n/, '')}`;
    lab.firewall.host = iptables(spared) as Lab['firewall']['host'];
    expect(conntrackStale.examine(lab)).toBeNull();
  });
});

describe('conntrack-full', () => {
  const full = (count: number): Lab => {
    const lab = lostAt(healthy(), 2);
    lab.conntrack = { entries: [], count, max: 1000 };
    return lab;
  };

  it('needs a full table and a drop before the rules', () => {
    expect(conntrackFull.examine(dropped(full(1000), 'NETFILTER_DROP', 'nf_hook_slow'))?.sure).toBe('proved');
    expect(conntrackFull.examine(full(990))?.sure).toBe('supported');
  });

  it('doubles the limit and puts it back', () => {
    const fix = conntrackFull.examine(full(1000))?.fixes?.[0];
    expect(fix?.apply).toEqual([{ run: { argv: ['sysctl', '-w', 'net.netfilter.nf_conntrack_max=2000'] } }]);
    expect(fix?.undo).toEqual([{ run: { argv: ['sysctl', '-w', 'net.netfilter.nf_conntrack_max=1000'] } }]);
  });

  it('is silent below the limit, and where the kernel names another place', () => {
    expect(conntrackFull.examine(full(700))).toBeNull();
    expect(conntrackFull.examine(dropped(full(1000), 'NETFILTER_DROP', 'nft_do_chain'))).toBeNull();
    expect(conntrackFull.examine(dropped(full(1000), 'IP_INADDRERRORS', 'ip_error'))).toBeNull();
  });
});

describe('conntrack-invalid-drop', () => {
  const INVALID = '-A FORWARD -m conntrack --ctstate INVALID,UNTRACKED -j DROP';

  it('takes the NOTRACK away first, then offers the rule', () => {
    const lab = withRules(
      lostAt(asking('outside', 'tcp', 80), 3),
      '*raw\n-A PREROUTING -i br0 -p tcp --syn -j CT --notrack',
    );
    const claim = conntrackInvalid.examine(hit(lab, { text: INVALID }));
    expect(claim).toMatchObject({ sure: 'proved', why: expect.stringContaining('--notrack') });
    expect(claim?.fixes?.map((fix) => fix.apply[0])).toMatchObject([
      { run: { argv: ['iptables', '-t', 'raw', '-D', 'PREROUTING', '1'] } },
      { run: { argv: ['iptables', '-t', 'filter', '-D', 'FORWARD', '1'] } },
    ]);
  });

  it('reads nft\u2019s spelling', () => {
    const lab = hit(lostAt(asking('outside', 'tcp', 80), 3), {
      engine: 'nft',
      text: 'ct state invalid counter drop',
    });
    expect(conntrackInvalid.examine(lab)?.fixes?.[0]?.title).toContain('window');
  });

  it('leaves rules alone that drop other states too, or that were not met', () => {
    const other = lostAt(healthy(), 3);
    expect(
      conntrackInvalid.examine(hit(other, { text: '-A FORWARD -m conntrack --ctstate NEW,INVALID -j DROP' })),
    ).toBeNull();
    const unmet = lostAt(healthy(), 3);
    unmet.firewall.host = [firewallRule({ text: INVALID })];
    expect(conntrackInvalid.examine(unmet)).toBeNull();
    expect(
      conntrackInvalid.examine(hit(lostAt(healthy(), 3), { text: '-A FORWARD -s 10.88.0.2 -j DROP' })),
    ).toBeNull();
  });
});
