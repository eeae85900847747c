/**
 * One AF_PACKET socket sees every interface of a namespace: packet(7). Opened with protocol 0, filtered, then bound: nothing
 * passes before the filter stands, and nothing waits for the kernel's grace period, as a ring does. Bound to all interfaces
 * it is asked about each of their packets; where one alone is wanted it is bound to that, and the others cost nothing.
 * It asks no interface for what is not addressed to it: a bridge, a veth and an uplink see a flow's own frames without.
 */
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { PacketFrame, PacketPlan, PacketSocket } from '../machine.ts';
import { type Datagram, datagrams } from '../sys/datagrams.ts';
import { errnoName, int, libc } from '../sys/libc.ts';
import { answeredInside } from '../sys/namespace.ts';
import { type Pump, pump } from '../sys/pump.ts';
import { only } from '../sys/socket-filter.ts';
import { monotonic, nanoseconds } from '../sys/wall-clock.ts';
import { addressed, TP_STATUS_VLAN_VALID } from './packet-frame.ts';
import { frameRing } from './packet-ring.ts';
import { attachFilter } from './pcap-filter.ts';

const AF_PACKET = 17;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
const SOCK_FLAGS = 0o4000 | 0o2000000;
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
const SO_TIMESTAMPNS = 35;
const SOL_PACKET = 263;
const PACKET_STATISTICS = 6;
const PACKET_AUXDATA = 8;
/** Linux 4.20; earlier ones refuse, and copy. */
const PACKET_IGNORE_OUTGOING = 23;
const ETH_P_ALL = 3;
const SNAPLEN = 65_535;
/** The kernel's buffer, and what is fetched at once. Bytes, and frames. */
const ROOM = 4 * 1024 * 1024;
const BATCH = { bytes: 1024 * 1024, frames: 64 };
/** Kinds of device whose frames begin with an Ethernet header: ARPHRD_ETHER and ARPHRD_LOOPBACK, linux/if_arp.h. */
export const ETHERNET = [1, 772];
/** struct tpacket_auxdata */
const AUXILIARY = { status: 0, length: 4, network: 14, tag: 16 };
/** ETH_HLEN */
const HEADER = 14;

/** struct sockaddr_ll: all protocols, of one interface, or (0) of all of them. */
function everythingOn(ifindex: number): Buffer {
  const address = Buffer.alloc(20);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(ETH_P_ALL, 2);
  address.writeInt32LE(ifindex, 4);
  return address;
}

export function openPackets(
  netns: Netns | null,
  plan: PacketPlan,
  onFrame: (frame: PacketFrame) => void,
): Answer<PacketSocket> {
  const { filter, layer = 'network', snaplen = SNAPLEN } = plan;
  const source = ['tcpdump', '-ni', 'any', filter];
  const c = libc();
  const refused = (): Answer<never> => {
    const errno = errnoName(c.errno());
    const because = errno === 'EPERM' || errno === 'EACCES' ? 'no-permission' : 'unreadable';
    return notKnown(because, `packet socket: ${errno}`, source);
  };
  const [device, ...others] = plan.devices ?? [];
  /** The only one that it can ever see; 0: any. */
  const bound = others.length === 0 ? (device ?? 0) : 0;
  /** What comes first of all: which devices, and of which kind. */
  const before = (devices: readonly number[] | undefined) => [
    ...(layer === 'ethernet' ? only({ hardware: ETHERNET }) : []),
    ...(devices ? only({ ifindex: devices }) : []),
  ];
  const attach = (fd: number, devices: readonly number[] | undefined): void =>
    attachFilter(fd, { expression: filter, layer, snaplen, before: before(devices) });
  return answeredInside(netns, source, () => {
    const fd = c.socket(AF_PACKET, (layer === 'ethernet' ? SOCK_RAW : SOCK_DGRAM) | SOCK_FLAGS, 0);
    if (fd < 0) return refused();
    try {
      attach(fd, bound === 0 ? plan.devices : undefined);
    } catch (error) {
      c.close(fd);
      return notKnown('unsupported', (error as Error).message, source);
    }
    const frames = framesOf(fd, { ...plan, layer, snaplen }, onFrame);
    const address = everythingOn(bound);
    if (c.bind(fd, address, address.length) !== 0) {
      const answer = refused();
      frames.release();
      c.close(fd);
      return answer;
    }
    return known(packetSocket(fd, frames, attach), source);
  });
}

/** How the frames of a socket are had. */
interface Frames {
  /** From when the socket is bound. */
  begin(): Pump;
  release(): void;
}

type Reading = Required<Pick<PacketPlan, 'layer' | 'snaplen'>> & Pick<PacketPlan, 'room' | 'ring' | 'light'>;

function framesOf(
  fd: number,
  { layer, snaplen, room = ROOM, ring, light }: Reading,
  onFrame: (frame: PacketFrame) => void,
): Frames {
  const shared = ring ? frameRing(fd, { room, snaplen }, onFrame) : undefined;
  if (shared) return { begin: () => ({ look: shared.look, stop: shared.rest }), release: shared.release };
  const c = libc();
  c.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, int(room), 4);
  // Whoever asks for stamps has every packet of the host stamped.
  if (light) c.setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, int(1), 4);
  else c.setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, int(1), 4);
  c.setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, int(1), 4);
  const frames = datagrams(fd, Math.min(BATCH.frames, Math.ceil(BATCH.bytes / snaplen)), snaplen);
  const toMonotonic = monotonic();
  let released = false;
  return {
    begin: () =>
      pump(fd, () => {
        // Whoever heard the last one may have closed it.
        const frame = released ? undefined : frames.next();
        if (frame) onFrame(frameOf(frame, layer, toMonotonic));
        return frame !== undefined;
      }),
    release() {
      released = true;
      frames.release();
    },
  };
}

function packetSocket(
  fd: number,
  frames: Frames,
  attach: (fd: number, devices: readonly number[]) => void,
): PacketSocket {
  const c = libc();
  let seen = 0;
  let lost = 0;
  let open = true;
  let stopping = false;
  const reading = frames.begin();
  const statistics = (): void => {
    const told = Buffer.alloc(8);
    // The kernel counts anew after each answer.
    if (c.getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, told, int(told.length)) !== 0) return;
    seen += told.readUInt32LE(0);
    lost += told.readUInt32LE(4);
  };
  return {
    look: () => {
      if (open) reading.look();
    },
    statistics() {
      if (open) statistics();
      return { seen, lost };
    },
    onlyOn(devices) {
      if (open) attach(fd, devices);
    },
    async stop() {
      if (stopping) return;
      stopping = true;
      reading.stop();
      statistics();
      open = false;
      frames.release();
      // The kernel waits for a grace period before it lets go of a packet socket: on a thread of its own.
      await new Promise<void>((done) => {
        c.close.async(fd, () => done());
      });
    },
  };
}

function frameOf(
  { name, bytes, beside }: Datagram,
  layer: Reading['layer'],
  toMonotonic: (stamp: bigint, now: bigint) => bigint,
): PacketFrame {
  const now = process.hrtime.bigint();
  const told = beside(SOL_SOCKET, SO_TIMESTAMPNS);
  const stamp = told ? nanoseconds(told) : null;
  const auxiliary = beside(SOL_PACKET, PACKET_AUXDATA);
  const tagged = auxiliary && (auxiliary.readUInt32LE(AUXILIARY.status) & TP_STATUS_VLAN_VALID) !== 0;
  return {
    ...addressed(name),
    vlan: tagged ? auxiliary.readUInt16LE(AUXILIARY.tag) : null,
    header: layer === 'network' ? 0 : (auxiliary?.readUInt16LE(AUXILIARY.network) ?? HEADER),
    bytes: Uint8Array.from(bytes),
    length: auxiliary?.readUInt32LE(AUXILIARY.length) ?? bytes.length,
    at: stamp === null ? now : toMonotonic(stamp, now),
    stamp,
  };
}
