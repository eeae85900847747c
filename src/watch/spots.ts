/** The hops of a way, as what is listened to. */
import type { Spot } from '../capture/spot.ts';
import type { Hop } from '../model/path.ts';
import type { Target } from '../model/target.ts';
import { plain } from '../words/text.ts';

export const spotsOf = (hops: readonly Hop[], { name }: Target): Spot[] =>
  hops.map((hop) => ({
    id: hop.id,
    name: hop.name,
    label: hop.where === 'container' ? `${plain(hop.name)}@${plain(name)}` : plain(hop.name),
    where: hop.where,
    kind: hop.kind,
    netns: hop.netns,
    ifindex: hop.link.ifindex,
    master: hop.link.master,
    about: hop.about,
    addresses: hop.link.addresses.map(({ address, prefix }) => `${address}/${prefix}`),
    mac: hop.link.mac,
    passes: 'own',
  }));
