import { icmpError } from '../../wire/packet.ts';
import { byPort, udpFilter } from '../datagram.ts';
import { ownPayload, ownProbe, type ProbeRun, probeKind } from '../kind.ts';
import { isTftp, MARK, readRequest, requested } from '../tftp.ts';

const own = (run: ProbeRun, payload: Uint8Array): number | null =>
  isTftp(run) ? requested(run, payload) : ownProbe(run, payload);

/**
 * A datagram that begins with the run's token, or of a protocol that is answered from a fresh port a question of its own.
 * An answer may hold anything: it is known by its ports.
 */
export default probeKind({
  proto: 'udp',
  socket: 'udp',
  ownLength: true,
  // A request of TFTP fits into 512 bytes: RFC 2347.
  longest: 28 + 512,
  fromAnyPort: (flow) => isTftp({ flow }),
  payload: (run, probe) => (isTftp(run) ? readRequest(run, probe) : ownPayload(run, probe)),
  filter: (run) => udpFilter(run, isTftp(run) ? MARK : `0x${run.token.toString(16)}`, 4),
  marks: () => [],
  recognise(run, packet) {
    const error = icmpError(packet);
    if (error && packet.quoted?.udp) {
      const { sourcePort, destinationPort } = packet.quoted.udp;
      // An error about the answer, which may hold the token too, is none about the question.
      if (byPort(run, destinationPort) !== null && byPort(run, sourcePort) === null) return null;
      const probe = own(run, packet.quoted.udp.payload) ?? byPort(run, packet.quoted.udp.sourcePort);
      if (probe === null) return null;
      return { kind: error === 'port unreachable' ? 'refusal' : 'error', probe, says: error };
    }
    if (!packet.udp) return null;
    const { sourcePort, destinationPort, payload } = packet.udp;
    const sent = own(run, payload);
    const back = byPort(run, destinationPort);
    // An echo carries the token too: what is addressed to the probe's own port is an answer.
    const mine = back !== null && (sourcePort === run.ports[back] || run.rewritten?.get(sourcePort) === back);
    if (back !== null && !mine) return { kind: 'reply', probe: back, says: null };
    if (sent === null) return null;
    return { kind: sourcePort === run.flow.port ? 'reply' : 'request', probe: sent, says: null };
  },
  answers: (_run, _bytes, socket) => ({ probe: socket, says: null }),
});
