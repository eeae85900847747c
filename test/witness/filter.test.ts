import { expect, it } from 'vitest';
import type { Path } from '../../src/model/path.ts';
import type { ProbeRun } from '../../src/probe/kind.ts';
import { probeKindOf } from '../../src/probe/kinds.ts';
import { filterFor } from '../../src/witness/capture.ts';
import { healthy } from '../causes/scene.ts';

const { flow, path } = healthy('network');
const run = { flow, count: 1, first: 0, token: 0x11223344, ports: [null] } as unknown as ProbeRun;

const filterOf = (gateway: string): string =>
  filterFor({ ...path, sourceRoute: { ...path.sourceRoute, gateway } } as Path, [
    { kind: probeKindOf('icmp'), run },
  ]);

it('asks ARP about addresses of IPv4 alone, which libpcap takes no other for', () => {
  expect(filterOf('10.88.0.1')).toContain('arp host 10.88.0.1');
  expect(filterOf('10.88.0.1')).not.toContain('ip6[40] = 135');
  expect(filterOf('fe80::88')).not.toMatch(/arp host [0-9a-f]*:/);
});

it('lets neighbour discovery through where IPv4 goes by a next hop of IPv6', () => {
  expect(filterOf('fe80::88')).toMatch(/^\(arp and .*\) or \(ip6\[6\] = 58 and /);
});
