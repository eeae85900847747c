/** An address that an interface lost and that somebody still remembers: never a guess. */

import type { Family } from '../model/flow.ts';
import type { Scene } from '../model/scene.ts';
import type { Attachment } from './attachment.ts';
import { usable } from './attachment.ts';
import { within } from './nat.ts';

/** `10.88.0.2/24`: what the runtime assigned, or the host's neighbour entry for this interface's MAC address. */
export function rememberedAddress(scene: Scene, at: Attachment, family: Family): string | undefined {
  const isOfFamily = (address: string): boolean => address.includes(':') === (family === 6);
  for (const network of at.side === 'container' ? scene.target.networks : []) {
    const address = network.addresses.find(isOfFamily);
    const subnet = address && network.subnets.find((one) => isOfFamily(one) && within(address, one));
    if (address && subnet) return `${address}/${subnet.split('/')[1]}`;
  }
  const { bridge, link } = at;
  if (!bridge || !link.mac) return undefined;
  const entries = scene.stacks.host.neighbours.filter(
    (one) => one.dev === bridge.name && one.mac === link.mac && isOfFamily(one.address),
  );
  const found = entries.flatMap((entry) => {
    const own = usable(bridge, family).find((one) => within(entry.address, `${one.address}/${one.prefix}`));
    return own ? [`${entry.address}/${own.prefix}`] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}
