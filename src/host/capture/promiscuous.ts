/**
 * Takes promiscuous mode back from a capture that insists on it. A promiscuous bridge hands every frame to its host as
 * well: a frame that DNAT turns to another port of the bridge is then bridged *and* routed, and arrives twice. Watching
 * must not change what is watched; a bridge, a veth and an uplink see the flow's own frames without it.
 */
import { readdirSync, readlinkSync } from 'node:fs';
import { int, libc } from '../sys/libc.ts';

/** packet(7) */
const AF_PACKET = 17;
const SOL_PACKET = 263;
const PACKET_DROP_MEMBERSHIP = 2;
const PACKET_STATISTICS = 6;
const PACKET_MR_PROMISC = 1;

const sockets = (): Set<number> => {
  const found = new Set<number>();
  for (const name of readdirSync('/proc/self/fd')) {
    try {
      if (readlinkSync(`/proc/self/fd/${name}`).startsWith('socket:')) found.add(Number(name));
    } catch {
      // The directory's own descriptor is gone by now.
    }
  }
  return found;
};

/** struct sockaddr_ll: the interface that the socket is bound to, or 0. */
function boundTo(fd: number): number {
  const address = Buffer.alloc(20);
  return libc().getsockname(fd, address, int(address.length)) === 0 && address.readUInt16LE(0) === AF_PACKET
    ? address.readInt32LE(4)
    : 0;
}

/** struct packet_mreq: index, type, length of an address, address. */
function membership(ifindex: number): Buffer {
  const request = Buffer.alloc(16);
  request.writeInt32LE(ifindex, 0);
  request.writeUInt16LE(PACKET_MR_PROMISC, 4);
  return request;
}

/** Frames that the socket had no room for since it was last asked: packet(7), struct tpacket_stats. */
export function droppedBy(socket: number): number {
  const numbers = Buffer.alloc(12);
  return libc().getsockopt(socket, SOL_PACKET, PACKET_STATISTICS, numbers, int(numbers.length)) === 0
    ? numbers.readUInt32LE(4)
    : 0;
}

/** Runs `open`, and drops the promiscuous membership of the packet socket that it opened; tells that socket, -1 for none. */
export function quietly<T>(open: () => T): { readonly result: T; readonly socket: number } {
  const before = sockets();
  const result = open();
  let socket = -1;
  for (const fd of sockets()) {
    const ifindex = before.has(fd) ? 0 : boundTo(fd);
    if (ifindex === 0) continue;
    socket = fd;
    const request = membership(ifindex);
    libc().setsockopt(fd, SOL_PACKET, PACKET_DROP_MEMBERSHIP, request, request.length);
  }
  return { result, socket };
}
