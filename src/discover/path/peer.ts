/** The other end of a veth: by ifindex and namespace together, never by name. */
import type { Machine } from '../../host/machine.ts';
import type { Netns } from '../../model/netns.ts';
import { isPeer, type Link, linkByIndex, peerIndex, type Stack } from '../../model/stack.ts';

export type Peer =
  | { readonly found: 'one'; readonly link: Link }
  | { readonly found: 'none' }
  | { readonly found: 'ambiguous'; readonly links: readonly Link[] };

/**
 * Finds the end that lives in `there` of the veth `link` of namespace `of`. The nsid that `there` gives to `of` settles
 * which of two ends with equal indexes it is; without it two candidates are ambiguous. A link of another kind has none.
 */
export function peerIn(machine: Machine, link: Link, of: Netns | null, there: Stack): Peer {
  const self = of ?? machine.self;
  const id = machine.nsid(self, there.netns);
  // An index is unique in its namespace.
  const other = linkByIndex(there, peerIndex(link));
  const matches = (other ? [other] : []).filter(
    (end) =>
      isPeer(end, link) &&
      (!id.known || end.nsid === id.value || (end.nsid === null && samePlace(machine, self, there.netns))),
  );
  if (matches.length === 1) return { found: 'one', link: matches[0]! };
  return matches.length === 0 ? { found: 'none' } : { found: 'ambiguous', links: matches };
}

const samePlace = (machine: Machine, a: Netns, b: Netns | null): boolean =>
  a.inode === (b ?? machine.self).inode;
