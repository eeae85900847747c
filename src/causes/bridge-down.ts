import { type Attachment, attachments, covering } from '../kernel/attachment.ts';
import { bridgeBelow } from '../kernel/bridge-vlans.ts';
import { confirmed, refuted } from '../kernel/drops.ts';
import { isNear } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { run } from '../model/fix.ts';
import { linkNow, type Scene } from '../model/scene.ts';
import type { Link } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';

const BLOCKED =
  /^(BRIDGE_INGRESS_STP_STATE|br_\w+|NO_TX_TARGET|vlan_do_receive|IP_INNOROUTES|QDISC_DROP|__dev_queue_xmit)$/;

/** The bridge hangs between the ends, or holds the network of the destination, whose route went with it. */
function onTheWay(scene: Scene, { id, portId }: Attachment, bridge: Link): boolean {
  if ([portId, id, `host/${bridge.name}`].some((hop) => isNear(scene, hop))) return true;
  const far = scene.place?.direction === 'reply' ? scene.path.sourceAddress : scene.path.realDestination;
  return far !== null && covering(bridge, far) !== undefined;
}

/** The host takes one VLAN of the bridge by an interface of its own, and that one is down. */
const upperDown = (scene: Scene): Link | undefined =>
  scene.path.hops
    .filter(({ id, where }) => where === 'host' && isNear(scene, id))
    .map((hop) => linkNow(scene, hop))
    .find((link) => link?.up === false && bridgeBelow(scene.stacks.host, link));

export default cause({
  id: 'bridge-down',
  title: 'The bridge is down',
  explain: `The bridge itself is administratively down. All containers of its network lose everything at once, each other
included, and the host's route to their subnet is gone while it lasts.

\`ip -br link show type bridge\` shows it DOWN, and \`bridge link\` every port as disabled. A network service that does not
know the bridge, or a half-finished change by hand, is the usual reason.`,
  needs: [],
  over: [
    'bridge-port-not-forwarding',
    'bridge-address-missing',
    'neighbour-unanswered',
    'neighbour-absent',
    'container-wrong-gateway',
    'host-no-route',
    'host-route-diverted',
    'reply-route-diverted',
    'no-reply-from-destination',
    'qdisc-drop',
  ],
  examine(scene) {
    if (scene.place === null) return null;
    const at = attachments(scene).find(
      (one) => one.bridge && !one.bridge.up && onTheWay(scene, one, one.bridge),
    );
    const bridge = at?.bridge ?? upperDown(scene);
    if (!bridge || refuted(scene, BLOCKED)) return null;
    const upper = bridge.kind === 'vlan';
    return {
      sure: confirmed(scene, BLOCKED) ? 'proved' : 'supported',
      what: `${upper ? '' : 'the bridge '}${bridge.name}${upper ? `, by which the host takes VLAN ${String(bridge.data.id)} of its bridge,` : ''} is down`,
      why: `${bridge.name} is administratively down: ${upper ? `the frames of its VLAN end at ${bridge.linkName ?? 'the bridge'}` : 'none of its ports forwards'}, and the host has no route to its network.`,
      do: `Set ${bridge.name} up.`,
      fixes: [
        {
          title: `Set ${bridge.name} up`,
          risk: 'safe',
          lasts: 'until reboot, unless something sets it down again',
          affects: `all containers on ${bridge.name}`,
          apply: [run(['ip', 'link', 'set', 'dev', bridge.name, 'up'])],
          undo: [run(['ip', 'link', 'set', 'dev', bridge.name, 'down'])],
        },
      ],
      evidence: [
        fromState(
          `${bridge.name} is DOWN`,
          ['ip', '-br', 'link', 'show', 'dev', bridge.name],
          `host/${bridge.name}`,
        ),
      ],
    };
  },
});
