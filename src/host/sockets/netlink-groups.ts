/** Listens to groups of a part of the kernel, which tells them by itself what happens: netlink(7). */
import { errnoName, int, libc } from '../sys/libc.ts';
import { type Pump, pump } from '../sys/pump.ts';
import { AF_NETLINK, SOL_NETLINK } from './netlink.ts';

const SOCK_RAW = 3;
const SOCK_FLAGS = 0o4000 | 0o2000000;
const NETLINK_ADD_MEMBERSHIP = 1;
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
const MSG_DONTWAIT = 0x40;
/** The kernel had more to tell than the socket's buffer holds: netlink(7). */
const ENOBUFS = 105;

export interface Groups {
  /** Which part of the kernel: NETLINK_ROUTE, NETLINK_NETFILTER. */
  readonly protocol: number;
  readonly groups: readonly number[];
  /** Bytes that the kernel keeps until they are read; absent: as many as it gives by itself. */
  readonly room?: number;
}

/**
 * Joins groups in the network namespace that this thread is in: a socket that waits for nothing, and is the caller's to close.
 * The name of an errno says why they cannot be joined.
 */
export function join({ protocol, groups, room }: Groups): number | string {
  const c = libc();
  const fd = c.socket(AF_NETLINK, SOCK_RAW | SOCK_FLAGS, protocol);
  if (fd < 0) return errnoName(c.errno());
  if (room !== undefined) c.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, int(room), 4);
  const address = Buffer.alloc(12);
  address.writeUInt16LE(AF_NETLINK, 0);
  const joined =
    c.bind(fd, address, address.length) === 0 &&
    groups.every((group) => c.setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, int(group), 4) === 0);
  if (joined) return fd;
  const errno = errnoName(c.errno());
  c.close(fd);
  return errno;
}

/**
 * Joins groups, and hears them until it is stopped, which closes the socket. `onTold` gets each datagram, which is its own only
 * until it returns; null: the kernel had more to tell than there was room for. The name of an errno, as of `join`.
 */
export function listenTo(groups: Groups, onTold: (datagram: Buffer | null) => void): Pump | string {
  const fd = join(groups);
  if (typeof fd === 'string') return fd;
  const c = libc();
  const bytes = Buffer.alloc(65_536);
  const { look, stop } = pump(fd, () => {
    const length = c.recvfrom(fd, bytes, bytes.length, MSG_DONTWAIT, null, null);
    const isOver = length < 0 && c.errno() === ENOBUFS;
    if (length <= 0 && !isOver) return false;
    onTold(isOver ? null : bytes.subarray(0, length));
    return true;
  });
  let open = true;
  return {
    look,
    stop() {
      // The number may be another one's by the second time.
      if (!open) return;
      open = false;
      stop();
      c.close(fd);
    },
  };
}
