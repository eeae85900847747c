/** The map of a real host of namespaces, against what the kernel was told to build. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawMap } from '../../src/discover/map.ts';
import type { HostMap } from '../../src/model/map.ts';
import { hostedMachine } from './hosted-machine.ts';
import { Lab } from './lab.ts';

let lab: Lab;
let map: HostMap;
beforeAll(async () => {
  lab = await Lab.up();
  await lab.step({
    in: 'host',
    sh: 'ip link add mv0 link up0 type macvlan mode bridge; ip link set mv0 netns $C',
  });
  await lab.step({
    in: 'A',
    sh: 'ip link add x type veth peer name y; ip link set x netns $B; ip link add spare type bridge',
  });
  map = await drawMap(hostedMachine(lab));
});
afterAll(() => lab.down());

const at = (place: 'A' | 'B' | 'C' | 'LAN', name: string): string => `netns:${lab.names[place]}/${name}`;
const link = (id: string) => map.links.find((one) => one.id === id);

test('ports of the bridge lead to the containers', () => {
  expect(link('host/vetha')).toMatchObject({ master: 'host/br0', peer: at('A', 'eth0'), up: true });
  expect(link(at('A', 'eth0'))).toMatchObject({ peer: 'host/vetha', addresses: ['10.88.0.2/24'] });
  expect(link('host/vethc')).toMatchObject({ master: 'host/br1', peer: at('C', 'eth0') });
});

test('the uplink is known by the default route, and leads to the neighbour', () => {
  expect(link('host/up0')).toMatchObject({ uplink: true, peer: at('LAN', 'eth0') });
});

test('a macvlan in a container is built upon the host’s uplink', () => {
  expect(link(at('C', 'mv0'))).toMatchObject({ kind: 'macvlan', over: 'host/up0' });
});

test('two containers that a veth joins without the host are joined here too', () => {
  expect(link(at('A', 'y'))).toMatchObject({ peer: at('B', 'x') });
  expect(link(at('B', 'x'))).toMatchObject({ peer: at('A', 'y') });
  expect(link(at('A', 'spare'))).toMatchObject({ kind: 'bridge', up: false, peer: null });
});
