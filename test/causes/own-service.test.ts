/** A service that asks itself by its service's address: led home, and taken for another's where its source is rewritten. */
import { describe, expect, it, test } from 'vitest';
import { markLeft } from '../../src/kernel/mark-left.ts';
import { asking } from './asking.ts';
import { commands, examine } from './examine.ts';
import { iptables, nft, withRules } from './rules-of.ts';
import { dropped, type Lab, linkOf, lostAt } from './scene.ts';

const LEADS = `*nat
-A PREROUTING -p tcp -m tcp --dport 80 -j SVC
-A SVC -s 10.88.0.2/32 -j SVC-MARK
-A SVC -p tcp -j DNAT --to-destination 10.88.0.2:8080
-A SVC-MARK -j MARK --set-xmark 0x4000/0x4000
`;
const MASQUERADES = `-A POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A POSTROUTING -j MARK --set-xmark 0x4000/0x0
-A POSTROUTING -j MASQUERADE --random-fully
`;

const led = (rules: string): Lab =>
  dropped(
    withRules(lostAt(asking('outside', 'tcp', 80), 2), rules),
    'NOT_SPECIFIED',
    'br_handle_frame_finish',
  );

describe('a service that asks itself', () => {
  it('lacks hairpin mode where what comes home is masqueraded', () => {
    const claim = examine('bridge-port-isolated', led(LEADS + MASQUERADES));
    expect(claim).toMatchObject({ sure: 'proved', what: expect.stringContaining('hairpin is off on vetha') });
    expect(commands(claim)).toEqual({
      apply: ['bridge link set dev vetha hairpin on'],
      undo: ['bridge link set dev vetha hairpin off'],
    });
    expect(examine('dnat-wrong', led(LEADS + MASQUERADES))).toBeNull();
  });

  it.each([
    ['nothing masquerades it', ''],
    ['only what is marked otherwise is', MASQUERADES.replaceAll('0x4000', '0x8000')],
    ['only what leaves by another interface is', '-A POSTROUTING -s 10.88.0.0/24 ! -o br0 -j MASQUERADE'],
  ])('is led to itself in vain where %s', (_, rules) => {
    expect(examine('dnat-wrong', led(LEADS + rules))?.what).toContain('back to 10.88.0.2 itself');
    expect(examine('bridge-port-isolated', led(LEADS + rules))).toBeNull();
  });

  it('is named by neither where nobody can say whether it is masqueraded', () => {
    const rules = `${LEADS}-A POSTROUTING -m set --match-set LOOPS dst,dst,src -j MASQUERADE`;
    expect(examine('dnat-wrong', led(rules))).toBeNull();
    expect(examine('bridge-port-isolated', led(rules))).toBeNull();
  });

  it('lacks nothing in hairpin mode', () => {
    const lab = led(LEADS + MASQUERADES);
    linkOf(lab, 'host/vetha').port!.hairpin = true;
    expect(examine('bridge-port-isolated', lab)).toBeNull();
  });

  it('is sent home by the bridge itself where frames are not taken through the rules', () => {
    const lab = led(LEADS + MASQUERADES);
    lab.drops = { known: false, because: 'no-such-tool', detail: '' } as never;
    lab.sysctls.host['net.bridge.bridge-nf-call-iptables'] = '1';
    expect(examine('bridge-port-isolated', lab)?.sure).toBe('supported');
    lab.sysctls.host['net.bridge.bridge-nf-call-iptables'] = '0';
    expect(examine('bridge-port-isolated', lab)).toBeNull();
  });
});

describe('the mark that rules leave a packet with', () => {
  const packet = {
    source: '10.88.0.2',
    destination: '203.0.113.80',
    in: 'br0',
    out: null,
    proto: 'tcp',
    sourcePort: 4000,
    destinationPort: 80,
    isLocal: () => false,
  };
  const left = (text: string) => markLeft(iptables(`*nat\n${text}`), packet, 'prerouting');

  test.each([
    ['-A PREROUTING -j MARK --set-xmark 0x4000/0x4000\n-A PREROUTING -j MARK --set-xmark 0x1/0x1', 0x4001],
    ['-A PREROUTING -j MARK --set-xmark 0x7/0xffffffff\n-A PREROUTING -j MARK --set-xmark 0x0/0x2', 5],
    ['-A PREROUTING -p udp -j MARK --set-xmark 0x7/0xffffffff', 0],
    ['-A PREROUTING -j ACCEPT\n-A PREROUTING -j MARK --set-xmark 0x7/0xffffffff', 0],
    [
      '-A PREROUTING -j MARK --set-xmark 0x1/0x1\n-A PREROUTING -m mark --mark 0x1 -j MARK --set-xmark 0x2/0x2',
      3,
    ],
    ['-A PREROUTING -m set --match-set X src -j MARK --set-xmark 0x7/0xffffffff', undefined],
    ['-A PREROUTING -j CONNMARK --restore-mark', undefined],
    // That of the connection is not the packet's.
    ['-A PREROUTING -j CONNMARK --set-xmark 0x7/0xffffffff', 0],
  ])('%s', (text, mark) => {
    expect(left(text)).toBe(mark);
  });

  test('by rules of nft', () => {
    const mark = (text: string) => markLeft([nft(text)], packet, 'prerouting');
    expect(mark('meta mark set meta mark | 0x00004000')).toBe(0x4000);
    expect(mark('meta mark set mark or 0x4000')).toBe(0x4000);
    expect(mark('meta mark set 0x00000007')).toBe(7);
    expect(mark('meta mark set ct mark')).toBeUndefined();
    expect(mark('ct mark set 0x00000007')).toBe(0);
    expect(mark('ct mark set 0x00000007 meta mark set 0x00000001')).toBe(1);
    expect(mark('ct mark set meta mark')).toBe(0);
  });
});
