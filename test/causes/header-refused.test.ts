// What the container's packet has and the host's own is refused with too.
import { expect, it } from 'vitest';

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

const ids = [...new Set(rows.map(({ id }) => id))];

// A drop that belongs to no hop of the path is another namespace's, and does not unsay what the tries have shown.
describeCauses(rows, decoys, ids);

it.each(ids)('%s is not claimed where this host’s own path ended it', (id) => {
  const lab = dropped(rows.find((row) => row.id === id)!.lab(), 'TC_EGRESS', 'sch_handle_egress');
  if (lab.drops.known) lab.drops.value[0]!.hop = 'host/up0';
  expect(examine(id, lab)).toBeNull();
});
