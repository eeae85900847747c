/** Which of its addresses a namespace would use towards a destination, as far as its routes tell. */
import { decide } from '../../kernel/routing.ts';
import { familyOf } from '../../model/ends.ts';
import { isLocalAddress, type Stack } from '../../model/stack.ts';
import type { SourceOf } from '../../resolver/order.ts';

export const sourceIn =
  (stack: Stack): SourceOf =>
  (destination) => {
    const family = familyOf(destination);
    const all = stack.links.flatMap(({ name, up, addresses }) =>
      addresses.filter((one) => one.family === family).map((one) => ({ ...one, dev: name, up })),
    );
    const own = all.find(({ address }) => address === destination);
    if (own && isLocalAddress(stack, destination)) return own;
    if (family === 4 && destination.startsWith('127.'))
      return all.find(({ address }) => address.startsWith('127.')) ?? null;
    const found = decide(stack, { family, destination, source: null, iif: null });
    if (found.kind !== 'route') return null;
    const { source, dev } = found.route;
    const told = source && all.find(({ address }) => address === source);
    if (told) return told;
    const here = all.filter((one) => one.dev === dev && one.up);
    return (
      here.find(({ scope }) => scope === 'global') ??
      here[0] ??
      all.find(({ scope }) => scope === 'global') ??
      null
    );
  };
