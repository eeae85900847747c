// Of a large namespace the first links answer what they can for all; whoever asks for more has all told.
import { expect, it } from 'vitest';
import { veth } from '../../src/kernel/attachment.ts';
import { broadcastLink } from '../../src/kernel/one-to-many.ts';
import { type Link, linkByIndex, linkHolding, linkNamed, type Stack } from '../../src/model/stack.ts';

const link = (ifindex: number, name: string, address?: string, peer: number | null = null): Link =>
  ({
    ifindex,
    name,
    kind: peer === null ? 'bridge' : 'veth',
    link: peer,
    addresses: address
      ? [{ family: address.includes(':') ? 6 : 4, address, prefix: 24, scope: 'global' }]
      : [],
  }) as unknown as Link;

const [bridge, port, other] = [
  link(2, 'br0', '10.0.0.1'),
  link(5, 'v5', undefined, 9),
  link(6, 'v6', 'fe80::6', 9),
];

/** What it comes to, and whether all were told for it. */
function asked<T>(ask: (stack: Stack) => T): [answer: T, areAllTold: boolean] {
  let areAllTold = false;
  const stack = {
    netns: null,
    first: [bridge, port],
    get links() {
      areAllTold = true;
      return [bridge, port, other];
    },
    routes: [],
    rules: [],
    neighbours: [],
  };
  return [ask(stack), areAllTold];
}

it.each<[string, (stack: Stack) => Link | undefined, Link | undefined, boolean]>([
  ['a name among them', (stack) => linkNamed(stack, 'v5'), port, false],
  ['a name of another', (stack) => linkNamed(stack, 'v6'), other, true],
  ['a name of none', (stack) => linkNamed(stack, 'v7'), undefined, true],
  ['an index among them', (stack) => linkByIndex(stack, 2), bridge, false],
  ['an index of another', (stack) => linkByIndex(stack, 6), other, true],
  ['an address that one holds', (stack) => linkHolding(stack, '10.0.0.1'), bridge, false],
  ['an address that nobody holds', (stack) => linkHolding(stack, '10.0.0.2'), undefined, false],
  ['an address of the link alone', (stack) => linkHolding(stack, 'fe80::6'), other, true],
  ['a broadcast address', (stack) => broadcastLink(stack, '10.0.0.255'), bridge, false],
  ['the other end of a cable', (stack) => veth(stack, link(9, 'eth0', undefined, 5)), port, false],
  [
    'the other end of one that is not near',
    (stack) => veth(stack, link(9, 'eth0', undefined, 6)),
    other,
    true,
  ],
])('%s', (_, ask, answer, areAllTold) => {
  expect(asked(ask)).toEqual([answer, areAllTold]);
});
