/** The same decisions in the words of newer Dockers: raw rules since 28, a table of its own with nftables since 29. */
import { expect, it } from 'vitest';
import type { Rule } from '../../src/model/evidence.ts';
import { type Decoy, examine, type Row } from './examine.ts';
import { firewallRule, healthy, hit, type Lab, lostAt, type Way } from './scene.ts';
import { describeCauses } from './table.ts';

const lost = (way: Way, index: number): Lab => lostAt(healthy(way), index);

/** A rule of the table `docker-bridges`, in a chain that a verdict map leads to. */
const native = (chain: string, text: string): Partial<Rule> => ({
  engine: 'nft',
  family: 'ip',
  table: 'docker-bridges',
  chain,
  hook: null,
  handle: 42,
  owner: 'docker',
  text,
});

const raw = (text: string): Partial<Rule> => ({
  table: 'raw',
  chain: 'PREROUTING',
  hook: 'prerouting',
  owner: 'docker',
  text,
});

const EGRESS = native(
  'filter-forward-out__br0',
  'oifname != "br0" counter drop comment "INTERNAL NETWORK EGRESS"',
);

const internal = (rule: Partial<Rule>): Lab => {
  const lab = hit(lost('outside', 3), rule);
  lab.firewall.host = [firewallRule({ ...rule, verdict: 'drop' }) as never];
  return lab;
};

const rows: Row[] = [
  {
    id: 'direct-routing-blocked',
    when: 'a rule of raw for the whole subnet, of which the fix lets in one address',
    lab: () => hit(lost('from-outside', 1), raw('-A PREROUTING -d 10.88.0.0/24 ! -i br0 -j DROP')),
    says: /10\.88\.0\.2/,
    fix: ['iptables -t raw -I PREROUTING -d 10.88.0.2 -i up0 -j ACCEPT'],
    undo: ['iptables -t raw -D PREROUTING -d 10.88.0.2 -i up0 -j ACCEPT'],
  },
  {
    id: 'direct-routing-blocked',
    when: 'the raw chain of docker-bridges',
    lab: () =>
      hit(lost('from-outside', 1), {
        ...native(
          'raw-PREROUTING',
          'ip daddr 10.88.0.0/24 iifname != { "lo", "br0" } counter drop comment "SUBNET DROP EXTERNAL"',
        ),
        hook: 'prerouting',
      }),
    says: /10\.88\.0\.2/,
    fix: ['nft delete rule ip docker-bridges raw-PREROUTING handle 42'],
  },
  {
    id: 'direct-routing-blocked',
    when: 'the raw chain of docker-bridges, for one container',
    lab: () =>
      hit(lost('from-outside', 1), {
        ...native(
          'raw-PREROUTING',
          'ip daddr 10.88.0.2 iifname != "br0" counter drop comment "DROP DIRECT ACCESS"',
        ),
        hook: 'prerouting',
      }),
    fix: ['nft delete rule ip docker-bridges raw-PREROUTING handle 42'],
  },
  {
    id: 'network-isolation',
    when: 'the chain of the other network in docker-bridges',
    lab: () =>
      hit(
        lost('network', 3),
        native('filter-forward-in__br1', 'counter drop comment "UNPUBLISHED PORT DROP"'),
      ),
    says: /br0 and br1/,
  },
  {
    id: 'icc-disabled',
    when: 'the chain of the network in docker-bridges',
    lab: () =>
      hit(lost('sibling', 2), native('filter-forward-in__br0', 'iifname "br0" counter drop comment "ICC"')),
    fix: ['nft delete rule ip docker-bridges filter-forward-in__br0 handle 42'],
  },
  {
    id: 'network-internal',
    when: 'the way out in docker-bridges',
    lab: () => internal(EGRESS),
    says: /INTERNAL NETWORK EGRESS/,
  },
];

const decoys: Decoy[] = [
  {
    id: 'icc-disabled',
    when: 'a drop of docker-bridges for another reason',
    lab: () =>
      hit(
        lost('sibling', 2),
        native('filter-forward-in__br0', 'counter drop comment "UNPUBLISHED PORT DROP"'),
      ),
  },
  {
    id: 'network-internal',
    when: 'a rule of the same chain that asks for a port',
    lab: () => internal({ ...EGRESS, text: 'oifname != "br0" tcp dport 80 counter drop' }),
  },
  {
    id: 'network-internal',
    when: 'the way out of another network',
    lab: () => internal({ ...EGRESS, chain: 'filter-forward-out__br1', text: 'oifname != "br1" drop' }),
  },
  {
    id: 'network-isolation',
    when: 'a chain of somebody’s own that begins alike',
    lab: () => hit(lost('network', 3), { ...native('filter-forward', 'drop'), table: 'mine', owner: null }),
  },
];

describeCauses(rows, decoys, [...new Set(rows.map((row) => row.id))]);

it.each([
  ['a bridge of its runtime’s network', 'br0', 'docker'],
  ['a bridge of nobody’s', null, null],
])('a rule of raw for %s is written by: %s, %s', (_, bridge, owner) => {
  const lab = hit(lost('from-outside', 1), {
    ...raw('-A PREROUTING -d 10.88.0.2/32 ! -i br0 -j DROP'),
    owner: null,
  });
  const network = { name: 'shop', driver: 'bridge', bridge, subnets: [], gateways: [], addresses: [] };
  Object.assign(lab.target, { runtime: 'docker', networks: [network] });
  expect(examine('direct-routing-blocked', lab)?.owner ?? null).toBe(owner);
});
