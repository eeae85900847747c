import type { Flow } from '../../model/flow.ts';
import { encodeQuestion, RCODES, readAnswer } from '../../wire/dns-message.ts';
import { icmpError } from '../../wire/packet.ts';
import { byPort, udpFilter } from '../datagram.ts';
import { headers, type ProbeRun, probeKind, SHORTEST } from '../kind.ts';

export const idOf = (run: ProbeRun, probe: number): number => (run.token + probe) & 0xffff;

const question = ({ question: name = 'example.com', family }: Flow, id: number, length: number): Uint8Array =>
  encodeQuestion(id, name, family === 6 ? 28 : 1, length);

/** A real question to a name server, recognised by its id. An error code is an answer: the server lives. RFC 1035. */
export default probeKind({
  proto: 'dns',
  socket: 'udp',
  // Servers read 512 bytes of a message (RFC 1035 4.2.1); Docker's embedded one calls a longer question FORMERR.
  lengths(flow) {
    if (!flow.plain) return { least: SHORTEST, most: 28 + 512 };
    const own = headers(flow) + question(flow, 0, 0).length;
    return { least: own, most: own };
  },
  payload(run, probe) {
    const length = run.flow.plain ? 0 : (run.lengths[probe] ?? 0) - headers(run.flow);
    return question(run.flow, idOf(run, probe), length);
  },
  filter: (run) => udpFilter(run, { at: 0, size: 2, value: idOf(run, 0) }),
  // The message begins behind the eight bytes of UDP's header.
  marks: (run, probes) => [{ at: 8, size: 2, oneOf: probes.map((probe) => idOf(run, probe)) }],
  recognise(run, packet) {
    const error = icmpError(packet);
    const quoted = packet.quoted?.udp;
    if (error && quoted) {
      const probe = byPort(run, quoted.sourcePort) ?? byId(run, quoted.payload);
      if (probe === null) return null;
      return { kind: error === 'port unreachable' ? 'refusal' : 'error', probe, says: error };
    }
    if (!packet.udp) return null;
    const probe = byId(run, packet.udp.payload);
    if (probe === null) return null;
    return { kind: isResponse(packet.udp.payload) ? 'reply' : 'request', probe, says: null };
  },
  answers(run, bytes, socket) {
    const answer = readAnswer(bytes);
    if (!answer || answer.id !== idOf(run, socket)) return null;
    return { probe: socket, says: RCODES[answer.rcode] ?? `RCODE ${answer.rcode}` };
  },
});

/** The bit QR of the header: RFC 1035 4.1.1. */
export const isResponse = (payload: Uint8Array): boolean => ((payload[2] ?? 0) & 0x80) !== 0;

/** The probe whose id a message has, be it a question or an answer. */
export function byId(run: ProbeRun, payload: Uint8Array): number | null {
  if (payload.length < 12) return null;
  const id = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
  for (let probe = 0; probe < run.count; probe++) if (idOf(run, probe) === id) return probe;
  return null;
}
