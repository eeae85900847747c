/** From the kernel's trace messages to rules met, in the words of nft(8). */
import type { TraceMessage } from '../../host/machine.ts';
import type { MetPacket } from '../../model/facts.ts';
import type { Direction } from '../../model/sighting.ts';
import { byPort } from '../../probe/datagram.ts';
import type { ProbeRun } from '../../probe/kind.ts';
import { addressOf } from '../../wire/headers.ts';

/** enum nf_verdicts and nft_verdicts. */
const VERDICTS: Readonly<Record<number, string>> = {
  0: 'drop',
  1: 'accept',
  2: 'stolen',
  4: 'repeat',
  [-1]: 'continue',
  [-2]: 'break',
  [-5]: 'return',
};

export function verdictOf(message: TraceMessage): string {
  if (message.type === 'policy') return `policy ${message.policy === 0 ? 'drop' : 'accept'}`;
  const code = message.verdict ?? -1;
  if (code === -3) return `jump ${message.jump ?? ''}`;
  if (code === -4) return `goto ${message.jump ?? ''}`;
  // The upper half of a queue verdict is the queue's number.
  if (code > 0 && (code & 0xff) === 3) return `queue ${code >>> 16}`;
  return VERDICTS[code] ?? `verdict ${code}`;
}

export interface Belongs {
  readonly probe: number;
  readonly direction: Direction;
  /** Port of the sender outside, where one is followed. */
  readonly client?: number;
}

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const u32 = (bytes: Uint8Array, at: number): number => (u16(bytes, at) * 65536 + u16(bytes, at + 2)) >>> 0;

/** The packet as the hook met it, from the first message of the hook; undefined in the later ones. RFC 791, RFC 8200. */
export function packetOf(message: TraceMessage): MetPacket | undefined {
  const { network, transport, ingress, egress } = message;
  if (!network || network.length < 20) return undefined;
  const isSix = (network[0] ?? 0) >> 4 === 6;
  if (isSix && network.length < 40) return undefined;
  const hasPorts =
    [6, 17].includes(network[isSix ? 6 : 9] ?? 0) && transport !== null && transport.length >= 4;
  return {
    source: addressOf(isSix ? network.subarray(8, 24) : network.subarray(12, 16)),
    destination: addressOf(isSix ? network.subarray(24, 40) : network.subarray(16, 20)),
    sourcePort: hasPorts ? u16(transport, 0) : null,
    destinationPort: hasPorts ? u16(transport, 2) : null,
    ingress,
    egress,
  };
}

/** First bytes of the transport header, as the kernel sends them with the first message of each hook. */
export type Header = NonNullable<TraceMessage['transport']>;

/**
 * Which probe a packet is of. Through NAT a SYN and its answer are known by the sequence number, a datagram's answer by
 * the port that the request was seen leaving with: both are learned by captures, so that this is asked again later.
 */
export function belongs(run: ProbeRun, transport: Header): Belongs | undefined {
  if (transport.length < 4) return undefined;
  if (run.flow.proto === 'icmp') {
    if (transport.length < 13 || u32(transport, 8) !== run.token) return undefined;
    const reply = transport[0] === 0 || transport[0] === 129;
    return { probe: transport[12] ?? 0, direction: reply ? 'reply' : 'request' };
  }
  const source = u16(transport, 0);
  const destination = u16(transport, 2);
  if (run.asker) {
    const served = [run.flow.port, run.realPort ?? null];
    if (served.includes(destination)) return { probe: 0, direction: 'request', client: source };
    return served.includes(source) ? { probe: 0, direction: 'reply', client: destination } : undefined;
  }
  return byNumber(run, transport) ?? byPorts(run, source, destination);
}

const SYN = 2;
const ACK = 16;

function byNumber({ flow, sequences }: ProbeRun, transport: Header): Belongs | undefined {
  if (flow.proto !== 'tcp' || transport.length < 14) return undefined;
  const flags = transport[13] ?? 0;
  const reply = (flags & ACK) !== 0;
  if (!reply && (flags & SYN) === 0) return undefined;
  const number = reply ? (u32(transport, 8) - 1) >>> 0 : u32(transport, 4);
  for (const [probe, own] of sequences)
    if (own === number) return { probe, direction: reply ? 'reply' : 'request' };
  return undefined;
}

function byPorts(run: ProbeRun, source: number, destination: number): Belongs | undefined {
  const request = byPort(run, source);
  if (request !== null) return { probe: request, direction: 'request' };
  const reply = byPort(run, destination);
  return reply === null ? undefined : { probe: reply, direction: 'reply' };
}
