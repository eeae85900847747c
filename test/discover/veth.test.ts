import { describe, expect, it } from 'vitest';
import type { Inhabitant } from '../../src/discover/inventory.ts';
import { vethPairs } from '../../src/discover/veth.ts';
import type { Machine } from '../../src/host/machine.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import type { Netns } from '../../src/model/netns.ts';
import type { Link, Stack } from '../../src/model/stack.ts';
import { containerStack, hostStack, netns } from '../causes/lab-state.ts';

const HOST = netns('host', 1);

const ADDRESSES = ['10.88.0.2/24', 'fd00:88::2/64'];

/** Everybody sees everybody under the id that is the inode; null where nobody may ask. */
const machine = (asks = true): Machine =>
  ({
    self: HOST,
    nsid: (of: Netns) => (asks ? known(of.inode, []) : notKnown('no-permission', 'EPERM', [])),
  }) as Partial<Machine> as Machine;

const inhabitant = (name: string, stack: Stack): Inhabitant => ({
  candidate: { runtime: 'netns', name, id: null, state: 'present', pid: null, addresses: [], networks: [] },
  target: { netns: stack.netns! } as Inhabitant['target'],
  stack,
});

/** A veth of this namespace whose other end has that index, in the namespace with that id. */
const veth = (like: Link, name: string, ifindex: number, peer: number, nsid: number | null): Link => ({
  ...like,
  name,
  ifindex,
  kind: 'veth',
  link: peer,
  nsid,
});

const like = containerStack('a').links.find(({ name }) => name === 'eth0')!;
const stack = (of: Netns | null, ...links: Link[]): Stack => ({ ...hostStack(), netns: of, links });
const a = netns('a', 101);
const b = netns('b', 102);

describe('veth pairs', () => {
  it('are found by index and namespace, whatever they are called', () => {
    const host = stack(
      null,
      veth(like, 'vethb', 7, 2, 102),
      veth({ ...like, master: 'br0' }, 'vetha', 8, 2, 101),
    );
    const inside = inhabitant('a', stack(a, veth(like, 'eth0', 2, 8, 1)));
    expect(vethPairs(machine(), host, [inside])).toEqual([
      {
        container: {
          where: 'netns:a',
          name: 'eth0',
          ifindex: 2,
          master: like.master,
          addresses: ADDRESSES,
        },
        found: 'one',
        peers: [{ where: 'host', name: 'vetha', ifindex: 8, master: 'br0', addresses: ADDRESSES }],
      },
    ]);
  });

  it('between two containers name the other container', () => {
    const one = inhabitant('a', stack(a, veth(like, 'eth0', 2, 5, 102)));
    const two = inhabitant('b', stack(b, veth(like, 'eth0', 5, 2, 101)));
    const pairs = vethPairs(machine(), stack(null), [one, two]);
    expect(pairs.map(({ container, peers }) => [container.where, peers[0]?.where])).toEqual([
      ['netns:a', 'netns:b'],
      ['netns:b', 'netns:a'],
    ]);
    expect(vethPairs(machine(), stack(null), [two], [one, two])).toHaveLength(1);
  });

  it('a namespace with two names is one', () => {
    const one = inhabitant('a', stack(a, veth(like, 'eth0', 2, 5, 102)));
    const two = stack(b, veth(like, 'eth0', 5, 2, 101));
    const [pair] = vethPairs(
      machine(),
      stack(null),
      [one],
      [one, inhabitant('b', two), inhabitant('also-b', two)],
    );
    expect(pair).toMatchObject({ found: 'one', peers: [{ where: 'netns:b' }] });
  });

  it('are ambiguous rather than guessed where the namespace cannot be told', () => {
    const host = stack(null, veth(like, 'vetha', 8, 2, 101));
    const inside = inhabitant('a', stack(a, veth(like, 'eth0', 2, 8, 1)));
    expect(vethPairs(machine(false), host, [inside])[0]).toMatchObject({ found: 'ambiguous' });
  });

  it('with an end nowhere in sight say so', () => {
    const inside = inhabitant('a', stack(a, veth(like, 'eth0', 2, 8, 77)));
    expect(vethPairs(machine(), stack(null), [inside])[0]).toMatchObject({ found: 'none', peers: [] });
  });

  it('of somebody who may not be looked into are none', () => {
    const blind = { ...inhabitant('a', stack(a)), stack: null };
    expect(vethPairs(machine(), stack(null), [blind])).toEqual([]);
  });
});
