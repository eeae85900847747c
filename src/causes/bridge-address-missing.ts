import { type Attachment, attachments } from '../kernel/attachment.ts';
import { designedWithoutGateway } from '../kernel/designed.ts';
import { NETFILTER, refuted } from '../kernel/drops.ts';
import { within } from '../kernel/nat.ts';
import { byRecord } from '../kernel/recorded.ts';
import { ip } from '../kernel/routing.ts';
import { cause } from '../model/cause.ts';
import { familyOf } from '../model/ends.ts';
import { run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { type Link, linkHolding } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';

const EXPECTED = /^(IP_RPFILTER|IP_INNOROUTES|IP_INADDRERRORS|ip_error|ip6_\w+|OTHERHOST)$/;
/** A reply that follows the default route out again meets rules that never expected it. */
const LED_ASTRAY = new RegExp(`${EXPECTED.source}|${NETFILTER.source}`);

interface Missing {
  readonly bridge: Link;
  readonly gateway: string;
  readonly prefix: number;
  /** CIDR of what the container takes for its own link. */
  readonly network: string;
}

/** The address that the containers use as gateway and that the bridge lacks; undefined where a router elsewhere has it. */
function missing(scene: Scene, at: Attachment): Missing | undefined {
  const { family } = scene.flow;
  const { bridge, link, stack } = at;
  const own = link.addresses.find((one) => one.family === family && one.scope !== 'link');
  if (!bridge?.up || !own) return undefined;
  const network = scene.target.networks.find(
    (one) => at.side === 'container' && one.addresses.includes(own.address),
  );
  if (designedWithoutGateway(network)) return undefined;
  const gateway =
    stack.routes.find((route) => route.family === family && route.gateway !== null && route.dev === link.name)
      ?.gateway ?? network?.gateways.find((one) => one.includes(':') === (family === 6));
  if (!gateway || linkHolding(scene.stacks.host, gateway) || !within(gateway, `${own.address}/${own.prefix}`))
    return undefined;
  const covers = bridge.addresses.some(
    (one) => one.family === family && within(own.address, `${one.address}/${one.prefix}`),
  );
  if (covers || hasRouter(at, gateway, bridge)) return undefined;
  return { bridge, gateway, prefix: own.prefix, network: `${own.address}/${own.prefix}` };
}

/** A bridge without address whose gateway answers with a MAC address of its own leads to a real router. */
function hasRouter(at: Attachment, gateway: string, bridge: Link): boolean {
  const entry = at.stack.neighbours.find((one) => one.address === gateway && one.dev === at.link.name);
  return entry?.mac != null && entry.mac !== bridge.mac;
}

/** Frames between two ports of one bridge do not need its address, be it not known who stands behind the other. */
const isBridged = ({ path, flow }: Scene, { gateway, network }: Missing): boolean =>
  path.stages.includes('bridge') ||
  (flow.from === 'container' &&
    path.realDestination !== gateway &&
    familyOf(path.realDestination) === flow.family &&
    within(path.realDestination, network));

export default cause({
  id: 'bridge-address-missing',
  title: "The bridge does not hold the containers' gateway address",
  explain: `The containers of this network send everything that is not for a neighbour to a gateway address, and the bridge on
the host should hold it. It holds none, or one of another subnet. The host has then no route back to the containers
either: a request may still leave, by what the container remembers, and the reply follows the default route out again.

A restarted network service flushes addresses it does not know; a stale cni0 or docker0 keeps those of an older network.
Compare \`ip addr show\` of the bridge with the container's \`ip route\`. Containers of one bridge still reach each other.`,
  needs: [],
  over: [
    'reply-route-diverted',
    'host-route-diverted',
    'container-wrong-gateway',
    'neighbour-unanswered',
    'neighbour-absent',
    'neighbour-stale',
    'no-reply-from-destination',
    'rp-filter-drop',
    'host-no-route',
    'subnet-overlap',
    'container-address-invalid',
    'forward-policy-drop',
    'firewall-rule-drop',
  ],
  examine(scene) {
    const { place } = scene;
    if (place === null) return null;
    const isAstray = place.direction === 'reply' && place.stage === 'forward';
    if (refuted(scene, isAstray ? LED_ASTRAY : EXPECTED)) return null;
    const found = attachments(scene)
      .map((at) => missing(scene, at))
      .find((one) => one !== undefined);
    if (!found || isBridged(scene, found)) return null;
    const { bridge, gateway, prefix } = found;
    const { family } = scene.flow;
    const has = bridge.addresses.filter((one) => one.family === family && one.scope !== 'link');
    const words = ['addr', 'add', `${gateway}/${prefix}`, 'dev', bridge.name];
    return {
      sure: 'supported',
      what: `${bridge.name} does not hold ${gateway}, the gateway of its containers`,
      why: `${bridge.name} has ${has.length === 0 ? `no IPv${family} address` : has.map((one) => `${one.address}/${one.prefix}`).join(', ')}, and the host has no route to the containers behind it: what should come back to them goes elsewhere.`,
      do: `Give ${bridge.name} the address ${gateway}/${prefix} back.`,
      fixes: [
        {
          title: `Give ${bridge.name} the address ${gateway}/${prefix}`,
          ...byRecord(scene, gateway),
          lasts: 'until reboot, or until the network is configured again',
          affects: `all containers on ${bridge.name}`,
          apply: [run([...ip(family), ...words])],
          undo: [run([...ip(family), 'addr', 'del', ...words.slice(2)])],
        },
      ],
      evidence: [
        fromState(
          `${bridge.name} has no address in the network of ${gateway}/${prefix}`,
          [...ip(family), 'addr', 'show', 'dev', bridge.name],
          `host/${bridge.name}`,
        ),
      ],
    };
  },
});
