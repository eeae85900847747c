import { icmpError } from '../../wire/packet.ts';
import { byPort, udpFilter } from '../datagram.ts';
import { ownPayload, ownProbe, probeKind } from '../kind.ts';

/** A datagram that begins with the run's token. An answer may hold anything: it is known by its ports. */
export default probeKind({
  proto: 'udp',
  socket: 'udp',
  ownLength: true,
  payload: ownPayload,
  filter: (run) => udpFilter(run, `0x${run.token.toString(16)}`, 4),
  marks: () => [],
  recognise(run, packet) {
    const error = icmpError(packet);
    if (error && packet.quoted?.udp) {
      const probe = ownProbe(run, packet.quoted.udp.payload) ?? byPort(run, packet.quoted.udp.sourcePort);
      if (probe === null) return null;
      return { kind: error === 'port unreachable' ? 'refusal' : 'error', probe, says: error };
    }
    if (!packet.udp) return null;
    const { sourcePort, destinationPort, payload } = packet.udp;
    const own = ownProbe(run, payload);
    const back = byPort(run, destinationPort);
    // An echo carries the token too: what is addressed to the probe's own port is an answer.
    if (back !== null && sourcePort !== run.ports[back]) return { kind: 'reply', probe: back, says: null };
    if (own === null) return null;
    return { kind: sourcePort === run.flow.port ? 'reply' : 'request', probe: own, says: null };
  },
  answers: (_run, _bytes, socket) => ({ probe: socket, says: null }),
});
