import { expect, test } from 'vitest';
import { healthy, type Lab } from '../../causes/scene.ts';
import { value } from './gathered.ts';

const ELSEWHERE = '/run/netns/lab-d';
const holding = (path: string) => ({
  [`${path} /proc/net/fib_trie`]: '  |-- 198.51.100.1\n     /32 host LOCAL\n',
});

/** A namespace of that host which holds the destination, and by which number the host knows it. */
const host = (nsid: number | undefined, path = ELSEWHERE, inode = 900) => ({
  lists: { '/run/netns': [path.split('/').at(-1)!] },
  netns: { [path]: inode },
  nsids: nsid === undefined ? {} : { [path]: nsid },
  files: holding(path),
});

test('a namespace beside the path holds the address that was sent out of this host', async () => {
  expect((await value('residents', healthy(), host(9))).found).toEqual([
    { address: '198.51.100.1', name: 'the namespace lab-d', netns: { inode: 900, path: ELSEWHERE } },
  ]);
});

test('whoever is known by its process alone is told so', async () => {
  const path = '/proc/4711/ns/net';
  const {
    found: [found],
  } = await value('residents', healthy(), {
    ...host(9, path),
    lists: { '/proc': ['4711', 'self'] },
  });
  expect(found?.name).toBe('the namespace of process 4711');
});

test.each([
  ['no link of this host leads to', undefined, () => {}],
  [
    'lies on the wire behind the uplink',
    9,
    (lab: Lab) => {
      lab.path.hops[3]!.link.nsid = 9;
    },
  ],
  [
    'lies on another wire that this host routes to',
    9,
    (lab: Lab) => {
      lab.stacks.host.links.find(({ name }) => name === 'br1')!.nsid = 9;
    },
  ],
] as const)('one that %s is left alone', async (_, nsid, change) => {
  const lab = healthy();
  change(lab);
  expect((await value('residents', lab, host(nsid))).found).toEqual([]);
});

test('the target itself is no other', async () => {
  const lab = healthy();
  expect(
    (await value('residents', lab, host(1, lab.target.netns.path, lab.target.netns.inode))).found,
  ).toEqual([]);
});

test('where nothing can be listed, or one cannot be looked into, somebody may be there all the same', async () => {
  expect(await value('residents', healthy(), {})).toEqual({ found: [], isWhole: false });
  const shut = { ...host(9), lists: { ...host(9).lists, '/proc': [] }, files: {} };
  expect(await value('residents', healthy(), shut)).toEqual({ found: [], isWhole: false });
  const open = {
    ...shut,
    files: { [`${ELSEWHERE} /proc/net/fib_trie`]: '  |-- 10.0.0.1\n     /32 host LOCAL\n' },
  };
  expect(await value('residents', healthy(), open)).toEqual({ found: [], isWhole: true });
});
