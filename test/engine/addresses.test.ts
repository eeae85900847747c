import { expect, it } from 'vitest';
import { addressBetween, addressesOf } from '../../src/engine/addresses.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import { healthy } from '../causes/scene.ts';

const ask = (about: { family?: 4 | 6 } = {}, bare = true): Promise<string[]> => {
  const { stacks, target } = healthy();
  if (bare) for (const link of stacks.container.links) link.addresses = [];
  return addressesOf({ kind: 'container', target: '' } as never, 'host', {
    machine: {},
    question: about,
    target,
    stacks,
  } as never);
};

it('speaks of a family only where somebody asked for one', async () => {
  await expect(ask()).rejects.toThrow(/^lab-a has no address to ask for/);
  await expect(ask({ family: 6 })).rejects.toThrow(/^lab-a has no IPv6 address to ask for/);
});

it('takes the address of IPv4 where there is one, unless the other was asked for', async () => {
  expect(await ask({}, false)).toEqual(['10.88.0.2']);
  expect(await ask({ family: 6 }, false)).toEqual(['fd00:88::2']);
});

const toOther = (addresses: readonly string[]): Promise<string> => {
  const { stacks, target } = healthy();
  const machine = {
    netns: () => known({ inode: 7, path: '/run/netns/db' }, []),
    networkIn: () => notKnown('no-permission', 'nobody may look', []),
    run: async () => notKnown('no-permission', 'nobody may look', []),
    read: () => notKnown('no-permission', 'nobody may look', []),
    list: () => known(['db'], []),
    self: { inode: 1, path: '' },
  };
  const asked = { machine, question: {}, target: { ...target, networks: [{ addresses }] }, stacks };
  return addressBetween({ ...target, name: 'db', networks: [{ addresses }] } as never, asked as never);
};

it('takes the runtime’s word for the address of a container that nobody may look into', async () => {
  expect(await toOther(['fd00::3', '172.18.0.3'])).toEqual('172.18.0.3');
  await expect(toOther([])).rejects.toMatchObject({ problem: { exit: 3, code: 'no-permission' } });
});
