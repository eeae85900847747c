import { addressesOf, hopKind } from '../kind.ts';

export default hopKind({
  kind: 'netkit',
  about: (link) => (link.master ? `port of ${link.master}` : addressesOf(link)),
});
