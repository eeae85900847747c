import { addressesOf, hopKind } from '../kind.ts';

export default hopKind({
  kind: 'ipvlan',
  about: (link) => `${addressesOf(link)}, ${String(link.data.mode ?? 'ipvlan')}`,
  hides: (link) => ({
    what: `what passes between ${link.name} and other children of its parent`,
    because: 'ipvlan hands it over without the parent, where no capture of the host sees it',
  }),
});
