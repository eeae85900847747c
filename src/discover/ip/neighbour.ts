import type { Neighbour } from '../../model/stack.ts';
import { type Fields, text, words } from './json.ts';

/** Entries of `ip -j neigh show` and `ip -j neigh show proxy`. */
export const neighboursFrom = (entries: readonly Fields[], proxy = false): Neighbour[] =>
  entries.flatMap((entry) => {
    const address = text(entry.dst);
    const dev = text(entry.dev);
    if (address === null || dev === null) return [];
    return [{ address, dev, mac: text(entry.lladdr), state: words(entry.state), proxy }];
  });
