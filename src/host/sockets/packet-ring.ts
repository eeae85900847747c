/**
 * Frames of a packet socket in memory that is shared with the kernel: TPACKET_V3, Documentation/networking/packet_mmap.rst.
 * Nobody is woken for a frame and none is fetched by a call; and only what the filter lets through is stamped, where a socket
 * that asks for stamps has every packet of the host stamped. A block of frames is handed over when it is full, or old enough.
 */
import type { PacketFrame } from '../machine.ts';
import { int, libc } from '../sys/libc.ts';
import { mapping } from '../sys/mapping.ts';
import { turn } from '../sys/turn.ts';
import { monotonic } from '../sys/wall-clock.ts';
import { addressed, TP_STATUS_VLAN_VALID } from './packet-frame.ts';

const SOL_PACKET = 263;
const PACKET_RX_RING = 5;
const PACKET_VERSION = 10;
const TPACKET_V3 = 2;
/** Bytes of a block: the longest frame has room in it. Of small ones there are more, each of which may wait. */
const BLOCK = { small: 32 * 1024, large: 128 * 1024 };
const SMALL = 4096;
/** The kernel wants to be told how long a frame is, and in this version keeps none to it. */
const FRAME = 2048;
/** Milliseconds after which a block is handed over that is not full; the kernel may take twice as long. */
const RETIRE = 20;
/** What passed so long ago is there to be read. Nanoseconds. */
export const RING_LAG = 60_000_000n;

/** struct tpacket_block_desc and struct tpacket3_hdr; the sender's address follows the latter. */
const BLOCK_AT = { status: 8, frames: 12, first: 16 };
const AT = {
  next: 0,
  seconds: 4,
  nanoseconds: 8,
  kept: 12,
  length: 16,
  status: 20,
  mac: 24,
  network: 26,
  tag: 32,
};
const HEADER = 48;
const USER = 1;
const KERNEL = 0;

export interface FrameRing {
  /** Hands over what is there, as far as one turn goes; false when nothing is left. */
  look(): boolean;
  /** Hands over all of it. */
  rest(): void;
  release(): void;
}

interface Size {
  /** Bytes of the whole, and of one frame. */
  readonly room: number;
  readonly snaplen: number;
}

/** To be had before the socket is bound. Undefined where the kernel refuses. `room` in bytes. */
export function frameRing(
  fd: number,
  { room, snaplen }: Size,
  onFrame: (frame: PacketFrame) => void,
): FrameRing | undefined {
  const c = libc();
  const size = snaplen <= SMALL ? BLOCK.small : BLOCK.large;
  const blocks = Math.max(2, Math.floor(room / size));
  // struct tpacket_req3
  const wanted = [size, blocks, FRAME, (size / FRAME) * blocks, RETIRE, 0, 0];
  const request = Buffer.concat(wanted.map(int));
  if (c.setsockopt(fd, SOL_PACKET, PACKET_VERSION, int(TPACKET_V3), 4) !== 0) return undefined;
  if (c.setsockopt(fd, SOL_PACKET, PACKET_RX_RING, request, request.length) !== 0) return undefined;
  const memory = mapping(fd, blocks * size);
  if (!memory) {
    // Or its frames would go where nobody reads them.
    c.setsockopt(fd, SOL_PACKET, PACKET_RX_RING, Buffer.alloc(request.length), request.length);
    return undefined;
  }
  const { bytes, words } = memory;
  const toMonotonic = monotonic();
  let block = 0;
  let busy = false;
  let over = false;
  const take = (): boolean => {
    // Whoever heard a frame of this block may have asked for the rest, or closed it.
    if (busy || over) return false;
    const start = block * size;
    // Behind the status the block is whole: the kernel orders both.
    if ((Atomics.load(words, (start + BLOCK_AT.status) / 4) & USER) === 0) return false;
    const now = process.hrtime.bigint();
    busy = true;
    let at = start + bytes.readUInt32LE(start + BLOCK_AT.first);
    for (let left = bytes.readUInt32LE(start + BLOCK_AT.frames); left > 0 && !over; left--) {
      onFrame(frameAt(bytes, at, toMonotonic, now));
      if (!over) at += bytes.readUInt32LE(at + AT.next);
    }
    busy = false;
    if (over) return false;
    Atomics.store(words, (start + BLOCK_AT.status) / 4, KERNEL);
    block = (block + 1) % blocks;
    return true;
  };
  return {
    look: () => turn(take),
    rest() {
      for (let left = blocks; left > 0 && take(); ) left--;
    },
    release() {
      over = true;
      memory.release();
    },
  };
}

function frameAt(
  ring: Buffer,
  at: number,
  toMonotonic: (stamp: bigint, now: bigint) => bigint,
  now: bigint,
): PacketFrame {
  const stamp =
    BigInt(ring.readUInt32LE(at + AT.seconds)) * 1_000_000_000n +
    BigInt(ring.readUInt32LE(at + AT.nanoseconds));
  const mac = ring.readUInt16LE(at + AT.mac);
  const begins = at + mac;
  const tagged = (ring.readUInt32LE(at + AT.status) & TP_STATUS_VLAN_VALID) !== 0;
  return {
    ...addressed(ring, at + HEADER),
    vlan: tagged ? ring.readUInt16LE(at + AT.tag) : null,
    header: ring.readUInt16LE(at + AT.network) - mac,
    // The kernel writes there again.
    bytes: new Uint8Array(ring.subarray(begins, begins + ring.readUInt32LE(at + AT.kept))),
    length: ring.readUInt32LE(at + AT.length),
    at: toMonotonic(stamp, now),
    stamp,
  };
}
