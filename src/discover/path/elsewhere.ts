/**
 * The other end of the source's veth is in a third namespace: another container's, or one that only carries frames on,
 * as the namespace of a Swarm overlay does: eth0 → veth → br0 there → a sibling's veth, or the vxlan to other hosts; or a
 * router's, which passes packets on.
 */
import { isPair, type Link, linkByIndex, linkHolding, linkNamed, peerIndex } from '../../model/stack.ts';
import { readStack } from '../stack.ts';
import type { PathBuilder, Side } from './builder.ts';
import type { Departure } from './departure.ts';
import { type Onward, passOn } from './gateway.ts';
import { intoHost } from './into-host.ts';
import { byNsid } from './namespaces.ts';
import { ownerOf } from './owner.ts';
import { into } from './through-host.ts';

export async function elsewhere(at: Departure, builder: PathBuilder, first: Link): Promise<void> {
  const netns = first.nsid === null ? undefined : byNsid(at.machine, at.source.netns).get(first.nsid);
  const stack = netns && (await readStack(at.machine, netns));
  const link = stack?.known ? linkByIndex(stack.value, peerIndex(first)) : undefined;
  if (!stack?.known || !link) {
    builder.gap('no-peer', `the other end of ${first.name} is not in the host's namespace`);
    return builder.end('beyond', 'outside');
  }
  // Asked from another container, the target itself may be what is at the other end.
  const isTarget = netns!.inode === at.target.netns?.inode;
  const side: Side = isTarget ? at.target : { where: 'other', netns: netns!, stack: stack.value };
  builder.add(side, link, 'wire');
  if (linkHolding(stack.value, at.flow.address))
    return builder.end('deliver', isTarget ? 'container' : 'other');
  const bridge = linkNamed(stack.value, link.master);
  // Asked for on the link itself, the address should be here, whoever has it now.
  if (!bridge && at.route.gateway === null) return builder.end('deliver', isTarget ? 'container' : 'other');
  if (!bridge) return routed(at, builder, side, link);
  await acrossBridge(at, builder, side, bridge);
}

/** That namespace is a router: its kernel decides, and what it decides leads back to the host or to nothing here. */
function routed(at: Departure, builder: PathBuilder, side: Side, entry: Link): Promise<void> {
  const real = { address: at.flow.address, port: at.flow.port };
  const onward: Onward = (grown, ingress, from) => intoHost({ ...at, sourceAddress: from }, grown, ingress);
  return passOn({ at, source: at.sourceAddress, real, onward }, builder, side, entry, null);
}

/** From port to port of a bridge that lives in a namespace of its own. */
async function acrossBridge(at: Departure, builder: PathBuilder, side: Side, bridge: Link): Promise<void> {
  const { machine, route, flow, source } = at;
  const nextHop = route.gateway ?? flow.address;
  const owner = ownerOf(machine, side.stack, nextHop, bridge.name);
  if (owner && owner.netns.inode !== source.netns?.inode)
    return into({ ...at, host: side }, builder, owner, 'bridge');
  if (linkHolding(side.stack, nextHop)) {
    builder.add(side, bridge, 'port');
    return routed(at, builder, side, bridge);
  }
  const outlet = side.stack.links.find((one) => one.master === bridge.name && !isPair(one));
  if (outlet) builder.add(side, outlet, 'bridge', outlet.kind);
  builder.end('beyond', 'outside');
}
