import { arrival, ownerOf, sideName } from '../kernel/arrival.ts';
import { AT_SOCKET } from '../kernel/drops.ts';
import { listenersOn, openThere, SHOW_LISTENERS, takes } from '../kernel/listening.ts';
import { netnsOf } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { isAt, type Scene } from '../model/scene.ts';
import { fromStateIn } from '../words/telling.ts';

/** A rule that rejects answers in the destination's name; what it ends is counted as dropped. */
const rejected = (scene: Scene): boolean =>
  scene.drops.known && scene.drops.value.some((drop) => /NETFILTER/.test(drop.reason));

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
    // Refused before it got there: not by the destination. What never left this host did not come to it either.
    if (side === null && scene.place?.direction === 'request' && !isAt(scene, 'beyond')) return null;
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
      why: `The packets arrived${hop ? ` (last seen at ${hop.name})` : ''} and ${scene.symptom.from ?? address} answered that the port is closed.${side === null ? '' : openThere(scene, side, port)}`,
      do: 'Start the service, or name the port on which it listens.',
      evidence:
        side === null
          ? []
          : [fromStateIn(netnsOf(scene, side), `nobody listens on ${address}, ${where}`, SHOW_LISTENERS)],
    };
  },
});
