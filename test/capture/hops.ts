/** The hops of a container behind a bridge and NAT, and a packet as each of them shows it. */
import type { Seen, Spot } from '../../src/capture/spot.ts';
import { ethernet, icmp, ip, PROTOCOL, tcp, udp } from '../wire/frame.ts';
import { A, BEGAN, FAR, seen } from './frames.ts';

export const UPLINK = '192.0.2.1';

const spot = (id: string, extra: Partial<Spot>): Spot => ({
  id,
  name: id.split('/')[1]!,
  label: id.split('/')[1]!,
  where: 'host',
  kind: 'veth',
  netns: null,
  ifindex: 1,
  master: null,
  about: '',
  addresses: [],
  mac: '02:00:00:00:00:01',
  passes: 'own',
  ...extra,
});

export const SPOTS: readonly Spot[] = [
  spot('container/eth0', { label: 'eth0@web', where: 'container', addresses: [`${A}/24`] }),
  spot('host/vetha', { master: 'br0' }),
  spot('host/br0', { kind: 'bridge', passes: 'addresses', addresses: ['10.88.0.1/24'] }),
  spot('host/up0', { kind: 'uplink', passes: 'translated', addresses: [`${UPLINK}/24`, 'fe80::1/64'] }),
];

/** Bytes by which datagrams differ. */
type Payload = string;

export const ping = (sequence: number, source = A, destination = FAR): Uint8Array =>
  ethernet(
    0x0800,
    ip({ source, destination }, PROTOCOL.icmp, icmp(8, 0, (7 << 16) | sequence, Buffer.from('abc'))),
  );
export const answer = (sequence: number, source = FAR, destination = A): Uint8Array =>
  ethernet(
    0x0800,
    ip({ source, destination }, PROTOCOL.icmp, icmp(0, 0, (7 << 16) | sequence, Buffer.from('abc'))),
  );
export const segmentOf = (
  sequence: number,
  [source, from]: readonly [string, number],
  [destination, to]: readonly [string, number],
): Uint8Array => ethernet(0x0800, ip({ source, destination }, PROTOCOL.tcp, tcp(from, to, 2, sequence)));
export const datagramOf = (
  payload: Payload,
  [source, from]: readonly [string, number],
  [destination, to]: readonly [string, number],
): Uint8Array =>
  ethernet(0x0800, ip({ source, destination }, PROTOCOL.udp, udp(from, to, Buffer.from(payload))));

/** Seen at a spot, so many microseconds after the beginning. */
export const at = (name: string, micros: number, direction: 'in' | 'out', bytes: Uint8Array): Seen =>
  seen(bytes, {
    spot: SPOTS.findIndex((one) => one.name === name),
    at: BEGAN + BigInt(micros * 1000),
    direction,
  });
