/**
 * What a packet keeps on its way through a host, whoever routes, bridges or translates it: by it the same packet is known
 * again at the next interface. Addresses and ports change under NAT, the time to live at each router.
 */
import { isIp, type NetworkHeader, networkHeader } from '../wire/headers.ts';
import {
  type Datagram,
  datagram,
  icmpMessage,
  isEcho,
  quotes,
  type Segment,
  segment,
} from '../wire/transport.ts';
import { networkPart, type Seen } from './spot.ts';

export const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const;

/** Bytes of data by which two datagrams are told apart, and by which the first of a burst is known. */
const ENOUGH = 48;
const BEGINNING = 16;

export interface Ends {
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  /** Of an echo its id; null where the protocol has none, or they are not in this fragment. */
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
}

export interface Print {
  /** Two frames with the same one may be one packet. */
  readonly key: string;
  /** Null for what is no IP. */
  readonly ends: Ends | null;
  /** Of the packet that an ICMP error is about. */
  readonly about: Ends | null;
  /** Of TCP with data: what it carries. A device that cannot send a large segment gets it in pieces. */
  readonly carries: Carried | null;
  /** Of a whole UDP datagram. */
  readonly says: Said | null;
}

/** The data of a datagram, as far as it is known again in a larger one. */
export interface Said {
  /** IPv4's identification. */
  readonly id: number | null;
  /** Bytes of data. */
  readonly data: number;
  /** The first of them, in hexadecimal digits. */
  readonly begins: string;
}

export interface Carried {
  readonly sequence: number;
  readonly acknowledgement: number;
  /** Bytes of data. */
  readonly data: number;
}

const hex = (bytes: Uint8Array, most = ENOUGH): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, most)).toString('hex');

export function printOf(seen: Seen): Print {
  const bytes = networkPart(seen);
  const ip = isIp(seen.type) ? networkHeader(bytes) : undefined;
  if (!ip)
    return {
      key: `${seen.type} ${seen.length - seen.header} ${hex(bytes)}`,
      ends: null,
      about: null,
      carries: null,
      says: null,
    };
  const { key, about, carries = null, says = null, ...ports } = inside(ip, bytes);
  return {
    key: `${ip.family} ${ip.protocol} ${ip.id} ${ip.fragmentOffset} ${ip.length} ${key}`,
    ends: endsOf(ip, ports),
    about: about ?? null,
    carries,
    says,
  };
}

interface Ports {
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
}

const endsOf = ({ protocol, source, destination }: NetworkHeader, ports: Ports): Ends => ({
  protocol,
  source,
  destination,
  ...ports,
});

interface Inside extends Ports {
  readonly key: string;
  readonly about?: Ends | null;
  readonly carries?: Carried | null;
  readonly says?: Said | null;
}

function inside(ip: NetworkHeader, packet: Uint8Array): Inside {
  const bytes = packet.subarray(ip.at, Math.max(ip.at, ip.length));
  const none = { sourcePort: null, destinationPort: null };
  // A later fragment has no transport header; its identification tells whose it is.
  if (ip.fragmentOffset > 0) return { ...none, key: hex(bytes) };
  if (ip.protocol === PROTOCOL.tcp) {
    const tcp = segment(bytes);
    if (tcp) {
      const { sequence, acknowledgement, flags } = tcp;
      const data = ip.length - ip.at - tcp.header;
      const carries = data > 0 ? { sequence, acknowledgement, data } : null;
      return { key: `${sequence} ${acknowledgement} ${flags}`, carries, ...portsOf(tcp) };
    }
  }
  if (ip.protocol === PROTOCOL.udp) {
    const udp = datagram(bytes);
    if (udp) {
      return { key: hex(udp.data), says: saidIn(ip, udp), ...portsOf(udp) };
    }
  }
  if (ip.protocol === PROTOCOL.icmp || ip.protocol === PROTOCOL.icmp6) {
    const icmp = icmpMessage(bytes);
    if (icmp && quotes(ip.family, icmp.type)) {
      const about = networkHeader(icmp.body);
      // Its addresses are translated back on the way; of what it quotes only the identification stays.
      const key = about ? `${about.protocol} ${about.id} ${about.length}` : hex(icmp.body);
      const { sourcePort, destinationPort } = about ? inside(about, icmp.body) : none;
      return {
        ...none,
        key: `${icmp.type} ${icmp.code} ${key}`,
        about: about ? endsOf(about, { sourcePort, destinationPort }) : null,
      };
    }
    // The id of an echo is what NAT has of it for a port.
    if (icmp) {
      const id = isEcho(icmp.type) ? icmp.id : null;
      const key = `${icmp.type} ${icmp.code} ${icmp.sequence} ${hex(icmp.body)}`;
      return { key, sourcePort: id, destinationPort: id };
    }
  }
  return { ...none, key: hex(bytes) };
}

/** Null for a fragment, and where too little was captured to know it again. */
function saidIn({ id, moreFragments }: NetworkHeader, { length, data }: Datagram): Said | null {
  const isCut = id === null && data.length < Math.min(BEGINNING, length);
  return moreFragments || length === 0 || isCut ? null : { id, data: length, begins: hex(data, BEGINNING) };
}

const portsOf = ({ sourcePort, destinationPort }: Segment | Datagram): Ports => ({
  sourcePort,
  destinationPort,
});

/** `6 10.0.0.2 40000 198.51.100.1 80`: a packet of that way; `back`: one that answers it. */
export const wayOf = ({ protocol, source, sourcePort, destination, destinationPort }: Ends): string =>
  `${protocol} ${source} ${sourcePort} ${destination} ${destinationPort}`;
export const wayBack = (ends: Ends): string =>
  wayOf({
    ...ends,
    source: ends.destination,
    destination: ends.source,
    sourcePort: ends.destinationPort,
    destinationPort: ends.sourcePort,
  });
