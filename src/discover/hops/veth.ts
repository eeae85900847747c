import { addressesOf, hopKind } from '../kind.ts';

export default hopKind({
  kind: 'veth',
  about: (link) => (link.master ? `port of ${link.master}` : addressesOf(link)),
});
