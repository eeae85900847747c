import { expect, it } from 'vitest';
import type { Ground } from '../../../src/discover/fact.ts';
import multicast from '../../../src/discover/facts/multicast.ts';
import { healthy } from '../../causes/scene.ts';
import { fakeMachine, type Script } from '../fake-machine.ts';

// As Linux 6.18 printed them, of a router for 239.7.7.7 from br0 to up0 and a group that waits for its way.
const CACHE = `Group    Origin   Iif     Pkts    Bytes    Wrong Oifs
070707EF 0200580A 0          3      603        0  1:1
010203EF 0200580A -1         0        0        0
`;
const VIF = `Interface      BytesIn  PktsIn  BytesOut PktsOut Flags Local    Remote
 0 br0             603       3         0       0 00000 0000000A 00000000
 1 up0               0       0       603       3 00000 0000000E 00000000
`;
const IGMP = `Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter
1\tlo        :     1      V3
\t\t\t\t010000E0     1 0:00000000\t\t0
14\tup0       :     2      V3
\t\t\t\t070707EF     1 0:00000000\t\t0
\t\t\t\t010000E0     1 0:00000000\t\t0
`;
const MDB = JSON.stringify([
  {
    mdb: [
      { index: 8, dev: 'br0', port: 'vethb', grp: '239.7.7.7', state: 'temp', flags: [] },
      { index: 8, dev: 'br0', port: 'br0', grp: '239.7.7.7', state: 'temp', flags: [] },
      { index: 8, dev: 'br0', port: 'vetha', grp: 'ff02::fb', state: 'temp', flags: [] },
    ],
    router: {},
  },
]);

async function told(script: Script, address = '239.7.7.7') {
  const { flow } = healthy();
  const answer = await multicast.gather(fakeMachine(script), { flow: { ...flow, address } } as Ground);
  return answer.known ? answer.value : undefined;
}

it('tells routes by the names of their interfaces, and passes over a group without a way', async () => {
  expect(await told({ files: { '/proc/net/ip_mr_cache': CACHE, '/proc/net/ip_mr_vif': VIF } })).toEqual({
    routes: [{ group: '239.7.7.7', origin: '10.88.0.2', from: 'br0', to: ['up0'] }],
    joined: [],
  });
});

it('tells who has joined: behind a port of a bridge, and a program of this host', async () => {
  const script = { files: { '/proc/net/igmp': IGMP }, run: { 'bridge -j mdb show': MDB } };
  expect((await told(script))?.joined).toEqual([
    { dev: 'vethb', bridge: 'br0' },
    { dev: 'up0', bridge: null },
  ]);
});

it('asks nothing for a flow to one machine', async () => {
  const machine = fakeMachine({});
  await multicast.gather(machine, { flow: healthy().flow } as Ground);
  expect(machine.asked).toEqual([]);
});
