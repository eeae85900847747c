// The SYN and its answer as each hop of the lab's way out shows them.
import { describe, expect, it } from 'vitest';
import type { Syn } from '../../src/model/header.ts';
import { type Decoy, examine, type Row } from './examine.ts';
import { iptables } from './rules-of.ts';
import { healthy, type Lab, lostAt } from './scene.ts';

const SCALE: Syn = { ecn: 0, options: { 2: '05b4', 3: '07' } };
const BARE: Syn = { ecn: 0, options: { 2: '05b4' } };
const WITH = new Set(['host/up0']);
const EVERYWHERE = new Set(['container/eth0', 'host/vetha', 'host/br0', 'host/up0']);

/** Hops on which the SYN, and its answer, have the option. */
function shown(syn: ReadonlySet<string>, answer: ReadonlySet<string>, rules = ''): Lab {
  const lab = healthy('outside');
  lab.flow = { ...lab.flow, proto: 'tcp', port: 80 };
  for (const one of lab.sightings) {
    const has = (one.kind === 'request' ? syn : answer).has(one.hop);
    one.header = { ttl: 64, dscp: 0, ecn: 0, syn: (has ? SCALE : BARE) as never };
  }
  lab.firewall.host = iptables(`*mangle\n${rules}`) as never;
  return lab;
}

const strip = (option: string, asks = '') =>
  `-A FORWARD -i up0 ${asks}-p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK -j TCPOPTSTRIP --strip-options ${option}`;

const rows: Row[] = [
  {
    id: 'window-scale-stripped',
    when: 'a rule does it to the answer',
    lab: () => shown(EVERYWHERE, WITH, strip('sack-permitted,wscale')),
    sure: 'proved',
    says: /between up0 and br0: -A FORWARD.*TCPOPTSTRIP/,
    fix: ['iptables -t mangle -D FORWARD 1'],
  },
  {
    id: 'window-scale-stripped',
    when: 'no rule that was listed does',
    lab: () => shown(EVERYWHERE, WITH, `${strip('timestamp')}\n${strip('wscale', '-s 203.0.113.0/24 ')}`),
    sure: 'proved',
    says: /between up0 and br0 The SYN/,
    fix: [],
  },
  {
    id: 'window-scale-stripped',
    when: 'the only rule that is listed is one of the other family',
    lab: () => {
      const lab = shown(EVERYWHERE, WITH);
      lab.firewall.host = iptables(`*mangle\n${strip('wscale')}`, 'ip6') as never;
      return lab;
    },
    sure: 'proved',
    says: /between up0 and br0 The SYN/,
    fix: [],
  },
  ...[
    ['what the host sends by itself', 'OUTPUT -o br0'],
    ['a chain that nobody calls', 'LEFT'],
  ].map(([whose, chain]) => ({
    id: 'window-scale-stripped',
    when: `the only rule is for ${whose}`,
    lab: () => shown(EVERYWHERE, WITH, strip('wscale').replace('FORWARD -i up0', chain!)),
    sure: 'proved' as const,
    says: /between up0 and br0 The SYN/,
    fix: [],
  })),
];
const decoys: Decoy[] = [
  { id: 'window-scale-stripped', when: 'all have it', lab: () => shown(EVERYWHERE, EVERYWHERE) },
  { id: 'window-scale-stripped', when: 'the far end has none', lab: () => shown(EVERYWHERE, new Set()) },
  {
    id: 'window-scale-stripped',
    when: 'neither end got it',
    lab: () => shown(new Set(['container/eth0']), WITH),
  },
  { id: 'window-scale-stripped', when: 'no options were seen', lab: () => healthy('outside') },
  { id: 'window-scale-stripped', when: 'it was lost', lab: () => lostAt(shown(EVERYWHERE, WITH), 3) },
];

describe.each(rows)('$id: $when', (row) => {
  it('is recognised', () => {
    const claim = examine(row.id, row.lab());
    expect(claim?.sure).toBe(row.sure);
    expect(`${claim?.what} ${claim?.why}`).toMatch(row.says!);
    expect(claim?.fixes?.[0]?.apply.map((one) => ('run' in one ? one.run.argv.join(' ') : '')) ?? []).toEqual(
      row.fix,
    );
  });
});

it.each(decoys)('passes over it where $when', ({ id, lab }) => {
  expect(examine(id, lab())).toBeNull();
});
