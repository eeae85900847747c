import { describe, expect, it } from 'vitest';
import { opens } from '../../src/fixes/opens.ts';
import { pastRule } from '../../src/fixes/past-rule.ts';
import { sparing } from '../../src/fixes/spare.ts';
import { acceptedAtEnd } from '../../src/fixes/spare-nft.ts';
import type { Rule } from '../../src/model/evidence.ts';
import type { MetPacket, RuleHit } from '../../src/model/facts.ts';
import type { Fix } from '../../src/model/fix.ts';
import { commandLine } from '../../src/model/netns.ts';
import { asking } from '../causes/asking.ts';
import { firewallRule, hit, type Lab, type Way } from '../causes/scene.ts';

const lines = (fixes: readonly Fix[]): string[] =>
  fixes.map(({ apply }) =>
    apply.map((one) => ('run' in one ? commandLine(one.run).join(' ') : one.file)).join('; '),
  );

/** The flow ended at this rule, with this packet in hand. */
function ended(way: Way, port: number, about: Partial<Rule>, packet: Partial<MetPacket>, reply = false) {
  const lab: Lab = hit(asking(way, 'tcp', port), {
    number: 3,
    hook: 'forward',
    chain: 'DOCKER-USER',
    ...about,
  });
  const index = (name: string) => lab.stacks.host.links.find((link) => link.name === name)?.ifindex ?? null;
  const one: RuleHit = {
    ...(lab.ruleHits.at(-1) as RuleHit),
    direction: reply ? 'reply' : 'request',
    packet: {
      source: '192.0.2.2',
      destination: '10.88.0.2',
      sourcePort: 40000,
      destinationPort: 80,
      ingress: index('up0'),
      egress: index('br0'),
      ...packet,
    },
  };
  lab.ruleHits = [one];
  return { lab, one };
}

const rule = (number: number, text: string): Rule =>
  firewallRule({ number, chain: 'DOCKER-USER', text: `-A DOCKER-USER ${text}`, verdict: 'return' });

describe('a rule that lets the asked port pass and misses the port that NAT made of it', () => {
  const drop = { text: '-A DOCKER-USER -i up0 -j DROP' };
  const near = rule(2, '-i up0 -p tcp -m tcp --dport 8080 -j RETURN');

  it('is said again by the port that was asked for, just behind it', () => {
    const { lab, one } = ended('from-outside', 8080, drop, {});
    expect(lines(sparing(lab, one, [near], null))[0]).toBe(
      'iptables -t filter -I DOCKER-USER 3 -i up0 -p tcp -m tcp -m conntrack --ctorigdstport 8080 --ctdir ORIGINAL -j RETURN',
    );
  });

  it('is found in the chain that ended it: no other rules need be known', () => {
    const { lab, one } = ended('from-outside', 8080, drop, {});
    const scene = { ...lab, endingChain: { rules: [near, one.rule], lookUps: [] } };
    expect(lines(pastRule(scene, one, null))[0]).toContain('--ctorigdstport 8080');
  });

  it.each<[string, Rule, number]>([
    ['another port', rule(2, '-i up0 -p tcp -m tcp --dport 9090 -j RETURN'), 80],
    ['another interface', rule(2, '-i up9 -p tcp -m tcp --dport 8080 -j RETURN'), 80],
    ['a rule behind the one that drops', { ...near, number: 4 }, 80],
    ['a rule that drops too', rule(2, '-i up0 -p tcp -m tcp --dport 8080 -j DROP'), 80],
    ['no NAT', near, 8080],
  ])('not for %s', (_, above, destinationPort) => {
    const { lab, one } = ended('from-outside', 8080, drop, { destinationPort });
    expect(lines(sparing(lab, one, [above], null)).join()).not.toContain('ctorigdstport');
  });
});

describe('a rule about the original ends that forgot the direction', () => {
  const answer = {
    source: '198.51.100.1',
    destination: '10.88.0.2',
    sourcePort: 443,
    destinationPort: 40000,
  };
  const text = '-A DOCKER-USER -i up0 -p tcp -m conntrack --ctorigdstport 443 -j DROP';

  it('lets answers pass before it, and keeps stopping what it is for', () => {
    const { lab, one } = ended('outside', 443, { text }, answer, true);
    expect(lines(sparing(lab, one, [], null))[0]).toBe(
      'iptables -t filter -I DOCKER-USER 3 -i up0 -p tcp -m conntrack --ctdir REPLY --ctorigdstport 443 -j RETURN',
    );
  });

  it('not where it names one, nor for a request', () => {
    const named = { text: text.replace('--ctorigdstport', '--ctdir REPLY --ctorigdstport') };
    const { lab, one } = ended('outside', 443, named, answer, true);
    expect(sparing(lab, one, [], null)).toHaveLength(1);
    const request = ended('outside', 443, { text }, {});
    expect(lines(sparing(request.lab, request.one, [], null)).join()).not.toContain('REPLY');
  });
});

describe('an exception for this flow', () => {
  it.each<[string, Way, Partial<Rule>, Partial<MetPacket>, boolean, string]>([
    [
      'a request, in a chain that is called',
      'outside',
      {},
      { source: '10.88.0.2', destination: '198.51.100.1' },
      false,
      '-I DOCKER-USER 3 -i up0 -o br0 -s 10.88.0.2 -d 198.51.100.1 -p tcp --dport 80 -j RETURN',
    ],
    [
      'a request, in a chain of the hook itself',
      'outside',
      { chain: 'FORWARD' },
      { source: '10.88.0.2', destination: '198.51.100.1' },
      false,
      '-I FORWARD 3 -i up0 -o br0 -s 10.88.0.2 -d 198.51.100.1 -p tcp --dport 80 -j ACCEPT',
    ],
    [
      'somebody outside, whoever it is',
      'from-outside',
      {},
      {},
      false,
      '-I DOCKER-USER 3 -i up0 -o br0 -d 10.88.0.2 -p tcp --dport 80 -j RETURN',
    ],
    [
      'an answer',
      'outside',
      {},
      { source: '198.51.100.1', sourcePort: 80, destinationPort: 40000 },
      true,
      '-I DOCKER-USER 3 -i up0 -o br0 -s 198.51.100.1 -d 10.88.0.2 -p tcp --sport 80 -m conntrack --ctstate ESTABLISHED -j RETURN',
    ],
    [
      'an answer, before connections are tracked',
      'outside',
      { table: 'raw', chain: 'PREROUTING', hook: 'prerouting' },
      { source: '198.51.100.1', sourcePort: 80, destinationPort: 40000 },
      true,
      '-I PREROUTING 3 -i up0 -s 198.51.100.1 -d 10.88.0.2 -p tcp --sport 80 -j ACCEPT',
    ],
  ])('%s', (_, way, about, packet, reply, words) => {
    const { lab, one } = ended(
      way,
      80,
      { text: `-A ${about.chain ?? 'DOCKER-USER'} -j DROP`, ...about },
      packet,
      reply,
    );
    const fixes = sparing(lab, one, [], null);
    expect(lines(fixes)).toEqual([`iptables -t ${about.table ?? 'filter'} ${words}`]);
    expect(fixes[0]).toMatchObject({ risk: 'disruptive' });
    expect(lines([{ ...fixes[0]!, apply: fixes[0]!.undo }])[0]).toBe(
      lines(fixes)[0]!.replace(/-I (\S+) \d+/, '-D $1'),
    );
  });

  it('is none where nobody saw the packet, for a policy, and for a rule of ebtables', () => {
    const { lab, one } = ended('outside', 80, {}, {});
    const { packet: _, ...counted } = one;
    expect(sparing(lab, counted, [], null)).toEqual([]);
    expect(sparing(lab, { ...one, rule: { ...one.rule, number: null } }, [], null)).toEqual([]);
    expect(sparing(lab, { ...one, rule: { ...one.rule, engine: 'ebtables' } }, [], null)).toEqual([]);
  });
});

describe('a rule of nft', () => {
  const native = {
    engine: 'nft',
    family: 'inet',
    table: 'guard',
    chain: 'forward',
    handle: 9,
    text: 'iifname "up0" drop',
  } as const;
  const near = (text: string, number = 2): Rule =>
    firewallRule({ ...native, number, handle: 4, text, verdict: 'accept' });

  it('is passed by this flow alone, just before it', () => {
    const { lab, one } = ended('outside', 80, native, { source: '10.88.0.2', destination: '198.51.100.1' });
    const [fix] = sparing(lab, one, [], null);
    expect(lines([fix!])).toEqual([
      'nft insert rule inet guard forward handle 9 iifname "up0" oifname "br0" ip saddr 10.88.0.2 ip daddr 198.51.100.1 tcp dport 80 accept',
    ]);
    expect(fix).toMatchObject({ risk: 'disruptive' });
    expect(lines([{ ...fix!, apply: fix!.undo }])).toEqual([
      'nft -a list chain inet guard forward; nft delete rule inet guard forward handle HANDLE',
    ]);
  });

  it('is passed by this flow alone at the end of the chain, where its policy drops', () => {
    const policy = { ...native, number: null, handle: null, text: 'type filter hook forward; policy drop;' };
    const { lab, one } = ended('outside', 80, policy, { source: '10.88.0.2', destination: '198.51.100.1' });
    const [fix] = acceptedAtEnd(lab, one, null);
    expect(lines([fix!])).toEqual([
      'nft add rule inet guard forward iifname "up0" oifname "br0" ip saddr 10.88.0.2 ip daddr 198.51.100.1 tcp dport 80 accept',
    ]);
    expect(fix).toMatchObject({ risk: 'disruptive', lasts: 'until the rules are loaded again' });
    expect(lines([{ ...fix!, apply: fix!.undo }])).toEqual([
      'nft -a list chain inet guard forward; nft delete rule inet guard forward handle HANDLE',
    ]);
  });

  it('lets go on from a chain that was jumped to, and answers that belong to a connection', () => {
    const answer = { source: '198.51.100.1', sourcePort: 80, destinationPort: 40000 };
    const { lab, one } = ended('outside', 80, { ...native, hook: null }, answer, true);
    expect(lines(sparing(lab, one, [], null))[0]).toMatch(
      / ip saddr 198\.51\.100\.1 ip daddr 10\.88\.0\.2 tcp sport 80 ct state established return$/,
    );
    const early = ended('outside', 80, { ...native, hook: 'prerouting' }, answer, true);
    expect(lines(sparing(early.lab, early.one, [], null))[0]).not.toMatch(/ct state|oifname/);
  });

  it('has the near miss above it said again by the port that was asked for', () => {
    const { lab, one } = ended('from-outside', 8080, native, {});
    const above = near('iifname "up0" tcp dport 8080 counter packets 3 bytes 180 accept');
    expect(lines(sparing(lab, one, [above], null))[0]).toBe(
      'nft add rule inet guard forward handle 4 iifname "up0" meta l4proto tcp ct direction original ct original proto-dst 8080 accept',
    );
    for (const other of [near('tcp dport 8080-8090 accept'), near('tcp dport 8080 accept', 4)])
      expect(lines(sparing(lab, one, [other], null)).join()).not.toContain('proto-dst');
  });

  it('that forgot the direction lets answers pass', () => {
    const text = 'iifname "up0" meta l4proto tcp ct original proto-dst 443 drop';
    const { lab, one } = ended('outside', 443, { ...native, text }, { source: '198.51.100.1' }, true);
    expect(lines(sparing(lab, one, [], null))[0]).toBe(
      'nft insert rule inet guard forward handle 9 ct direction reply iifname "up0" meta l4proto tcp ct original proto-dst 443 accept',
    );
  });

  it.each([
    ['of ARP', { family: 'arp' }],
    ['without a handle', { handle: null }],
    ['that nft does not show whole', { text: 'iifname "up0"  drop' }],
  ])('is left alone: one %s', (_, about) => {
    const { lab, one } = ended('outside', 80, { ...native, ...about }, {});
    expect(sparing(lab, one, [], null)).toEqual([]);
  });
});

describe('what the removal of a rule opens', () => {
  it.each([
    ['-A DOCKER-USER -i up0 -j DROP', 'drop', 'opens what comes in by up0'],
    [
      '-A X ! -i br0 -p tcp -m tcp --dport 22 -j REJECT',
      'reject',
      'opens what comes in by anything but br0, is tcp, has port 22',
    ],
    ['-A X -m mark --mark 0x8000/0x8000 -j DROP', 'drop', 'opens what has mark 0x8000/0x8000'],
    [
      '-A X -p udp -m length --length 1000:65535 -j DROP',
      'drop',
      'opens what is udp, is 1000:65535 bytes long',
    ],
    ['-A OUTPUT -m owner ! --uid-owner 5000 -j DROP', 'drop', 'opens what is sent by user anything but 5000'],
    ['-A X -j DROP', 'drop', 'opens everything'],
    [
      '-A PREROUTING -d 192.0.2.1/32 -j DNAT --to-destination 10.0.0.1',
      'dnat',
      'leads what goes to 192.0.2.1/32 elsewhere than it was meant to go',
    ],
  ])('%s', (text, verdict, says) => {
    expect(opens(firewallRule({ text, verdict }))).toBe(says);
  });
});
