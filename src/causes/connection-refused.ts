import { arrival, ownerOf, sideName } from '../kernel/arrival.ts';
import { AT_SOCKET } from '../kernel/drops.ts';
import { listenersOn, openThere, SHOW_LISTENERS, takes } from '../kernel/listening.ts';
import { netnsOf } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Connected, Side } from '../model/facts.ts';
import { destination } from '../model/flow.ts';
import { isAt, type Scene } from '../model/scene.ts';
import { fromStateIn } from '../words/telling.ts';

/** A rule that rejects answers in the destination's name; what it ends is counted as dropped. */
const rejected = (scene: Scene): boolean =>
  scene.drops.known && scene.drops.value.some((drop) => /NETFILTER/.test(drop.reason));

/** A socket of UDP on that port that is connected: whoever is not its peer is answered as if the port were closed. */
const heldForAnother = (
  { connected }: { readonly connected: readonly Connected[] },
  side: Side,
  address: string,
  port: number | null,
): Connected | undefined =>
  connected.find((one) => one.side === side && one.address === address && one.port === port);

function onlyItsPeer(scene: Scene, { side, address, port, peer, process }: Connected): Claim {
  const who = process ?? 'a program';
  return {
    sure: 'proved',
    what: `the socket of ${who} on port ${port} is connected to ${destination(peer)}, and takes datagrams of no other`,
    why: `The packets arrived, and ${address} answered that the port is closed: its one socket there is connected to ${destination(peer)}, and for whoever sends from another address or port nobody is there.`,
    do: `Start ${who} anew, which frees it for the next client alone; or let it serve more than one (nc -u -l -k, socat UDP-RECVFROM:${port},fork): its socket must not be connected.`,
    evidence: [
      fromStateIn(
        netnsOf(scene, side),
        `${who} on ${destination({ address, port })} is connected to ${destination(peer)}`,
        ['ss', '-uanp', 'sport', '=', `:${port}`],
      ),
    ],
  };
}

export default cause({
  id: 'connection-refused',
  title: 'Nobody listens on that port',
  explain: `The packets arrived, and the destination's own kernel answered that no program listens there: a RST for TCP, "port
unreachable" for UDP. The network works.

The service is not running, crashed, has not started yet, or listens on another port than the one asked for (with a published
port: than the one that the DNAT rule names).

A socket of UDP may also be connected to one client, as that of \`nc -u -l\` is to the first that speaks to it: its kernel
answers everybody else as if nobody were there.

By hand: \`nsenter --net=… ss -ltnp\` at the destination; of UDP \`ss -uanp\`, where ESTAB names the one client.`,
  needs: ['listeners', 'connected'],
  explains: AT_SOCKET,
  examine(scene) {
    if (scene.symptom.kind !== 'refused' || rejected(scene)) return null;
    const { address, port, hop } = arrival(scene);
    // A rule is to lead it elsewhere, and nobody saw it come to where it was sent.
    if (!hop && scene.path.realDestination !== scene.flow.address) return null;
    const side = ownerOf(scene, address);
    const { bornAt } = scene.symptom;
    // Refused before it got there: not by the destination. What never left this host did not come to it either.
    if (side === null && scene.place?.direction === 'request' && !isAt(scene, 'beyond')) return null;
    if (side === null && bornAt !== null && hop !== null && bornAt !== hop.id) return null;
    if (side !== null && listenersOn(scene, side, port).some((one) => takes(one, address, scene.flow.family)))
      return null;
    const taken = side === null ? undefined : heldForAnother(scene, side, address, port);
    if (taken) return onlyItsPeer(scene, taken);
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
