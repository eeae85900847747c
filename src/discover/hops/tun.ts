import { addressesOf, hopKind } from '../kind.ts';

/** A program on this host holds the other end: a VPN, or a user-mode network. */
export default hopKind({
  kind: 'tun',
  about: (link) => `${addressesOf(link)}, ${String(link.data.type ?? 'tun')} of a program`,
  hides: (link) => ({
    what: `what becomes of packets that leave by ${link.name}`,
    because: 'a program takes them out of the kernel there, as a VPN does',
  }),
});
