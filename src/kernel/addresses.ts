import type { Family } from '../model/flow.ts';
import type { Stack } from '../model/stack.ts';

/** Addresses of a namespace that reach further than its own links, without prefix length. */
export const globalAddresses = (stack: Stack, family: Family): string[] =>
  stack.links
    .filter((link) => link.kind !== 'loopback')
    .flatMap(({ addresses }) =>
      addresses.filter((one) => one.family === family && one.scope === 'global').map((one) => one.address),
    );
