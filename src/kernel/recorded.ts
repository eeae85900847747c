/** Who has configured an address: without such a record, giving it to an interface is a guess. */
import type { Scene } from '../model/scene.ts';
import { linkHolding } from '../model/stack.ts';

/** Whose record names this address: the runtime's network, or an interface of this host that holds it now. */
export function recordOf(scene: Pick<Scene, 'target' | 'stacks'>, address: string): string | undefined {
  const bare = address.split('/')[0] as string;
  const network = scene.target.networks.find(
    ({ addresses, gateways }) => addresses.includes(bare) || gateways.includes(bare),
  );
  if (network) return `${scene.target.runtime}'s network ${network.name}`;
  const link = linkHolding(scene.stacks.host, bare);
  return link && `${link.name} of this host`;
}

/** The risk of a fix that gives somebody this address, or names it as a gateway; and whose record answers for it. */
export function byRecord(
  scene: Pick<Scene, 'target' | 'stacks'>,
  address: string | undefined,
): { risk: 'safe'; configured: string } | { risk: 'disruptive' } {
  const configured = address === undefined ? undefined : recordOf(scene, address);
  return configured === undefined ? { risk: 'disruptive' } : { risk: 'safe', configured };
}
