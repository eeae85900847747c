import { addressesOf, hopKind } from '../kind.ts';

export default hopKind({
  kind: 'ipvlan',
  about: (link) => `${addressesOf(link)}, ${String(link.data.mode ?? 'ipvlan')}`,
});
