/**
 * One AF_PACKET socket sees every interface of a namespace: packet(7). Opened with protocol 0, filtered, then bound to all
 * interfaces: nothing passes before the filter stands, and nothing waits for the kernel's grace period as a ring does.
 */
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { PacketFrame, PacketSocket } from '../machine.ts';
import { errnoName, libc } from '../sys/libc.ts';
import { CannotEnter, inside } from '../sys/namespace.ts';
import { pump } from '../sys/pump.ts';
import { attachFilter } from './pcap-filter.ts';

const AF_PACKET = 17;
const SOCK_DGRAM = 2;
const SOCK_FLAGS = 0o4000 | 0o2000000;
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
const SOL_PACKET = 263;
const PACKET_STATISTICS = 6;
const ETH_P_ALL = 3;
const MSG_DONTWAIT = 0x40;
/** The length on the wire is told, also where the buffer is shorter. */
const MSG_TRUNC = 0x20;
const SIOCGSTAMPNS = 0x8907;
const SNAPLEN = 65_535;
const ROOM = 4 * 1024 * 1024;

/** sll_pkttype: who the frame is for, or that it goes out. */
const OUTGOING = 4;
const OTHERHOST = 3;

const int = (value: number): Buffer => {
  const out = Buffer.alloc(4);
  out.writeInt32LE(value);
  return out;
};

/** struct sockaddr_ll: of all interfaces, all protocols. */
function everywhere(): Buffer {
  const address = Buffer.alloc(20);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(ETH_P_ALL, 2);
  return address;
}

/** Frames begin with their network header, whatever kind of interface shows them: one filter fits all of them. */
export function openPackets(
  netns: Netns | null,
  filter: string,
  onFrame: (frame: PacketFrame) => void,
): Answer<PacketSocket> {
  const source = ['tcpdump', '-ni', 'any', filter];
  try {
    return inside(netns, () => {
      const c = libc();
      const fd = c.socket(AF_PACKET, SOCK_DGRAM | SOCK_FLAGS, 0);
      if (fd < 0) return notKnown('no-permission', `packet socket: ${errnoName(c.errno())}`, source);
      c.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, int(ROOM), 4);
      // The first question for a stamp makes the kernel keep them.
      c.ioctl(fd, SIOCGSTAMPNS, Buffer.alloc(16));
      try {
        attachFilter(fd, filter, 'network');
      } catch (error) {
        c.close(fd);
        return notKnown('unsupported', (error as Error).message, source);
      }
      const address = everywhere();
      if (c.bind(fd, address, address.length) !== 0) {
        const errno = errnoName(c.errno());
        c.close(fd);
        return notKnown('no-permission', `packet socket: ${errno}`, source);
      }
      return known(packetSocket(fd, onFrame), source);
    });
  } catch (error) {
    if (error instanceof CannotEnter) return notKnown('no-permission', error.message, source);
    throw error;
  }
}

function packetSocket(fd: number, onFrame: (frame: PacketFrame) => void): PacketSocket {
  const c = libc();
  const bytes = Buffer.alloc(SNAPLEN);
  const from = Buffer.alloc(20);
  let seen = 0;
  let lost = 0;
  let open = true;
  const pumped = pump(fd, () => {
    const length = c.recvfrom(fd, bytes, bytes.length, MSG_DONTWAIT | MSG_TRUNC, from, int(from.length));
    if (length < 0) return false;
    onFrame({
      ifindex: from.readInt32LE(4),
      protocol: from.readUInt16BE(2),
      direction: from[10] === OUTGOING ? 'out' : 'in',
      foreign: from[10] === OTHERHOST,
      senderMac: from[11] === 6 ? [...from.subarray(12, 18)].map(hex).join(':') : null,
      bytes: Uint8Array.from(bytes.subarray(0, Math.min(length, SNAPLEN))),
      length,
      at: stamp(fd),
    });
    return true;
  });
  const statistics = (): void => {
    const told = Buffer.alloc(8);
    // The kernel counts anew after each answer.
    if (c.getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, told, int(told.length)) !== 0) return;
    seen += told.readUInt32LE(0);
    lost += told.readUInt32LE(4);
  };
  return {
    look: () => pumped.look(),
    statistics() {
      if (open) statistics();
      return { seen, lost };
    },
    async stop() {
      if (!open) return;
      pumped.stop();
      statistics();
      open = false;
      // The kernel waits for a grace period before it lets go of a packet socket: on a thread of its own.
      await new Promise<void>((done) => {
        c.close.async(fd, () => done());
      });
    },
  };
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** When the last frame passed its interface, in nanoseconds of CLOCK_MONOTONIC; the kernel stamps by the clock of the day. */
function stamp(fd: number): bigint {
  const told = Buffer.alloc(16);
  const monotonic = process.hrtime.bigint();
  if (libc().ioctl(fd, SIOCGSTAMPNS, told) !== 0) return monotonic;
  const taken = told.readBigInt64LE(0) * 1_000_000_000n + told.readBigInt64LE(8);
  const ago = BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6)) - taken;
  // A clock that was set meanwhile tells nothing.
  return ago >= 0n && ago < 10_000_000_000n ? monotonic - ago : monotonic;
}
