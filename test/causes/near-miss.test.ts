/** A rule that would have let a packet pass but for one clause, as the causes tell it. */
import { describe, expect, it } from 'vitest';
import type { SetLookUp } from '../../src/model/ending-chain.ts';
import { commands, examine } from './examine.ts';
import { iptables, nft } from './rules-of.ts';
import { healthy, hit, type Lab, lostAt } from './scene.ts';

const MET = {
  source: '10.88.0.2',
  destination: '198.51.100.1',
  sourcePort: 40000,
  destinationPort: 80,
  ingress: 4,
  egress: 6,
};

const CHAIN = { family: 'inet', table: 'egress', chain: 'forward', hook: 'forward' } as const;

/** The packets met the last of these rules of nft, which has the handle of its number. */
function ended(texts: readonly string[], lookUps: readonly SetLookUp[] = [], mark = 0): Lab {
  const lab = lostAt(healthy(), 3);
  lab.flow.proto = 'tcp';
  lab.flow.port = 80;
  const link = (name: string) => lab.stacks.host.links.find((one) => one.name === name)!.ifindex;
  const rules = texts.map((text, index) => nft(text, { ...CHAIN, number: index + 1, handle: index + 1 }));
  hit(lab, rules.at(-1)!);
  const packet = { ...MET, ingress: link('br0'), egress: link('up0') };
  Object.assign(lab.ruleHits[0]!, { packet, mark });
  lab.endingChain = { rules, lookUps } as never;
  return lab;
}

const set = (about: Partial<SetLookUp> = {}): SetLookUp => ({
  engine: 'nft',
  kind: 'set',
  name: 'site_fqdn',
  type: 'ipv4_addr',
  header: ['flags timeout'],
  key: '198.51.100.1',
  holds: false,
  elements: ['198.51.100.9'],
  ...about,
});

const ANSWERS = 'ct state established,related accept';
const LAST = 'iifname "br0" oifname "up0" drop';
const said = (lab: Lab) => examine('firewall-rule-drop', lab);

describe('a rule that was near to letting it pass', () => {
  it('names the set that the address is not in, and puts it in', () => {
    const claim = said(ended([ANSWERS, 'iifname "br0" ip daddr @site_fqdn accept', LAST], [set()]));
    expect(claim?.what).toMatch(
      /^rule 2 accepts only what is in set site_fqdn, and 198\.51\.100\.1 is not in it: a firewall rule drops it/,
    );
    expect(claim?.why).toContain('site_fqdn is a set of ipv4_addr, flags timeout, and holds 198.51.100.9.');
    expect(claim?.do).toMatch(/Put 198\.51\.100\.1 into site_fqdn.*dnsmasq.*expire/);
    expect(commands(claim)).toEqual({
      apply: ['nft add element inet egress site_fqdn { 198.51.100.1 }'],
      undo: ['nft delete element inet egress site_fqdn { 198.51.100.1 }'],
    });
  });

  it('never offers to take out the default deny behind it', () => {
    const titles = said(ended([ANSWERS, 'ip daddr @site_fqdn accept', LAST], [set()]))?.fixes?.map(
      (one) => one.title,
    );
    expect(titles).toEqual([
      'Put 198.51.100.1 into set site_fqdn of table inet egress',
      'Let this flow pass before rule 3 of chain forward of table inet egress',
    ]);
    const narrow = said(ended([ANSWERS, 'ip daddr 198.51.100.1 drop']))?.fixes?.map((one) => one.title);
    expect(narrow?.at(-1)).toMatch(/^Remove rule 2/);
  });

  it.each([
    ['a tuple', 'ip daddr . tcp dport @site_fqdn accept', '198.51.100.1 . 80', 'set'],
    ['a verdict map', 'iifname "br0" ip daddr . tcp dport vmap @site_fqdn', '198.51.100.1 . 80', 'map'],
    ['a map of interfaces', 'iifname . oifname vmap @site_fqdn', '"br0" . "up0"', 'map'],
  ] as const)('reads %s', (_, text, key, kind) => {
    const claim = said(ended([ANSWERS, text, LAST], [set({ key, kind })]));
    expect(claim?.what).toContain(
      `rule 2 accepts only what is in ${kind} site_fqdn, and ${key} is not in it`,
    );
    expect(commands(claim).apply[0]?.startsWith('nft add element')).toBe(kind === 'set');
  });

  it('names a set that could not be asked, since all else holds', () => {
    expect(said(ended([ANSWERS, 'iifname "br0" ip daddr @lans accept', LAST]))?.what).toMatch(
      /set lans, and this is not in it/,
    );
  });

  it('reads the sets of iptables', () => {
    const lab = ended(
      [ANSWERS, LAST],
      [set({ engine: 'ipset', name: 'web', type: 'hash:ip', header: ['timeout 300'] })],
    );
    const rules = iptables(
      '-A FORWARD -i br0 -m set --match-set web dst -j ACCEPT\n-A FORWARD -i br0 -j DROP',
    );
    lab.endingChain.rules = rules as never;
    Object.assign(lab.ruleHits[0]!.rule, rules[1], { verdict: 'drop' });
    const claim = said(lab);
    expect(claim?.what).toMatch(/^rule 1 accepts only what is in set web, and 198\.51\.100\.1 is not in it/);
    expect(claim?.do).toContain('ipset add web 198.51.100.1');
  });

  it.each([
    [
      'a mark',
      'iifname "br0" meta mark 0x00000010 accept',
      0,
      'rule 2 accepts only what has mark 0x00000010, and this has mark 0x0',
    ],
    [
      'bits of a mark',
      'iifname "br0" meta mark & 0x000000ff == 0x00000010 accept',
      3,
      'rule 2 accepts only what has mark 0x00000010/0x000000ff, and this has mark 0x3',
    ],
    [
      'a port',
      'iifname "br0" tcp dport { 443, 8443 } accept',
      0,
      'rule 2 accepts only what has port 443, 8443, and this has port 80',
    ],
    [
      'an interface',
      'iifname "br1" tcp dport 80 accept',
      0,
      'rule 2 accepts only what comes in by br1, and this comes in by br0',
    ],
    [
      'an interface that it must not be',
      'iifname != "br0" tcp dport 80 accept',
      0,
      'rule 2 accepts only what comes in by anything but br0, and this comes in by br0',
    ],
    [
      'ports that it must not have',
      'iifname "br0" tcp dport != { 22, 80 } accept',
      0,
      'rule 2 accepts only what has port anything but 22, 80, and this has port 80',
    ],
  ] as const)('names %s', (_, text, mark, what) => {
    expect(said(ended([ANSWERS, text, LAST], [], mark))?.what).toContain(what);
  });

  it.each([
    ['a rule for answers', [ANSWERS, LAST]],
    ['two clauses that are missed', ['iifname "br1" tcp dport 443 accept', LAST]],
    [
      'a clause that is missed, and one that cannot be said',
      ['iifname "br0" tcp dport 443 limit rate 5/second accept', LAST],
    ],
    ['another host', ['iifname "br0" ip daddr 203.0.113.9 accept', LAST]],
    ['a rule about nothing of this packet', ['iifname "lo" accept', LAST]],
    ['a rule that drops', ['iifname "br0" ip daddr @blocked drop', LAST]],
    ['a rule behind it', [LAST]],
  ])('says nothing of %s', (_, texts) => {
    expect(said(ended(texts))?.what).toBe(`a firewall rule drops it: ${LAST}`);
  });

  it('says nothing of a rule whose set holds the packet', () => {
    const lab = ended(['ip daddr @site_fqdn tcp dport 443 accept', LAST], [set({ holds: true })]);
    expect(said(lab)?.what).toMatch(/^rule 1 accepts only what has port 443, and this has port 80/);
  });
});
