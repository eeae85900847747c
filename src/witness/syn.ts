/** One connection asked for by a SYN of our own writing: how it is answered tells what somebody on the way minds. */
import type { Machine } from '../host/machine.ts';
import type { Flow } from '../model/flow.ts';
import type { Syn } from '../model/header.ts';
import { writeSyn } from '../wire/syn.ts';

const FLAGS = { syn: 2, rst: 4, ack: 16 } as const;
/** Bytes of a TCP header in front of the port it is for: `Mark` counts from the header. */
const DESTINATION_PORT = 2;

/**
 * Was it answered, by a SYN with ACK or by a refusal? `wait` in milliseconds. Where it was, the kernel resets the
 * half-open connection by itself, since no socket of its own asked for it. Null where it could not be sent.
 */
export function askBySyn(
  machine: Machine,
  flow: Flow,
  syn: Syn,
  stamp: { readonly ttl?: number; readonly tos?: number },
  wait: number,
): Promise<boolean | null> {
  return new Promise((resolve) => {
    let sequence = 0;
    const settle = (answered: boolean | null): void => {
      cancel();
      if (socket.known) socket.value.close();
      resolve(answered);
    };
    const cancel = machine.after(wait, () => settle(false));
    const socket = machine.open(
      { kind: 'syn', family: flow.family, netns: null, destination: flow.address, port: flow.port, ...stamp },
      (event) => {
        if (event.type === 'data' && answers(event.bytes, flow.family, sequence)) settle(true);
      },
    );
    const { localPort, localAddress } = socket.known ? socket.value : { localPort: null, localAddress: null };
    if (!socket.known || localPort === null || localAddress === null || flow.port === null)
      return settle(null);
    socket.value.only([{ at: DESTINATION_PORT, size: 2, oneOf: [localPort] }]);
    sequence = machine.random(1, 0xffffffff);
    const ends = {
      source: localAddress,
      destination: flow.address.replace(/%.*$/, ''),
      sourcePort: localPort,
      destinationPort: flow.port,
    };
    if (socket.value.send(writeSyn(ends, sequence, syn)) !== null) settle(null);
  });
}

/** A raw IPv4 socket delivers the IP header too; a raw IPv6 socket does not. raw(7) */
function answers(bytes: Uint8Array, family: 4 | 6, sequence: number): boolean {
  const tcp = family === 4 ? bytes.subarray(((bytes[0] ?? 0) & 15) * 4) : bytes;
  if (tcp.length < 14) return false;
  const flags = tcp[13]!;
  const acknowledged = new DataView(tcp.buffer, tcp.byteOffset, tcp.byteLength).getUint32(8);
  const speaks = (flags & FLAGS.ack) !== 0 && (flags & (FLAGS.syn | FLAGS.rst)) !== 0;
  return speaks && acknowledged === (sequence + 1) >>> 0;
}
