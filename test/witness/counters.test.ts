// Rules that counted the probes, where no trace shows them.
import { expect, it } from 'vitest';
import type { ProbeRun } from '../../src/probe/kind.ts';
import { probeKindOf } from '../../src/probe/kinds.ts';
import { armCounters } from '../../src/witness/counters.ts';
import { fakeMachine } from '../discover/fake-machine.ts';

const saved = (packets: number, bytes: number): string =>
  `*filter\n:FORWARD ACCEPT [0:0]\n[${packets}:${bytes}] -A FORWARD -d 198.51.100.1/32 -j DROP\nCOMMIT\n`;

const flow = {
  from: 'container',
  to: '198.51.100.1:80',
  address: '198.51.100.1',
  port: 80,
  family: 4,
} as const;

/** The rule's verdict, of three SYNs that made the counters grow by so much; null: they did not meet it. */
async function met(packets: number, bytes: number): Promise<string | null> {
  const run: Record<string, string> = { 'iptables-legacy-save -c': saved(7, 700) };
  const machine = fakeMachine({ run, files: { '/proc/net/ip_tables_names': 'filter\n' } });
  const probes = { flow: { ...flow, proto: 'tcp' }, lengths: [0, 0, 0] } as unknown as ProbeRun;
  const scope = { side: 'host', netns: null, families: new Set<string>() } as const;
  const armed = await armCounters(machine, [scope], 'legacy', probes, probeKindOf('tcp'));
  run['iptables-legacy-save -c'] = saved(7 + packets, 700 + bytes);
  const hits = await armed.hits('request');
  return hits.known ? (hits.value[0]?.verdict ?? null) : 'not known';
}

it('knows its own by their number and length', async () => {
  expect(await met(3, 180)).toBe('drop');
  expect(await met(0, 0)).toBeNull();
  expect(await met(3, 300)).toBeNull();
});

it('counts a SYN that was sent again on a slow machine, after a second and after three', async () => {
  expect(await met(6, 360)).toBe('drop');
  expect(await met(9, 540)).toBe('drop');
  expect(await met(10, 600)).toBeNull();
});
