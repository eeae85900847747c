/** Runs of a question, and the packets that cross the hops meanwhile. */
import type { Flow } from '../../src/model/flow.ts';
import type { ProbeRun } from '../../src/probe/kind.ts';
import { decodeFrame, type Packet } from '../../src/wire/packet.ts';
import { type Ends, icmp, ip, PROTOCOL } from '../wire/frame.ts';

export const TOKEN = 0x8badf00d;

/** Container, destination, and the host that rewrites the source. */
export const ENDS = {
  4: { source: '10.0.0.2', destination: '198.51.100.1', host: '192.0.2.1', router: '192.0.2.254' },
  6: { source: 'fd00::2', destination: '2001:db8::1', host: '2001:db8:1::1', router: '2001:db8:1::ff' },
} as const;

export function runOf(change: Partial<Flow> = {}, about: Partial<ProbeRun> = {}): ProbeRun {
  const family = change.family ?? 4;
  const address = ENDS[family].destination;
  const flow: Flow = {
    from: 'container',
    to: address,
    address,
    proto: 'icmp',
    port: null,
    family,
    ...change,
  };
  return {
    flow,
    count: 3,
    first: 0,
    token: TOKEN,
    lengths: [101, 102, 103],
    ports: [40001, 40002, 40003],
    realDestination: flow.address,
    sequences: new Map(),
    ...about,
  };
}

export const packetOf = (ends: Ends, protocol: number, payload: Uint8Array): Packet =>
  decodeFrame(ip(ends, protocol, payload), 'RAW')!;

export const ends = (family: 4 | 6): Ends => ENDS[family];
export const back = (family: 4 | 6): Ends => ({
  source: ENDS[family].destination,
  destination: ENDS[family].source,
});

/** `port unreachable` about a packet, from the destination itself. */
export const unreachable = (family: 4 | 6, about: Uint8Array): Packet =>
  family === 4
    ? packetOf(back(4), PROTOCOL.icmp, icmp(3, 3, 0, about))
    : packetOf(back(6), PROTOCOL.icmp6, icmp(1, 4, 0, about));

/** `host unreachable` about a packet, from the last router. */
export const noHost = (family: 4 | 6, about: Uint8Array): Packet => {
  const from = { source: ENDS[family].router, destination: ENDS[family].source };
  return family === 4
    ? packetOf(from, PROTOCOL.icmp, icmp(3, 1, 0, about))
    : packetOf(from, PROTOCOL.icmp6, icmp(1, 3, 0, about));
};
