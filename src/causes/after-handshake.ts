import { type Claim, cause } from '../model/cause.ts';
import { destination } from '../model/flow.ts';
import { type AnswerGap, isAt, isOfLength, type Scene } from '../model/scene.ts';
import { behindGap, gapShown } from '../words/answer-gap.ts';
import { fromState } from '../words/telling.ts';

const SAID = { http: 'The HTTP HEAD', tls: 'The TLS hello', greeting: 'The data' } as const;

/** What was sent over the connection arrived, and of what came back the beginning did not. */
function ofAnswer(scene: Scene, gap: AnswerGap): Claim {
  const { missing, isPinged, full } = gap;
  const edge = scene.place?.before?.name ?? 'this host';
  const pinged = isPinged ? ` A ping of ${full} bytes is answered: it is not the length alone.` : '';
  return {
    sure: 'proved',
    what: `the beginning of what ${destination(scene.flow)} answers is lost on its way to this host`,
    why: `The first ${missing} bytes of the answer were seen on no interface, and ${behindGap(gap, edge)}${pinged}`,
    do: 'Look at what stands between this host and the destination: a link that loses, a firewall that reads content, a NAT.',
    evidence: [gapShown(scene, gap, edge)],
  };
}

const dataLost = cause({
  id: 'data-lost-beyond',
  title: 'Connections open, and data over them is lost beyond this host',
  explain: `The handshake of TCP was answered, so addresses, routes and ports are right both ways. The first data left this host
and was repeated, and nobody acknowledged it; or of the answer to it the beginning does not come.

Something on the way treats packets with data otherwise than small ones that open a connection: a firewall that inspects
content, a balancer or NAT that forgets the connection at once, a proxy that answers handshakes in the name of a server that
is gone, a link that loses what is longer.

By hand: \`curl -v http://ADDRESS/\` says "Connected" and then nothing; \`ss -tnoi dst ADDRESS\` shows unacked and a growing backoff.`,
  needs: [],
  ofData: true,
  examine(scene) {
    const { exchange, flow, place } = scene;
    if (exchange?.gap) return isOfLength(exchange.gap) ? null : ofAnswer(scene, exchange.gap);
    if (exchange?.result !== 'lost' || !isAt(scene, 'beyond') || place?.direction !== 'request') return null;
    const last = place.after?.name ?? 'this host';
    return {
      sure: 'proved',
      what: `${destination(flow)} opens connections, and does not acknowledge data`,
      why: `The handshake was answered. ${SAID[exchange.speech]} that followed left through ${last}, and for ${exchange.waited} ms nobody acknowledged it, although TCP repeated it.`,
      do: 'Look at what stands between this host and the destination: a firewall that reads content, a balancer, a NAT.',
      evidence: [
        fromState(
          'data was sent and is unacknowledged',
          ['ss', '-tnoi', 'dst', flow.address],
          place.after?.id ?? null,
        ),
      ],
    };
  },
});

const dataReset = cause({
  id: 'reset-on-the-way',
  title: 'Somebody between the two ends resets the connection',
  explain: `The handshake was answered by the destination, and when data followed a reset came back in its name. The reset did not
come from there: its time to live differs from that of the destination's own answer, so that it has gone through another
number of routers.

Firewalls that read content end connections in this way: by a host's name in a TLS hello, by a word in a request, by the time
a connection may take.

By hand: \`tcpdump -nvi UPLINK host ADDRESS and tcp\` shows the ttl of each packet.`,
  needs: [],
  ofData: true,
  examine(scene) {
    const { exchange, flow } = scene;
    if (exchange?.result !== 'reset' || !isAt(scene, 'beyond') || exchange.ttl === null) return null;
    const { handshake, reset } = exchange.ttl;
    if (handshake === reset) return null;
    return {
      sure: 'supported',
      what: `${destination(flow)} opens connections, and somebody else resets them when data comes`,
      why: `The answer to the handshake arrived with a time to live of ${handshake}, the reset with ${reset}: they do not come from the same machine.`,
      do: 'Ask whoever runs the firewall or gateway on the way, or compare from another network.',
      evidence: [
        fromState(`time to live ${handshake} of the handshake, ${reset} of the reset`, [
          'tcpdump',
          '-nv',
          'host',
          flow.address,
        ]),
      ],
    };
  },
});

export default [dataLost, dataReset];
