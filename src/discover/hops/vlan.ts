import { addressesOf, hopKind } from '../kind.ts';

/** An 802.1Q interface: frames without the tag above it, with the tag below. */
export default hopKind({
  kind: 'vlan',
  about: (link) =>
    `${addressesOf(link)}, VLAN ${link.data.id ?? '?'} on ${link.linkName ?? 'another interface'}`,
  hides: (link) => ({
    what: `whether the network behind ${link.linkName ?? link.name} carries VLAN ${link.data.id ?? '?'}`,
    because: `packets are watched on ${link.name}, above the tag; what a switch does with tagged frames no machine sees`,
  }),
});
