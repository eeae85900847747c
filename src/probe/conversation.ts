/** Recognises what goes over a probe's connection after its handshake: RFC 9293. */
import { icmpError, type Packet } from '../wire/packet.ts';
import type { ProbeRun, Recognised } from './kind.ts';

/** What the packet is to the conversation; null: nothing. */
export function ofConversation(run: ProbeRun, packet: Packet): Recognised | null {
  const { conversation: talk } = run;
  const first = talk && run.sequences.get(talk.over);
  if (!talk || first === undefined) return null;
  const begin = (first + 1) >>> 0;
  const { probe } = talk;
  const error = icmpError(packet);
  if (error)
    return packet.quoted?.tcp && packet.quoted.tcp.sequence === begin
      ? { kind: 'error', probe, says: error }
      : null;
  const { tcp } = packet;
  if (!tcp || tcp.syn) return null;
  if (tcp.sequence === begin && tcp.payload > 0) return { kind: 'request', probe, says: null };
  const acknowledged = (tcp.acknowledgement - begin) >>> 0;
  const answers = tcp.ack && acknowledged <= talk.said;
  if (tcp.rst && (answers || resets(run, talk.over, packet)))
    return { kind: 'refusal', probe, says: 'connection reset (RST)' };
  return answers && tcp.payload > 0 ? { kind: 'reply', probe, says: null } : null;
}

/** A reset without an acknowledgement is known by where it goes. */
const resets = (run: ProbeRun, over: number, { source, tcp }: Packet): boolean =>
  tcp?.destinationPort === run.ports[over] && (source === run.flow.address || source === run.realDestination);
