import { icmpError } from '../../wire/packet.ts';
import { byPort, udpFilter } from '../datagram.ts';
import { protocolOf } from '../datagrams.ts';
import { anyLength, ownPayload, ownProbe, type ProbeRun, probeKind } from '../kind.ts';

/** Whose question it is. */
const asked = (run: ProbeRun, payload: Uint8Array): number | null => {
  const spoken = protocolOf(run.flow);
  return spoken ? spoken.asked(run, payload) : ownProbe(run, payload);
};

/** Whose answer it is, where the answer itself says so. */
const told = (run: ProbeRun, payload: Uint8Array): number | null =>
  protocolOf(run.flow)?.told(run, payload)?.probe ?? null;

/**
 * A question of the protocol that has the port, or a datagram that begins with the run's token where none is known. An
 * answer may hold anything: it is known by its ports, and its protocol says what it is worth.
 */
export default probeKind({
  proto: 'udp',
  socket: 'udp',
  lengths: (flow) => protocolOf(flow)?.lengths(flow) ?? anyLength(),
  fromAnyPort: (flow) => protocolOf(flow)?.fromAnyPort === true,
  payload: (run, probe) => protocolOf(run.flow)?.question(run, probe) ?? ownPayload(run, probe),
  filter: (run) => udpFilter(run, protocolOf(run.flow)?.mark(run) ?? { at: 0, size: 4, value: run.token }),
  marks: () => [],
  recognise(run, packet) {
    const error = icmpError(packet);
    if (error && packet.quoted?.udp) {
      const { sourcePort, destinationPort } = packet.quoted.udp;
      // An error about the answer, which may hold the token too, is none about the question.
      if (byPort(run, destinationPort) !== null && byPort(run, sourcePort) === null) return null;
      const probe = asked(run, packet.quoted.udp.payload) ?? byPort(run, packet.quoted.udp.sourcePort);
      if (probe === null) return null;
      return { kind: error === 'port unreachable' ? 'refusal' : 'error', probe, says: error };
    }
    if (!packet.udp) return null;
    const { sourcePort, destinationPort, payload } = packet.udp;
    const sent = asked(run, payload);
    const back = byPort(run, destinationPort);
    // An echo carries the token too: what is addressed to the probe's own port is an answer.
    const mine = back !== null && (sourcePort === run.ports[back] || run.rewritten?.get(sourcePort) === back);
    if (back !== null && !mine) return { kind: 'reply', probe: back, says: null };
    const answered = sent ?? told(run, payload);
    if (answered === null) return null;
    const isReply = sent === null || sourcePort === run.flow.port;
    return { kind: isReply ? 'reply' : 'request', probe: answered, says: null };
  },
  answers(run, bytes, socket) {
    const spoken = protocolOf(run.flow);
    if (!spoken) return { probe: socket, says: null };
    const heard = spoken.told(run, bytes);
    if (!heard) return { probe: socket, says: null, amiss: `what came back is no answer of ${spoken.name}` };
    return { ...heard, probe: heard.probe ?? socket };
  },
});
