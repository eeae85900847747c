import { expect, test } from 'vitest';
import type { EndName, FarEnd } from '../../../src/host/machine.ts';
import { link } from '../../causes/lab-state.ts';
import { healthy } from '../../causes/scene.ts';
import { gathered, value } from './gathered.ts';

const nsids = { [healthy().target.netns.path]: 1 };
const far = ({ nsid }: EndName): FarEnd | null =>
  nsid === 2 ? { name: 'eth0', mac: '02:00:00:00:00:0b', addresses: ['10.88.0.3/24'] } : null;

test('the bridge itself and the far ends of its other ports', async () => {
  const members = await value('members', healthy(), { nsids, farEnds: far });
  expect(members).toMatchObject([
    { port: null, name: 'br0', addresses: expect.arrayContaining(['10.88.0.1/24']), namespace: null },
    {
      port: 'vethb',
      name: 'eth0',
      mac: '02:00:00:00:00:0b',
      addresses: ['10.88.0.3/24'],
      namespace: 'nsid 2',
    },
  ]);
});

test('frames that pass from port to port have the same company', async () => {
  const members = await value('members', healthy('sibling'), { nsids, farEnds: far });
  expect(members.map((member) => member.port)).toEqual([null, 'vethb']);
});

test('a port that leads to no interface of this machine stands for itself', async () => {
  const lab = healthy();
  lab.stacks.host.links.push(
    link(90, 'eth9', 'ether', {
      master: 'br0',
      mac: '02:00:00:00:00:90',
    }) as (typeof lab.stacks.host.links)[0],
  );
  const members = await value('members', lab, { nsids, farEnds: () => null });
  expect(members.map(({ port, name }) => [port, name])).toEqual([
    [null, 'br0'],
    ['vethb', 'vethb'],
    ['eth9', 'eth9'],
  ]);
});

test('a bridge with very many ports is not read to its end', async () => {
  const lab = healthy();
  for (let index = 0; index < 500; index++) {
    const port = link(1000 + index, `v${index}`, 'veth', { master: 'br0', link: 2, nsid: 100 + index });
    lab.stacks.host.links.push(port as (typeof lab.stacks.host.links)[0]);
  }
  const { machine } = await gathered('members', lab, { nsids, farEnds: far });
  expect(machine.asked).toHaveLength(1);
  expect(machine.asked[0]!.split(' ')).toHaveLength(2 + 64);
});
