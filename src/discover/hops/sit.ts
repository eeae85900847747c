import { addressesOf, hopKind } from '../kind.ts';

export default hopKind({
  kind: 'sit',
  about: (link) => `${addressesOf(link)}, SIT to ${String(link.data.remote ?? 'anybody')}`,
  hides: (link) => ({
    what: `what becomes of packets between ${link.name} and the other end of the tunnel`,
    because: 'from there they travel inside packets of the host, which were not followed',
  }),
});
