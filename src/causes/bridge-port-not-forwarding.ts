import { bridgePorts } from '../kernel/bridge-port.ts';
import { BRIDGE, confirmed, refuted } from '../kernel/drops.ts';
import { fromAnyView } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { type Change, run } from '../model/fix.ts';
import { fromState } from '../words/telling.ts';

/** BR_STATE_* of linux/if_bridge.h, as `bridge link set … state` takes them. */
const NUMBER: Readonly<Record<string, string>> = {
  disabled: '0',
  listening: '1',
  learning: '2',
  forwarding: '3',
  blocking: '4',
};

export default cause({
  id: 'bridge-port-not-forwarding',
  title: "The container's port of the bridge does not forward",
  explain: `The spanning tree protocol keeps a new port of a bridge in the states listening and learning for the forward delay,
15 seconds each by default, and may block it for good. Until the port is forwarding, the bridge drops every frame of it.

"No network for the first half minute" is the usual symptom: DHCP and health checks fail, and then it works by itself.
\`bridge link\` shows the state; a bridge for containers needs no STP.`,
  needs: [],
  over: ['neighbour-unanswered', 'neighbour-absent', 'container-wrong-gateway', 'bridge-port-isolated'],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      const at = bridgePorts(scene).find(
        ({ port, near, bridge }) =>
          port.port &&
          port.up &&
          port.carrier !== false &&
          bridge?.up &&
          port.port.state !== 'forwarding' &&
          near,
      );
      if (!at?.port.port || !at.bridge || refuted(scene, BRIDGE)) return null;
      const { port, bridge } = at;
      const { state } = at.port.port;
      const replug: Change[] = [
        run(['ip', 'link', 'set', 'dev', port.name, 'nomaster']),
        run(['ip', 'link', 'set', 'dev', port.name, 'master', bridge.name]),
      ];
      const stp = (value: string): Change =>
        run(['ip', 'link', 'set', 'dev', bridge.name, 'type', 'bridge', 'stp_state', value]);
      const set = (value: string): Change => run(['bridge', 'link', 'set', 'dev', port.name, 'state', value]);
      const isStp = bridge.bridge?.stp === true;
      return {
        sure: confirmed(scene, BRIDGE) ? 'proved' : 'supported',
        what: `${port.name}, ${at.whose} and a port of ${bridge.name}, is ${state}`,
        why: `A port that is ${state} takes part in the spanning tree and forwards no frames${isStp ? ` yet: STP is on for ${bridge.name}` : ''}.`,
        do: isStp
          ? `Turn STP off for ${bridge.name}, or wait until the port forwards.`
          : `Set ${port.name} to forwarding.`,
        fixes: [
          isStp
            ? {
                title: `Turn STP off for ${bridge.name} and plug ${port.name} in again`,
                risk: 'disruptive',
                lasts: 'until reboot, or until the bridge is made again',
                affects: `all ports of ${bridge.name}: without STP a loop of bridges is not broken`,
                apply: [stp('0'), ...replug],
                // A port that forwards goes on forwarding: only a new one must listen first.
                undo: [stp('1'), ...replug],
              }
            : {
                title: `Set ${port.name} to forwarding`,
                risk: 'safe',
                lasts: 'as long as the container runs',
                apply: [set('3')],
                undo: [set(NUMBER[state] ?? '0')],
              },
        ],
        evidence: [
          fromState(`${port.name} is ${state}`, ['bridge', 'link', 'show', 'dev', port.name], at.portId),
        ],
      };
    }),
});
