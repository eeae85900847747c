import { expect, it } from 'vitest';
import { run } from '../../src/model/fix.ts';
import type { Netns } from '../../src/model/netns.ts';
import { survey } from '../../src/repair/survey.ts';
import { World } from './world.ts';

const told = async (...lines: string[]): Promise<boolean[]> => {
  const changes = lines.map((line) => run(line.split(' ') as [string, ...string[]]));
  return (await survey(new World().machine(), changes)).map(({ state }) => state !== null);
};

it('settings and neighbours of an interface that the same fix makes have no state before it', async () => {
  const made = 'ip link add shim0 link up0 type macvlan mode bridge';
  const neighbour = 'ip neighbor replace 192.0.2.50 lladdr 02:42:00:00:00:01 dev shim0 nud permanent';
  const setting = 'sysctl -w net.ipv4.conf.shim0.arp_filter=1';
  expect(await told(made, setting, neighbour)).toEqual([true, false, false]);
  expect(await told(made, 'sysctl -w net.ipv4.conf.up0.arp_filter=1')).toEqual([true, true]);
  expect(await told(setting, neighbour)).toEqual([true, true]);
});

it('an interface that the fix makes in one namespace is none of another', async () => {
  const there: Netns = { id: 'a', label: 'a', inode: 2, path: '/run/netns/a' } as unknown as Netns;
  const words = (line: string) => line.split(' ') as [string, ...string[]];
  const changes = [
    run(words('ip link add eth0 type veth peer name eth0peer'), there),
    run(words('sysctl -w net.ipv4.conf.eth0.arp_filter=1')),
    run(words('sysctl -w net.ipv4.conf.eth0.arp_filter=1'), there),
  ];
  const told = await survey(new World().machine(), changes);
  expect(told.map(({ state }) => state !== null)).toEqual([true, true, false]);
});
