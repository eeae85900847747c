import { within } from '../kernel/nat.ts';
import { sourceRewritten } from '../kernel/tracked.ts';
import type { Ailment } from '../model/ailment.ts';
import { cause } from '../model/cause.ts';
import { withoutPort } from '../model/ends.ts';
import type { Conntrack } from '../model/facts.ts';
import { destination } from '../model/flow.ts';
import type { Scene } from '../model/scene.ts';
import type { SocketState } from '../model/socket.ts';
import { lasting, programOf } from '../words/failing.ts';
import { fromStateIn } from '../words/telling.ts';
import { count } from '../words/text.ts';

const program = ({ holder }: Ailment): string => programOf(holder);

const end = ({ destination: address, destinationPort: port }: SocketState): string =>
  destination({ address, port });

const STATE: Record<Ailment['kind'], string> = {
  connecting: 'its SYN is not answered',
  unacknowledged: 'what it sent is not acknowledged',
  window: 'the far end takes no more data',
  'left-open': 'the far end has closed it',
  idle: 'nothing is under way',
  sending: 'it sends datagrams',
};

const sayOf = (one: Ailment): string =>
  `${program(one)}: ${end(one.socket)} from port ${one.socket.sourcePort}, ${one.socket.state}, ${STATE[one.kind]}${lasting(one.since)}, ${count(one.socket.retransmits, 'retransmission')}`;

const evidence = ({ target }: Scene, all: readonly Ailment[]) =>
  all
    .slice(0, 3)
    .map((one) => fromStateIn(target.netns, sayOf(one), ['ss', '-tanpoi', 'dst', one.socket.destination]));

/** The worst first: what has lasted longest. */
const here = ({ ailments = [] }: Scene): Ailment[] =>
  ailments
    .filter(({ isElsewhere, kind }) => !isElsewhere && kind !== 'left-open' && kind !== 'sending')
    .sort((a, b) => (b.since ?? 0) - (a.since ?? 0));

/**
 * What the host's connection tracking knows of this very connection; undefined where it does not track such ones: none of TCP
 * between these two ends was found, be it that others were looked for.
 */
function tracked({ socket }: Ailment, { entries: all }: Conntrack): 'same' | 'other' | 'unknown' | undefined {
  const entries = all.filter(
    ({ proto, original }) =>
      proto === 'tcp' && original.source === socket.source && original.destination === socket.destination,
  );
  if (entries.length === 0) return undefined;
  const own = entries.find(
    ({ original }) =>
      original.source === socket.source &&
      original.sourcePort === socket.sourcePort &&
      original.destination === socket.destination &&
      original.destinationPort === socket.destinationPort,
  );
  if (!own) return 'unknown';
  // The other connections to the same end are translated, and this one is not.
  const others = entries.filter((one) => one !== own);
  return !sourceRewritten(own) && others.some(sourceRewritten) ? 'other' : 'same';
}

const forgotten = cause({
  id: 'flow-forgotten',
  title: 'A living connection is unknown to connection tracking',
  explain: `Connection tracking remembers each flow with its translation. When the entry goes while the connection lives, the next
packet is nobody's: it leaves with the container's own address, or a rule drops it as INVALID. New connections work, and the
program waits for minutes on the old one.

\`conntrack -F\`, a restart of a firewall or of the runtime, a full table, or an idle time longer than
nf_conntrack_tcp_timeout_established does that. The program has to connect anew; TCP keepalives keep an entry alive.

By hand: \`ss -tno\` in the container beside \`conntrack -L -p tcp -s CONTAINER\` on the host.`,
  needs: ['conntrack'],
  ofSockets: true,
  over: ['connection-stalled'],
  examine(scene) {
    const isForgotten = (ailment: Ailment): boolean =>
      /unknown|other/.test(tracked(ailment, scene.conntrack) ?? '');
    // What is idle is told by its translation alone: where the others have none, nothing is lost with the entry.
    const translates = scene.conntrack.entries.some(sourceRewritten);
    const one = here(scene).find(
      (ailment) =>
        (ailment.kind === 'unacknowledged' || (ailment.kind === 'idle' && translates)) &&
        isForgotten(ailment),
    );
    if (!one) return null;
    const { socket } = one;
    const knows =
      tracked(one, scene.conntrack) === 'unknown'
        ? 'has no entry for it'
        : 'has an entry without the translation that the others have';
    // Of what is idle nothing was seen to be lost: the far end's next words will be.
    const isIdle = one.kind === 'idle';
    return {
      sure: isIdle ? 'supported' : 'proved',
      what: `connection tracking has forgotten a connection of ${program(one)} to ${end(socket)}`,
      why: isIdle
        ? `It stands here, from port ${socket.sourcePort}, and has heard nothing${lasting(one.since)}; this host's connection tracking ${knows}. What the far end sends is not translated back, and so never arrives.`
        : `New connections are answered, while this one from port ${socket.sourcePort} has had no acknowledgement${lasting(one.since)}; this host's connection tracking ${knows}, so its packets are not translated any more.`,
      do: `Let ${program(one)} connect anew: restart it, or end the connection with ss -K, so that it notices at once. TCP keepalives shorter than the table's time-out keep it from happening by idleness.`,
      evidence: evidence(scene, [one]),
    };
  },
});

/** An old address of the same peer lies in the same network; whoever is farther off may be somebody else altogether. */
function isNear({ stacks, flow: { address, family } }: Scene, old: string): boolean {
  const own = stacks.container.links.flatMap(({ addresses }) => addresses);
  const networks = own.filter((one) => one.family === family && one.scope === 'global').map(cidr);
  return [...networks, `${address}/${family === 6 ? 64 : 24}`].some(
    (network) => within(address, network) && within(old, network),
  );
}

const cidr = ({ address, prefix }: { address: string; prefix: number }): string => `${address}/${prefix}`;

const elsewhere = cause({
  id: 'program-asks-old-address',
  title: 'A program asks an address that its name does not have any more',
  explain: `Many programs resolve a name once and keep the address: nginx its upstreams, a JVM its cache, a pool its servers. When
the other container is made anew it has another address, and the old one belongs to nobody, or to somebody else.

The name resolves and answers, as a question asked now shows; the program does not ask again. It has to be restarted or
reloaded, or told to resolve again (nginx: a resolver and a variable in proxy_pass).

By hand: \`ss -tanp state syn-sent\` in the container shows whom it asks.`,
  needs: [],
  ofSockets: true,
  over: ['connection-stalled'],
  examine(scene) {
    const one = scene.ailments?.find(
      ({ isElsewhere, socket }) => isElsewhere && isNear(scene, socket.destination),
    );
    if (!one) return null;
    const { socket } = one;
    const name = withoutPort(scene.flow.to);
    return {
      sure: 'supported',
      what: `${program(one)} asks ${end(socket)}, and ${name} is ${scene.flow.address} now`,
      why: `${name} resolves to ${scene.flow.address}, which answers on port ${scene.flow.port}. ${program(one)} tries the same port of ${socket.destination}, which is none of its addresses, and ${STATE[one.kind]}${lasting(one.since)}.`,
      do: `If it means ${name}, restart or reload ${program(one)}, so that it resolves the name again.`,
      evidence: evidence(scene, [one]),
    };
  },
});

const stalled = cause({
  id: 'connection-stalled',
  title: 'A connection of the container stands still while new ones are answered',
  explain: `The probe was answered, and a connection that a program of the container has to the same end is not: what it sends is
repeated without an acknowledgement, or the far end takes no more data.

A connection that stood before something was changed keeps to what was true then: a translation, a route, a firewall's
memory of it, a balancer's choice of server. A far end that takes no more does not read: its program hangs.

By hand: \`ss -tanpoi dst ADDRESS\` in the container: the timer says on (retransmission) or persist (window).`,
  needs: [],
  ofSockets: true,
  examine(scene) {
    const all = here(scene).filter(({ kind }) => kind !== 'idle');
    const [one] = all;
    if (!one) return null;
    const others = all.length > 1 ? ` ${count(all.length, 'connection')} of the container are so.` : '';
    return {
      sure: 'proved',
      what: `${program(one)} has a connection to ${destination(scene.flow)} that stands still`,
      why: `New connections are answered, and of the one from port ${one.socket.sourcePort} ${STATE[one.kind].replace(/^its/, 'the')}${lasting(one.since)}.${others}`,
      do:
        one.kind === 'window'
          ? `Look at the program at ${destination(scene.flow)}: it does not read what has come.`
          : `Let ${program(one)} connect anew; then look for what treats the old connection otherwise: rules that match its state, a balancer, the far end.`,
      evidence: evidence(scene, all),
    };
  },
});

export default [forgotten, elsewhere, stalled];
