import { expect, test } from 'vitest';
import { parseFdb } from '../../../src/discover/facts/fdb.ts';
import { parseVlans } from '../../../src/discover/facts/vlans.ts';
import { linkNamed, type Stack } from '../../../src/model/stack.ts';
import { healthy } from '../../causes/scene.ts';
import { gathered, value } from './gathered.ts';

const FDB =
  '[{"mac":"12:5d:0b:1e:6a:28","ifname":"vetha","flags":[],"master":"br0","state":""},{"mac":"4e:db:9d:65:80:90","ifname":"vetha","vlan":1,"flags":["self"],"state":"permanent"},{"mac":"00:00:00:00:00:00","ifname":"vx0","dst":"192.0.2.9","flags":["self"],"state":"permanent"}]';

test('entries carry port, state, VLAN and the peer of a tunnel', () => {
  expect(parseFdb(FDB)).toEqual([
    { mac: '12:5d:0b:1e:6a:28', dev: 'vetha', master: 'br0', flags: [], state: null, vlan: null, dst: null },
    {
      mac: '4e:db:9d:65:80:90',
      dev: 'vetha',
      master: null,
      flags: ['self'],
      state: 'permanent',
      vlan: 1,
      dst: null,
    },
    {
      mac: '00:00:00:00:00:00',
      dev: 'vx0',
      master: null,
      flags: ['self'],
      state: 'permanent',
      vlan: null,
      dst: '192.0.2.9',
    },
  ]);
});

test.each(['outside', 'sibling'] as const)(
  'the bridge of the path is asked, and no other (%s)',
  async (way) => {
    const { machine, answer } = await gathered('fdb', healthy(way), {
      run: { 'bridge -j fdb show br br0': FDB },
    });
    expect(machine.asked).toEqual(['bridge -j fdb show br br0']);
    expect(answer).toMatchObject({ known: true, value: { length: 3 } });
  },
);

/** What the kernel tells of one entry of this link. */
const told = (ifindex: number, more: object = {}) => ({
  mac: '02:00:00:00:00:09',
  ifindex,
  master: null,
  flags: ['self'],
  state: 'permanent',
  vlan: null,
  dst: null,
  ...more,
});

test('the kernel is asked before any program, and what an older one tells of other bridges is left out', async () => {
  const lab = healthy();
  const { links } = lab.stacks.host as Stack;
  const index = (name: string) => links.find((link) => link.name === name)!.ifindex;
  const { machine, answer } = await gathered('fdb', lab, {
    kernel: {
      [`forwarding br ${index('br0')}`]: [
        told(index('vetha'), { master: index('br0'), flags: ['sticky'], vlan: 7 }),
        told(index('br0')),
        told(index('up0')),
      ],
    },
  });
  expect(machine.asked).toEqual([]);
  const entry = {
    mac: '02:00:00:00:00:09',
    master: null,
    flags: ['self'],
    state: 'permanent',
    vlan: null,
    dst: null,
  };
  expect(answer).toMatchObject({
    known: true,
    value: [
      { ...entry, dev: 'vetha', master: 'br0', flags: ['sticky'], vlan: 7 },
      { ...entry, dev: 'br0' },
    ],
    source: ['bridge', '-j', 'fdb', 'show', 'br', 'br0'],
  });
});

const VLANS =
  '[{"ifname":"vetha","vlans":[{"vlan":1,"flags":["PVID","Egress Untagged"]},{"vlan":10,"vlanEnd":12}]},{"ifname":"vethz","vlans":[{"vlan":7}]}]';

function filtering() {
  const lab = healthy();
  const bridge = linkNamed(lab.stacks.host as Stack, 'br0') as { bridge: { vlanFiltering: boolean } };
  bridge.bridge.vlanFiltering = true;
  return lab;
}

test('a bridge that does not filter by VLAN is not asked about them', async () => {
  const { machine, answer } = await gathered('vlans', healthy(), {});
  expect(answer).toMatchObject({ known: true, value: [] });
  expect(machine.asked).toEqual([]);
});

test('VLAN ranges are written out', () => {
  expect(parseVlans(VLANS).map(({ dev, vlan }) => `${dev} ${vlan}`)).toEqual([
    'vetha 1',
    'vetha 10',
    'vetha 11',
    'vetha 12',
    'vethz 7',
  ]);
});

test('memberships are those of the path', async () => {
  const vlans = await value('vlans', filtering(), { run: { 'bridge -j vlan show': VLANS } });
  expect(vlans).toHaveLength(4);
  expect(vlans[0]?.flags).toEqual(['PVID', 'Egress Untagged']);
});

test('a kernel that cannot filter by VLAN has no memberships', async () => {
  const without = { code: 1, stderr: 'RTNETLINK answers: Operation not supported\nDump terminated\n' };
  expect(await value('vlans', filtering(), { run: { 'bridge -j vlan show': without } })).toEqual([]);
});

test('bridge fdb show dev leaves the device out of its JSON: it is the one asked about', () => {
  const text = '[{"mac":"02:00:00:00:00:aa","dst":"192.0.2.2","flags":["self"],"state":"permanent"}]';
  expect(parseFdb(text, 'vxlan0')).toMatchObject([{ dev: 'vxlan0', dst: '192.0.2.2' }]);
});
