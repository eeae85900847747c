import { type Attachment, attachments, gatewayOf, realLinks } from '../kernel/attachment.ts';
import { confirmed, QUEUE, refuted } from '../kernel/drops.ts';
import { fromAnyView, isNear, netnsOf, sideName } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { type Change, run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { fromStateIn } from '../words/telling.ts';

/** A bridge whose port has lost its carrier has nowhere to send the frame. */
const NO_TARGET = new RegExp(`${QUEUE.source}|^NO_TX_TARGET$`);

/** What no ipvlan child takes, its parent's own stack gets (ipvlan_xmit_mode_l2, drivers/net/ipvlan/ipvlan_core.c). */
const AT_PARENT = new RegExp(`${QUEUE.source}|^(IP_INADDRERRORS|ip_error|NO_SOCKET|OTHERHOST)$`);

function expected(scene: Scene, { link, id }: Attachment): RegExp {
  if (link.kind === 'ipvlan') return AT_PARENT;
  return behindDeadWire(scene, id) ? NO_TARGET : QUEUE;
}

/** The interface that should carry the flow and is down: on the path where packets stop, or the only one there is. */
function down(scene: Scene): Attachment | undefined {
  return attachments(scene).find(({ stack, link, id }) => {
    if (link.up || link.kind === 'loopback') return false;
    const others = realLinks(stack).filter((one) => one !== link && one.up);
    return (
      isNear(scene, id) ||
      behindDeadWire(scene, id) ||
      (scene.path.sourceRoute.refusal !== null && others.length === 0)
    );
  });
}

/** The far end of the veth at which packets stop: the host's end has lost its carrier with it. */
function behindDeadWire({ path, place }: Scene, id: string): boolean {
  const at = path.hops.findIndex((hop) => hop.id === id);
  const end = place?.before;
  return end?.link.carrier === false && (path.hops[at - 1] === end || path.hops[at + 1] === end);
}

export default cause({
  id: 'container-interface-down',
  title: 'An interface of the container is down',
  explain: `The container's own interface is administratively down. Its routes go with it, so that a program inside gets
"Network is unreachable" at once, and whoever asks for the container from outside gets no answer to ARP.

It comes about by an \`ifdown\` or a DHCP client inside the container, or by a set-up that stopped half way. Inside the
container \`ip -br link\` shows the interface DOWN; on the host its veth shows NO-CARRIER.`,
  needs: [],
  over: [
    'container-no-route',
    'container-no-address',
    'container-address-invalid',
    'neighbour-unanswered',
    'neighbour-absent',
    'qdisc-drop',
    'bridge-port-not-forwarding',
  ],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      const at = down(scene);
      if (!at || scene.place === null || refuted(scene, expected(scene, at))) return null;
      const { link, side } = at;
      const netns = netnsOf(scene, side);
      const gateway = gatewayOf(scene, at, scene.flow.family);
      const hasDefault = at.stack.routes.some(
        (route) => route.gateway !== null && route.family === scene.flow.family,
      );
      const up: Change = run(['ip', 'link', 'set', 'dev', link.name, 'up'], netns);
      const route: Change[] =
        gateway && !hasDefault
          ? [run(['ip', 'route', 'add', 'default', 'via', gateway, 'dev', link.name], netns)]
          : [];
      const proved = scene.path.sourceRoute.refusal !== null || confirmed(scene, QUEUE);
      return {
        sure: proved ? 'proved' : 'supported',
        what: `${link.name} of ${sideName(side)} is down`,
        why: `${link.name} is administratively down, so no packet leaves or enters ${sideName(side)} by it, and its routes are gone.`,
        do: `Set ${link.name} up${gateway && !hasDefault ? ' and put its default route back' : ''}.`,
        fixes: [
          {
            title: `Set ${link.name} up`,
            risk: 'safe',
            lasts: 'until the container restarts',
            apply: [up, ...route],
            undo: [run(['ip', 'link', 'set', 'dev', link.name, 'down'], netns)],
          },
        ],
        evidence: [
          fromStateIn(netns, `${link.name} is DOWN`, ['ip', '-br', 'link', 'show', 'dev', link.name], at.id),
        ],
      };
    }),
});
