import { attachments } from '../kernel/attachment.ts';
import { confirmed, QUEUE, refuted } from '../kernel/drops.ts';
import { fromAnyView, isNear, sideName } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { run } from '../model/fix.ts';
import { fromState } from '../words/telling.ts';

export default cause({
  id: 'veth-host-end-down',
  title: "The host's end of the veth is down",
  explain: `A container's interface is one end of a pair; the other end lives on the host, mostly as a port of a bridge. This one
is down. Inside, everything looks right: the address and the routes are there, and eth0 says only NO-CARRIER. Nothing
passes in either direction.

NetworkManager, systemd-networkd or a script that takes interfaces down does that. \`ip -br link\` on the host shows the
veth DOWN; \`netdoctor veth\` says whose it is.`,
  needs: [],
  over: [
    'neighbour-unanswered',
    'neighbour-absent',
    'container-wrong-gateway',
    'bridge-port-not-forwarding',
    'veth-not-on-bridge',
    'qdisc-drop',
  ],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      const at = attachments(scene).find(
        ({ id, port, portId }) =>
          port !== undefined && !port.up && (isNear(scene, portId) || isNear(scene, id)),
      );
      if (!at?.port || refuted(scene, QUEUE)) return null;
      const { name } = at.port;
      return {
        sure: confirmed(scene, QUEUE) || at.link.carrier === false ? 'proved' : 'supported',
        what: `${name}, the host's end of the veth of ${sideName(at.side)}, is down`,
        why: `${name} is administratively down, so ${at.link.name} of ${sideName(at.side)} has no carrier: nothing passes in either direction.`,
        do: `Set ${name} up.`,
        fixes: [
          {
            title: `Set ${name} up`,
            risk: 'safe',
            lasts: 'as long as the container runs, unless something sets it down again',
            apply: [run(['ip', 'link', 'set', 'dev', name, 'up'])],
            undo: [run(['ip', 'link', 'set', 'dev', name, 'down'])],
          },
        ],
        evidence: [fromState(`${name} is DOWN`, ['ip', '-br', 'link', 'show', 'dev', name], at.portId)],
      };
    }),
});
