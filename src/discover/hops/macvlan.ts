import { addressesOf, hopKind } from '../kind.ts';

/** A child that shares its parent's wire: packets never pass the host's stack. */
export default hopKind({
  kind: 'macvlan',
  about: (link) => `${addressesOf(link)}, ${String(link.data.mode ?? 'macvlan')}`,
});
