// A program's datagrams that keep out of the NAT that the same question gets from other ports.
import { describe, expect, it } from 'vitest';
import { parseTracked } from '../../src/discover/parse/conntrack.ts';
import { judge } from '../../src/engine/judge.ts';
import type { Ailment } from '../../src/model/ailment.ts';
import { known } from '../../src/model/answer.ts';
import type { SocketState } from '../../src/model/socket.ts';
import { connection } from '../kernel/connection.ts';
import { commands } from './examine.ts';
import { iptables } from './rules-of.ts';
import { healthy, type Lab } from './scene.ts';

const TO = '198.51.100.1';
const MASQ = '-A POSTROUTING -s 10.88.0.0/24 ! -o br0 -j MASQUERADE';
const dnat = (to: string, more = '') =>
  `-A PREROUTING -d ${TO}/32 -p udp --dport 5060 ${more}-j DNAT --to-destination ${to}:5060`;

/** A line of conntrack(8): from which port, who answers, and to whom; unheard or not. */
const line = (port: number, from: string, back: string, left: number, flag = '') =>
  `udp 17 ${left} src=10.88.0.2 dst=${TO} sport=${port} dport=5060 ${flag}src=${from} dst=${back} sport=5060 dport=${port}`;
const own = (from = TO, back = '192.0.2.1', left = 29, port = 5060) =>
  line(port, from, back, left, '[UNREPLIED] ');
const others = (from = TO, back = '192.0.2.1') => line(40_000, from, back, 29);

function told(
  lines: string[],
  rules: string[],
  about: Partial<SocketState> = {},
  more: Pick<Ailment, 'unheard'> = {},
) {
  const lab = healthy() as Lab & { ailments?: Ailment[] };
  lab.flow = { ...lab.flow, proto: 'udp', port: 5060, to: `${TO}:5060` };
  const socket = connection({ proto: 'udp', sourcePort: 5060, destinationPort: 5060, ...about });
  lab.ailments = [
    { kind: 'sending', socket, since: null, holder: { pid: 7, name: 'sip' }, isElsewhere: false, ...more },
  ];
  const host = {
    'net.netfilter.nf_conntrack_udp_timeout': '30',
    'net.netfilter.nf_conntrack_udp_timeout_stream': '120',
  };
  const { claims } = judge(lab as never, {
    conntrack: known({ entries: lines.map((one) => parseTracked(one)!), count: 2, max: 65_536 }, [
      'conntrack',
    ]),
    sysctls: known({ host, container: {}, other: {} }, ['sysctl']),
    firewall: known({ host: iptables(['*nat', ...rules].join('\n')), container: [], other: [] } as never, [
      'nft',
    ]),
  });
  expect(claims.length).toBeLessThan(2);
  const claim = claims[0]?.claim;
  if (!claim) return null;
  expect(claims[0]?.cause.id).toBe('datagrams-untranslated');
  return {
    sure: claim.sure,
    what: claim.what,
    why: claim.why,
    run: commands(claim).apply,
    back: commands(claim).undo,
  };
}

const FORGET = `conntrack -D -p udp --orig-src 10.88.0.2 --orig-dst ${TO} --orig-port-src 5060 --orig-port-dst 5060`;

describe('an entry that is older than the rule of today', () => {
  it.each([
    ['masquerades', MASQ],
    ['gives another source', '-A POSTROUTING -o up0 -j SNAT --to-source 192.0.2.1'],
  ])('keeps its source where the rule %s', (_, rule) => {
    expect(told([own(TO, '10.88.0.2'), others()], [rule])).toMatchObject({
      sure: 'proved',
      what: expect.stringMatching(
        /^an old .* the program sip \(pid 7\) sends to 198.51.100.1:5060 from port 5060 out/,
      ),
      why: expect.stringContaining(rule),
      run: [FORGET],
    });
  });

  it.each([
    ['leads on', dnat('203.0.113.9'), '203.0.113.9'],
    ['takes it for this host', '-A PREROUTING -p udp --dport 5060 -j REDIRECT --to-ports 5060', '10.88.0.1'],
  ])('keeps its destination where the rule %s', (_, rule, leads) => {
    expect(told([own(), others(leads)], [rule, MASQ])).toMatchObject({
      sure: 'proved',
      what: expect.stringContaining('an old connection-tracking entry'),
      why: expect.stringContaining(
        `is led to ${leads}:5060, and is answered; that from port 5060 is led nowhere`,
      ),
      run: [FORGET],
    });
  });

  it('leads to one of whom no rule knows any more', () => {
    expect(told([own('10.244.0.9'), others('10.244.0.10')], [dnat('10.244.0.10'), MASQ])?.why).toContain(
      'is led to 10.244.0.9:5060',
    );
    const chance = dnat('10.244.0.9', '-m statistic --mode random --probability 0.5 ');
    expect(told([own('10.244.0.9'), others('10.244.0.10')], [chance, dnat('10.244.0.10'), MASQ])).toBeNull();
  });
});

describe('a rule of today that leaves it out', () => {
  it('is named, and goes together with the entry that was made by it', () => {
    const spare = '-A POSTROUTING -p udp --sport 5060 -o up0 -j ACCEPT';
    const found = told([own(TO, '10.88.0.2'), others()], [spare, MASQ]);
    expect(found?.what).toContain('rule 1 of chain POSTROUTING of table ip nat keeps');
    expect(found?.why).toContain(spare);
    expect(`${found?.what} ${found?.why}`).not.toMatch(/\bold/);
    expect(found?.run).toEqual(['iptables -t nat -D POSTROUTING 1', FORGET]);
    expect(found?.back.at(-1)).toBe(FORGET);
  });

  it('is looked for in the way of the request too', () => {
    const spare = `-A PREROUTING -p udp --sport 5060 -j RETURN`;
    expect(told([own(), others('203.0.113.9')], [spare, dnat('203.0.113.9'), MASQ])?.what).toContain(
      'PREROUTING',
    );
  });

  it('may ask for other ports alone, or what cannot be told: no age is told then, and nothing deleted', () => {
    const high = '-A POSTROUTING -p udp --sport 1024:5000 -j MASQUERADE';
    expect(told([own(TO, '10.88.0.2'), others()], [high])).toMatchObject({
      why: expect.stringContaining('no rule of today rewrites its source for this port'),
      run: [],
    });
    const owner = '-A POSTROUTING -m owner --uid-owner 7 -j ACCEPT';
    expect(told([own(TO, '10.88.0.2'), others()], [owner, MASQ])).toMatchObject({
      sure: 'supported',
      run: [],
    });
  });
});

it('nothing is told where the entry is as others’ are, is left over, is of another port, or nobody is answered', () => {
  const entry = own(TO, '10.88.0.2');
  expect(told([own(), others()], [MASQ])).toBeNull();
  expect(told([own(TO, '10.88.0.2', 15), others()], [MASQ])).toBeNull();
  expect(told([entry, others()], [MASQ], { sourcePort: 5070 })).toBeNull();
  expect(told([entry], [MASQ])).toBeNull();
  expect(told([own(), others('203.0.113.9'), line(40_001, TO, '192.0.2.1', 29)], [MASQ])).toBeNull();
});

describe('an entry that was answered once', () => {
  const assured = (left = 118) => `${line(5060, '10.244.0.9', '192.0.2.1', left)} [ASSURED]`;
  const unheard = {
    sent: 2,
    watched: 1004,
    says: 'the host itself gets no answer from 10.244.0.9:5060 either',
  };
  const moved = [dnat('10.244.0.10'), MASQ];
  const other = others('10.244.0.10');

  it('leads to the old server of a rule, where that answers nobody any more', () => {
    expect(told([assured(), other], moved, {}, { unheard })).toMatchObject({
      sure: 'proved',
      what: expect.stringMatching(/^an old .* entry leads what .* from port 5060 to 10.244.0.9:5060$/),
      why: expect.stringMatching(
        /is led to 10.244.0.9:5060, and is not any more \(2 datagrams .* in 1004 ms .* either\): .*10.244.0.10:5060\)/,
      ),
      run: [FORGET],
    });
    expect(told([assured(), other], moved, {}, { unheard: { ...unheard, sent: 0 } })?.sure).toBe('supported');
  });

  it('leads there when no rule leads anywhere any more, and the asked end answers itself', () => {
    expect(told([assured(), others()], [MASQ], {}, { unheard })).toMatchObject({
      why: expect.stringContaining('the rules of today, of which none leads there'),
      run: [FORGET],
    });
  });

  it('is no fault where that end answers, is quiet, or may be led to today, nor where nothing renews it', () => {
    expect(told([assured(), other], moved)).toBeNull();
    expect(told([assured(100), other], moved, {}, { unheard })).toBeNull();
    const chance = dnat('10.244.0.9', '-m statistic --mode random --probability 0.5 ');
    expect(told([assured(), other], [chance, ...moved], {}, { unheard })).toBeNull();
    expect(told([assured(), others('10.244.0.9')], moved, {}, { unheard })).toBeNull();
  });
});
