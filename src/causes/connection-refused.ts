import { arrival, ownerOf, sideName } from '../kernel/arrival.ts';
import { AT_SOCKET } from '../kernel/drops.ts';
import { listenersOn, SHOW_LISTENERS, socketName, takes, transport } from '../kernel/listening.ts';
import { netnsOf } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import type { Listener, Side } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import { fromStateIn } from '../words/telling.ts';
import { list } from '../words/text.ts';

/** A rule that rejects answers in the destination's name; what it ends is counted as dropped. */
const rejected = (scene: Scene): boolean =>
  scene.drops.known && scene.drops.value.some((drop) => /NETFILTER/.test(drop.reason));

/** What is open there instead, for the words. */
function instead(
  scene: Scene & { readonly listeners: readonly Listener[] },
  side: Side,
  port: number | null,
): string {
  const proto = transport(scene.flow);
  const same = listenersOn(scene, side, port);
  if (same.length > 0) return ` Only ${list(same.map(socketName))} does.`;
  const open = scene.listeners.filter(
    (one) => one.side === side && one.proto === proto && !one.address.startsWith('127.'),
  );
  const ports = [...new Set(open.map((one) => one.port))].sort((a, b) => a - b).slice(0, 8);
  return ports.length === 0
    ? ` No ${proto} port is open there.`
    : ` What is open there: ${list(ports.map(String))}.`;
}

export default cause({
  id: 'connection-refused',
  title: 'Nobody listens on that port',
  explain: `The packets arrived, and the destination's own kernel answered that no program listens there: a RST for TCP, "port
unreachable" for UDP. The network works.

The service is not running, crashed, has not started yet, or listens on another port than the one asked for (with a published
port: than the one that the DNAT rule names).

By hand: \`nsenter --net=… ss -ltnp\` at the destination.`,
  needs: ['listeners'],
  explains: AT_SOCKET,
  examine(scene) {
    if (scene.symptom.kind !== 'refused' || rejected(scene)) return null;
    const { address, port, hop } = arrival(scene);
    const side = ownerOf(scene, address);
    const { bornAt } = scene.symptom;
    // Refused before it got there: not by the destination.
    if (side === null && bornAt !== null && hop !== null && bornAt !== hop.id) return null;
    if (side !== null && listenersOn(scene, side, port).some((one) => takes(one, address, scene.flow.family)))
      return null;
    const who = side === null ? address : sideName(scene, side);
    const where = port === null ? 'that port' : `port ${port}`;
    // Somebody listens there, then: it is the one who asks that is turned away. A refusal is an answer, too.
    if (side === null && scene.control?.outcomes.some(({ result }) => result === 'answered'))
      return {
        sure: 'supported',
        what: `${who} refuses ${where} to the container, and not to this host`,
        why: `The packets arrived${hop ? ` (last seen at ${hop.name})` : ''} and ${scene.symptom.from ?? address} answered that the port is closed, while this host's own connection there was taken: a filter or a translation on the way tells the two apart.`,
        do: 'Look at the firewall of the destination and of the network in between, and at the source address they see.',
      };
    return {
      sure: 'proved',
      what: `nobody listens on ${where} of ${who}`,
      why: `The packets arrived${hop ? ` (last seen at ${hop.name})` : ''} and ${scene.symptom.from ?? address} answered that the port is closed.${side === null ? '' : instead(scene, side, port)}`,
      do: 'Start the service, or name the port on which it listens.',
      evidence:
        side === null
          ? []
          : [fromStateIn(netnsOf(scene, side), `nobody listens on ${address}, ${where}`, SHOW_LISTENERS)],
    };
  },
});
