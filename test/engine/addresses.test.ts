import { expect, it } from 'vitest';
import { addressesOf } from '../../src/engine/addresses.ts';
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
