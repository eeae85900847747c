import { bridgePorts } from '../kernel/bridge-port.ts';
import { confirmed, QUEUE, refuted } from '../kernel/drops.ts';
import { fromAnyView } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { run } from '../model/fix.ts';
import { fromState } from '../words/telling.ts';

/** A sender finds its interface without a queue, a bridge no port to flood to: one without carrier is disabled (br_if.c). */
const DEAD_END = new RegExp(`${QUEUE.source}|^(NO_TX_TARGET|br_handle_frame_finish|br_flood)$`);

export default cause({
  id: 'veth-host-end-down',
  title: "The host's end of the veth is down",
  explain: `A container's interface is one end of a pair; the other end lives on the host, mostly as a port of a bridge. This one
is down. Inside, everything looks right: the address and the routes are there, and eth0 says only NO-CARRIER. Nothing
passes in either direction. A pair can also be the cable between two bridges of the host: with either end down, what
hangs on the one bridge is cut off from the other.

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
      const at = bridgePorts(scene).find(({ port, near }) => !port.up && near);
      if (!at || refuted(scene, DEAD_END)) return null;
      const { name } = at.port;
      return {
        sure: confirmed(scene, DEAD_END) || at.link.carrier === false ? 'proved' : 'supported',
        what: `${name}, ${at.whose}, is down`,
        why: `${name} is administratively down, so ${at.link.name}, the other end, has no carrier: nothing passes in either direction.`,
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
