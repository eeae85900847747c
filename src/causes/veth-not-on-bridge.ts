import {
  type Attachment,
  attachments,
  bridgeHolding,
  bridgeOfNeighbour,
  covering,
} from '../kernel/attachment.ts';
import { cableEnds } from '../kernel/bridge-port.ts';
import { BRIDGE, confirmed, NETFILTER, OTHERHOST, refuted } from '../kernel/drops.ts';
import { within } from '../kernel/nat.ts';
import { fromAnyView, isNear, sideName } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import { type Scene, seen } from '../model/scene.ts';
import { type Link, linkNamed } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';

/** The bridge this end belongs to: the runtime's word, the one that holds its subnet or gateway, or its neighbour's. */
function bridgeFor(scene: Scene, at: Attachment): Link | undefined {
  const { host } = scene.stacks;
  const own = at.link.addresses.filter((one) => one.scope !== 'link').map((one) => one.address);
  const named = scene.target.networks.find(
    (network) => at.side === 'container' && network.addresses.some((address) => own.includes(address)),
  );
  const gateways = at.stack.routes.flatMap((route) =>
    route.dev === at.link.name ? (route.gateway ?? []) : [],
  );
  return (
    linkNamed(host, named?.bridge ?? null) ??
    [...own, ...gateways]
      .map((address) => bridgeHolding(host, address))
      .find((bridge) => bridge !== undefined) ??
    bridgeOfNeighbour(scene, at)
  );
}

/** The host would route what comes from the veth, and may not: forwarding is off (fib_frontend.c, route.c ip_error). */
const UNROUTED = /^(IP_INADDRERRORS|ip_error)$/;

/** What is dropped behind such an end. */
const ELSEWHERE = new RegExp(`${BRIDGE.source}|${OTHERHOST.source}|${NETFILTER.source}|${UNROUTED.source}`);

/** A veth that the host routes to, or on which it has an address, needs no bridge. */
const isRouted = (scene: Scene, at: Attachment, port: Link): boolean =>
  port.addresses.some((own) => own.scope !== 'link') ||
  scene.stacks.host.routes.some(
    (route) =>
      route.dev === port.name &&
      route.type === 'unicast' &&
      at.link.addresses.some((own) => own.family === route.family && within(own.address, route.destination)),
  );

const WHILE_IT_RUNS = 'as long as the container runs, unless something takes it out again';

/** A cable between two bridges, of which one end is a port of neither. */
function unplugged(scene: Scene): Claim | null {
  const at = cableEnds(scene).find(({ port, near }) => port.up && port.master === null && near);
  if (!at?.belongs || refuted(scene, ELSEWHERE)) return null;
  const { port, portId, link, belongs } = at;
  const [name, bridge] = [port.name, belongs.name];
  return {
    sure: 'supported',
    what: `${name}, ${at.whose}, is not a port of ${bridge}`,
    why: `${link.name} is the other end, a port of ${link.master ?? 'no bridge'}: what goes into it comes out of ${name}, which belongs to no bridge, and ends there.`,
    do: `Make ${name} a port of ${bridge}.`,
    fixes: [plugIn(name, bridge, 'until reboot, or until something takes it out again')],
    evidence: [fromState(`${name} has no master`, ['ip', '-d', 'link', 'show', 'dev', name], portId)],
  };
}

const plugIn = (name: string, bridge: string, lasts: string): Fix => ({
  title: `Make ${name} a port of ${bridge}`,
  risk: 'safe',
  lasts,
  apply: [run(['ip', 'link', 'set', 'dev', name, 'master', bridge])],
  undo: [run(['ip', 'link', 'set', 'dev', name, 'nomaster'])],
});

export default cause({
  id: 'veth-not-on-bridge',
  title: 'The veth is a port of no bridge',
  explain: `The host's end of the container's veth is up, and it is not a port of the bridge of its network. What the container
sends arrives on that end and goes no further: the host takes it for a packet that is for somebody else.

systemd-networkd, NetworkManager or dhcpcd, which manage every interface they see, take a new veth out of its bridge now
and then; a restart of the container cures it until the next time. \`bridge link\` does not list the veth. The same happens
to a cable between two bridges: an end that is a port of none leads nowhere.`,
  needs: [],
  over: [
    'neighbour-stale',
    'neighbour-unanswered',
    'neighbour-absent',
    'container-wrong-gateway',
    'bridge-address-missing',
    'forward-policy-drop',
    'ip-forward-off',
    'firewall-rule-drop',
    'input-rule-drop',
  ],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      for (const at of attachments(scene)) {
        const { port, portId, id } = at;
        if (!port?.up || port.master !== null || isRouted(scene, at, port)) continue;
        if (!isNear(scene, portId) && !isNear(scene, id)) continue;
        const bridge = bridgeFor(scene, at);
        // The host answers ARP on the veth too, and then routes what comes from it past rules that name the bridge.
        // Of a bridge that tells nothing there must be one at least: the container takes its target for a neighbour.
        const neighbourly = covering(at.link, scene.flow.address) !== undefined;
        if ((!bridge && !neighbourly) || refuted(scene, ELSEWHERE)) continue;
        const arrived = portId !== null && scene.place?.after?.id === portId;
        const frames = portId === null ? [] : seen(scene, portId, scene.place?.direction ?? 'request');
        return {
          sure: (arrived && frames.length > 0) || confirmed(scene, OTHERHOST) ? 'proved' : 'supported',
          what: `${port.name}, the host's end of the veth of ${sideName(at.side)}, is not a port of ${bridge?.name ?? 'any bridge'}`,
          why: bridge
            ? `${port.name} belongs to no bridge, and the network of ${sideName(at.side)} lives on ${bridge.name}: nothing leads from one to the other.`
            : `${sideName(at.side)} takes ${scene.flow.address} for a neighbour, and ${port.name}, where its packets come out, has no address, no route leads by it, and it belongs to no bridge: they end there.`,
          do: `Make ${port.name} a port of ${bridge?.name ?? 'the bridge of its network'}.`,
          fixes: bridge ? [plugIn(port.name, bridge.name, WHILE_IT_RUNS)] : [],
          evidence: [
            fromState(`${port.name} has no master`, ['ip', '-d', 'link', 'show', 'dev', port.name], portId),
          ],
        };
      }
      return unplugged(scene);
    }),
});
