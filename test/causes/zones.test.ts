/** Zones of connection tracking: what is kept in one is not found in another. */
import { describe, expect, it } from 'vitest';
import { isFound, type Zone, zoneOf } from '../../src/kernel/zones.ts';
import type { Tracked } from '../../src/model/facts.ts';
import { asking } from './asking.ts';
import { commands, examine } from './examine.ts';
import { iptables, nft, withRules } from './rules-of.ts';
import { dropped, type Lab, lostAt } from './scene.ts';

const ONE_SIDE = '*raw\n-A PREROUTING -i br0 -p udp -m udp --dport 53 -j CT --zone 3';

const waiting: Tracked = {
  proto: 'udp',
  original: { source: '10.88.0.2', destination: '198.51.100.1', sourcePort: 40000, destinationPort: 53 },
  reply: { source: '198.51.100.1', destination: '192.0.2.1', sourcePort: 53, destinationPort: 40000 },
  flags: ['UNREPLIED'],
  text: 'udp 17 29 src=10.88.0.2 dst=198.51.100.1 sport=40000 dport=53 [UNREPLIED] src=198.51.100.1 dst=192.0.2.1 sport=53 dport=40000 mark=0 zone=3 use=1',
};

/** Its answer came in by up0 and went no further. */
function lost(rules: string, entries: readonly Tracked[] = [waiting]): Lab {
  const lab = withRules(lostAt(asking('outside', 'udp', 53), 3, 'reply'), rules);
  lab.conntrack.entries = entries as Lab['conntrack']['entries'];
  return lab;
}

describe('conntrack-zone-mismatch', () => {
  it('tells both zones, the entry that waits, and a rule that names its zone one way', () => {
    const claim = examine('conntrack-zone-mismatch', dropped(lost(ONE_SIDE), 'NO_SOCKET', '__udp4_lib_rcv'));
    expect(claim?.sure).toBe('proved');
    expect(claim?.what).toMatch(/zone 3.*comes in by up0.*zone 0/);
    expect(claim?.why).toContain('UNREPLIED');
    expect(commands(claim)).toEqual({
      apply: ['iptables -t raw -I PREROUTING 1 -i br0 -p udp -m udp --dport 53 -j CT --zone-orig 3'],
      undo: ['iptables -t raw -D PREROUTING -i br0 -p udp -m udp --dport 53 -j CT --zone-orig 3'],
    });
  });

  it('reads rules of nft', () => {
    const lab = lost('');
    lab.firewall.host = [
      nft('iifname "br0" udp dport 53 ct zone set 3', {
        family: 'inet',
        table: 'fwc',
        chain: 'pre',
        handle: 4,
      }),
    ] as Lab['firewall']['host'];
    expect(commands(examine('conntrack-zone-mismatch', lab)).apply).toEqual([
      'nft insert rule inet fwc pre handle 4 iifname "br0" udp dport 53 ct original zone set 3',
    ]);
  });

  it('shows the rule by the program that lists it', () => {
    const legacy = lost(ONE_SIDE);
    legacy.firewall.host = iptables(ONE_SIDE).map((rule) => ({
      ...rule,
      engine: 'iptables-legacy' as const,
    }));
    expect(examine('conntrack-zone-mismatch', legacy)?.evidence?.[0]?.source).toEqual([
      'iptables-legacy',
      '-t',
      'raw',
      '-S',
      'PREROUTING',
    ]);
  });

  it('is only supported without the entry', () => {
    expect(examine('conntrack-zone-mismatch', lost(ONE_SIDE, []))?.sure).toBe('supported');
  });

  it.each([
    ['both directions are in it', `${ONE_SIDE}\n-A PREROUTING -i up0 -p udp --sport 53 -j CT --zone 3`],
    ['it is for the original direction alone', ONE_SIDE.replace('--zone', '--zone-orig')],
    ['the rule is for another port', ONE_SIDE.replace('--dport 53', '--dport 54')],
    [
      'a rule before it names zone 0',
      ONE_SIDE.replace('*raw\n', '*raw\n-A PREROUTING -i br0 -j CT --zone 0\n'),
    ],
    ['a mark decides', ONE_SIDE.replace('-i br0', '-i br0 -m mark --mark 0x1')],
  ])('is not claimed where %s', (_, rules) => {
    expect(examine('conntrack-zone-mismatch', lost(rules))).toBeNull();
  });

  it('is not claimed of a request that is lost', () => {
    expect(
      examine('conntrack-zone-mismatch', withRules(lostAt(asking('outside', 'udp', 53), 3), ONE_SIDE)),
    ).toBeNull();
  });
});

describe('zones', () => {
  const zone = (id: number, way: Zone['way'] = 'both'): Zone => ({ id, way, rule: null });

  it('finds an answer by both numbers of its own zone, under the one that the request gave to answers', () => {
    expect(isFound(zone(3), zone(3))).toBe(true);
    expect(isFound(zone(3), zone(0))).toBe(false);
    expect(isFound(zone(3, 'original'), zone(0))).toBe(true);
    expect(isFound(zone(3, 'original'), zone(3))).toBe(false);
    expect(isFound(zone(0), zone(3, 'original'))).toBe(true);
  });

  it('reads what rules say of it', () => {
    const of = (text: string) => zoneOf(iptables(`*raw\n-A PREROUTING ${text}`)[0]!);
    expect(of('-j CT --zone 7')).toMatchObject({ id: 7, way: 'both' });
    expect(of('-j CT --zone-reply 7')).toMatchObject({ id: 7, way: 'reply' });
    expect(of('-j CT --zone mark')).toBeNull();
    expect(of('-j CT --notrack')).toBeNull();
    expect(zoneOf(nft('ct original zone set 9'))).toMatchObject({ id: 9, way: 'original' });
    expect(zoneOf(nft('ct zone 9 accept'))).toBeNull();
  });
});
