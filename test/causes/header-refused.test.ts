// What the container's packet has and the host's own is refused with too.
import { expect, it } from 'vitest';
import { causeOf } from '../../src/causes.ts';

import type { Contrast } from '../../src/model/scene.ts';
import { type Decoy, examine, type Row } from './examine.ts';
import { iptables, nft } from './rules-of.ts';
import { dropped, healthy, type Lab, lostAt, silent } from './scene.ts';
import { describeCauses } from './table.ts';

const ECN: Contrast = { trait: 'ecn', lost: 'flags ECE and CWR', answered: 'none' };
const TTL: Contrast = { trait: 'ttl', lost: '63', answered: '64' };
const CLASS: Contrast = { trait: 'dscp', lost: '34', answered: '0' };
const option = (lost: string, answered: string): Contrast => ({ trait: 'tcp-option', lost, answered });

/** Silent beyond, while the host is answered with everything but this. */
function refused(by: Contrast, change: (lab: Lab) => void = () => {}, also: Contrast = TTL): Lab {
  const lab = silent(healthy());
  const others = by.trait === also.trait ? [] : [also];
  lab.control = {
    asked: true,
    answered: true,
    outcomes: [],
    says: '',
    contrasts: [by, ...others],
    tries: [by, by, ...others].map((one) => ({ trait: one.trait, value: one.lost, answered: one !== by })),
  };
  change(lab);
  return lab;
}

const sysctl =
  (key: string, value: string, host?: string) =>
  (lab: Lab): void => {
    lab.sysctls.container[`net.ipv4.${key}`] = value;
    if (host !== undefined) lab.sysctls.host[`net.ipv4.${key}`] = host;
  };

const rows: Row[] = [
  {
    id: 'ecn-refused',
    when: 'the container asks by its sysctl',
    lab: () => refused(ECN, sysctl('tcp_ecn', '1')),
    sure: 'proved',
    says: /tcp_ecn is 1 there.*time to live 63/,
    fix: ['nsenter --net=/run/netns/lab-a sysctl -w net.ipv4.tcp_ecn=2'],
    undo: ['nsenter --net=/run/netns/lab-a sysctl -w net.ipv4.tcp_ecn=1'],
  },
  {
    id: 'ecn-refused',
    when: 'no sysctl asks: the route or the program does',
    lab: () => refused(ECN, sysctl('tcp_ecn', '2')),
    says: /features ecn/,
    fix: [],
  },
  {
    id: 'ttl-refused',
    when: 'a line for one machine alone',
    lab: () => refused(TTL, sysctl('ip_default_ttl', '64')),
    sure: 'proved',
    fix: ['nsenter --net=/run/netns/lab-a sysctl -w net.ipv4.ip_default_ttl=65'],
    undo: ['nsenter --net=/run/netns/lab-a sysctl -w net.ipv4.ip_default_ttl=64'],
  },
  {
    id: 'ttl-refused',
    when: 'a rule sets it',
    lab: () =>
      refused(TTL, (lab) => {
        sysctl('ip_default_ttl', '64')(lab);
        lab.firewall.host = iptables('*mangle\n-A POSTROUTING -o up0 -j TTL --ttl-set 63') as never;
      }),
    says: /POSTROUTING.*--ttl-set 63/,
    fix: [],
  },
  {
    id: 'dscp-refused',
    when: 'a rule of nft sets the class',
    lab: () =>
      refused(CLASS, (lab) => {
        lab.firewall.host = [nft('oifname "up0" ip dscp set af41', { hook: 'postrouting' })] as never;
      }),
    sure: 'proved',
    says: /DSCP 34.*dscp set af41/,
    fix: [],
  },
  {
    id: 'tcp-options-refused',
    when: 'a sysctl that the host has otherwise',
    lab: () => refused(option('no timestamps', 'timestamps'), sysctl('tcp_timestamps', '0', '1')),
    sure: 'proved',
    fix: ['nsenter --net=/run/netns/lab-a sysctl -w net.ipv4.tcp_timestamps=1'],
    undo: ['nsenter --net=/run/netns/lab-a sysctl -w net.ipv4.tcp_timestamps=0'],
  },
  {
    id: 'tcp-options-refused',
    when: 'tiny segments by the MTU',
    lab: () => refused(option('MSS 460', 'MSS 1460')),
    says: /eth0 has an MTU of 1500/,
    fix: [],
  },
  {
    id: 'tcp-options-refused',
    when: 'tiny segments by a rule',
    lab: () =>
      refused(option('MSS 400', 'MSS 1460'), (lab) => {
        const clamp = '-A FORWARD -o up0 -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 400';
        lab.flow.proto = 'tcp';
        lab.flow.port = 80;
        lab.firewall.host = iptables(`*mangle\n${clamp}`) as never;
      }),
    says: /--set-mss 400/,
    fix: [],
  },
];

const decoys: Decoy[] = [
  { id: 'ecn-refused', when: 'the time to live decides', lab: () => refused(TTL, () => {}, ECN) },
  { id: 'ttl-refused', when: 'ECN decides', lab: () => refused(ECN) },
  { id: 'dscp-refused', when: 'nothing was compared', lab: () => silent(healthy()) },
  {
    id: 'tcp-options-refused',
    when: 'it never left this host',
    lab: () => {
      const { control } = refused(option('no SACK', 'SACK'));
      return { ...lostAt(healthy(), 3), control };
    },
  },
];

/** Each was answered when its SYN had been sent again. */
function late(control: Partial<Lab['control']>): Lab {
  const lab = silent(healthy());
  lab.flow = { ...lab.flow, proto: 'tcp', port: 80 };
  lab.control = { asked: true, answered: true, outcomes: [], says: '', ...control } as never;
  lab.answersLate = { connections: 3, lost: once, after: { least: 1001, most: 1003 } };
  return lab;
}

const once = { least: 1, most: 1 };

rows.push(
  {
    id: 'first-syn-unanswered',
    when: 'the host fares the same',
    lab: () => late({ again: true }),
    sure: 'proved',
    says: /3 connections left through up0.*the same for the host itself/,
    fix: [],
  },
  {
    id: 'first-syn-unanswered',
    when: 'the host is answered at once',
    lab: () => late({}),
    says: /answered at once/,
  },
);
decoys.push({ id: 'first-syn-unanswered', when: 'nothing came at all', lab: () => silent(healthy()) });

it('is no rule for each connection where others were not answered at all', () => {
  const lossy = late({ again: true });
  lossy.outcomes = [0, 1, 2].map((probe) => ({ ...lossy.outcomes[0]!, probe }));
  const of = (connections: number) =>
    examine('first-syn-unanswered', { ...lossy, answersLate: { ...lossy.answersLate!, connections } });
  expect(of(3)).toMatchObject({ sure: 'proved', what: expect.stringContaining('of each connection') });
  expect(of(2)).toMatchObject({ sure: 'supported', what: expect.stringContaining('2 of 3 connections') });
  expect(of(2)?.what).not.toContain('each');
  expect(of(2)?.why).not.toContain('each time');
});

it.each([
  [once, 1000, 1040, /the first SYN of each connection .* is lost, .* after 1\.0 s is answered/, 'proved'],
  [{ least: 2, most: 2 }, 3000, 3040, /the first 2 SYNs of each connection .* after 3\.0 s is/, 'proved'],
  [
    { least: 1, most: 3 },
    1000,
    3000,
    /the first SYNs .* are lost, 1 to 3 of them.* 1\.0 to 3\.0 s/,
    'supported',
  ],
  [null, 2000, 2040, /the SYNs of the first 2\.0 s of each connection .* are lost/, 'proved'],
] as const)(
  'tells of as many SYNs as were seen to leave in vain, and how long it took',
  (lost, least, most, says, sure) => {
    const lab = late({ again: true });
    lab.answersLate = { connections: 3, lost, after: { least, most } };
    const claim = examine('first-syn-unanswered', lab);
    expect(claim).toMatchObject({ what: expect.stringMatching(says), sure });
    // A line that loses at random may lose the first of each as well.
    expect(claim?.do?.includes('loses packets')).toBe(sure === 'supported');
  },
);

it('silence is told of the time for which it was listened, and of what was sent in it', () => {
  const told = (waited: number | undefined, proto: 'tcp' | 'icmp'): string | undefined => {
    const lab = silent(healthy()) as Lab & { waited?: number };
    lab.flow = { ...lab.flow, proto, port: proto === 'tcp' ? 80 : null };
    if (waited !== undefined) lab.waited = waited;
    return examine('no-reply-from-destination', lab)?.why;
  };
  expect(told(undefined, 'icmp')).toContain('nothing came back.');
  expect(told(2003, 'icmp')).toContain('nothing came back in 2.0 s.');
  expect(told(2003, 'tcp')).toContain('nothing came back in 2.0 s, in which the SYN was sent again.');
  expect(told(1003, 'tcp')).toContain('nothing came back in 1.0 s.');
});

it('calls nobody dead who may be further away than was listened for, and tells how to listen longer', () => {
  const lab = { ...silent(healthy()), waited: 3001 };
  const claim = examine('no-reply-from-destination', lab);
  expect(claim?.what).toBe('198.51.100.1 did not answer ping within 3.0 s');
  expect(claim?.do).toContain('--wait');
  lab.control = { asked: true, answered: true, outcomes: [], says: '' };
  expect(examine('no-reply-from-destination', lab)?.do).not.toContain('--wait');
});

it('what the host is refused with decides over the first SYN, which is all that it costs', () => {
  expect(causeOf('ecn-refused')?.over).toContain('first-syn-unanswered');
});

const ids = [...new Set(rows.map(({ id }) => id))];

// A drop that belongs to no hop of the path is another namespace's, and does not unsay what the tries have shown.
describeCauses(rows, decoys, ids);

it.each(ids)('%s is not claimed where this host’s own path ended it', (id) => {
  const lab = dropped(rows.find((row) => row.id === id)!.lab(), 'TC_EGRESS', 'sch_handle_egress');
  if (lab.drops.known) lab.drops.value[0]!.hop = 'host/up0';
  expect(examine(id, lab)).toBeNull();
});
