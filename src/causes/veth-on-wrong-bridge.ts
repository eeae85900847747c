import {
  type Attachment,
  attachments,
  bridgeHolding,
  bridgeOfNeighbour,
  covering,
} from '../kernel/attachment.ts';
import { NETFILTER, refuted } from '../kernel/drops.ts';
import { cableOf } from '../kernel/joined-bridges.ts';
import { sideName } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { type Link, linkNamed } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';

/** The bridge it should be on, when that is another one than it is on. */
function rightBridge(scene: Scene, at: Attachment): Link | undefined {
  const { side, link, bridge } = at;
  const { host } = scene.stacks;
  const own = link.addresses.filter((one) => one.scope !== 'link');
  if (!bridge || own.length === 0) return undefined;
  const named = scene.target.networks.find(
    (network) => side === 'container' && own.some((one) => network.addresses.includes(one.address)),
  );
  const told = linkNamed(host, named?.bridge ?? null);
  if (told) return told.name === bridge.name ? undefined : told;
  if (own.some((one) => covering(bridge, one.address))) return undefined;
  const holding = own.map((one) => bridgeHolding(host, one.address)).find((one) => one !== undefined);
  const cable = holding && cableOf(host, bridge, holding);
  if (holding) return cable ? undefined : holding;
  // Of two bridges, the one with a network of its own, and not this one, is the wrong one.
  const foreign = bridge.addresses.some((one) => one.scope !== 'link');
  const beside = foreign ? bridgeOfNeighbour(scene, at) : undefined;
  return beside?.name === bridge.name ? undefined : beside;
}

export default cause({
  id: 'veth-on-wrong-bridge',
  title: "The veth is a port of another network's bridge",
  explain: `The host's end of the container's veth is a port of a bridge, and of the wrong one: the container's subnet lives on
another. Its neighbours do not hear it; the host may still answer for the gateway, since Linux answers ARP for all its
addresses on every link, so that requests leave and the answers go to the right bridge, where nobody is.

It comes about by a script or a restored configuration that names ports by their place. \`bridge link\` shows which bridge
the veth is on; compare its subnet with the container's address.`,
  needs: [],
  over: [
    'bridge-address-missing',
    'reply-route-diverted',
    'neighbour-stale',
    'neighbour-unanswered',
    'neighbour-absent',
    'container-wrong-gateway',
    'rp-filter-drop',
    'network-isolation',
    'firewall-rule-drop',
    'forward-policy-drop',
    'no-reply-from-destination',
    'masquerade-missing',
    'direct-routing-blocked',
    'container-address-invalid',
  ],
  examine(scene) {
    if (scene.place === null) return null;
    for (const at of attachments(scene)) {
      const right = rightBridge(scene, at);
      if (!right || !at.port || !at.bridge || refuted(scene, new RegExp(`${NETFILTER.source}|^IP_RPFILTER$`)))
        continue;
      const { port, bridge } = at;
      const own = at.link.addresses.find((one) => one.scope !== 'link');
      return {
        sure: 'supported',
        what: `${port.name}, the host's end of the veth of ${sideName(at.side)}, is a port of ${bridge.name} instead of ${right.name}`,
        why: `${sideName(at.side)} has the address ${own?.address}, whose network lives on ${right.name}, and its veth hangs on ${bridge.name}.`,
        do: `Make ${port.name} a port of ${right.name}.`,
        fixes: [
          {
            title: `Make ${port.name} a port of ${right.name}`,
            risk: 'safe',
            lasts: 'as long as the container runs, unless something moves it again',
            apply: [run(['ip', 'link', 'set', 'dev', port.name, 'master', right.name])],
            undo: [run(['ip', 'link', 'set', 'dev', port.name, 'master', bridge.name])],
          },
        ],
        evidence: [
          fromState(
            `${port.name} is a port of ${bridge.name}`,
            ['ip', '-d', 'link', 'show', 'dev', port.name],
            at.portId,
          ),
        ],
      };
    }
    return null;
  },
});
