/** The sockets of a namespace without a program: sock_diag(7), struct inet_diag_msg of linux/inet_diag.h. */
import ipaddr from 'ipaddr.js';
import type { Answer } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { SocketState, SocketStateName, TcpInfo } from '../../model/socket.ts';
import { addressOf } from '../../wire/headers.ts';
import { AF_INET, AF_INET6 } from '../sys/address.ts';
import { dumpSockets, INET_DIAG_MSG, IPPROTO_TCP, IPPROTO_UDP, NETLINK_SOCK_DIAG } from './inet-diag.ts';
import { attributes, withNetlink } from './netlink.ts';
import { datagramSockets } from './proc-net.ts';

const INET_DIAG_INFO = 2;
/** Told to the administrator of the namespace alone (Linux 4.10). */
const INET_DIAG_MARK = 15;
const ALL_STATES = 0xffffffff;
/** A proxy may hold a hundred thousand: the rest stays unread. */
const MOST = 20_000;

/** By number, from 1: net/tcp_states.h. */
const STATES: readonly SocketStateName[] = [
  'ESTAB',
  'SYN-SENT',
  'SYN-RECV',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'TIME-WAIT',
  'UNCONN',
  'CLOSE-WAIT',
  'LAST-ACK',
  'LISTEN',
  'CLOSING',
  'NEW-SYN-RECV',
];
/** idiag_timer. */
const TIMERS = ['none', 'retransmit', 'keepalive', 'time-wait', 'window-probe'] as const;

/** TCP and UDP sockets of both families, no more than 20,000 of each kind. */
export function socketsIn(where: Netns | null): Answer<readonly SocketState[]> {
  const source = ['ss', '-tuanOe', '-i'];
  return withNetlink(
    where,
    source,
    (fd) =>
      ([AF_INET, AF_INET6] as const).flatMap((family) => [
        ...(dump(fd, family, IPPROTO_TCP) ?? []),
        // A kernel may have tcp_diag alone.
        ...(dump(fd, family, IPPROTO_UDP) ?? datagramSockets(family === AF_INET6 ? 6 : 4, MOST)),
      ]),
    NETLINK_SOCK_DIAG,
  );
}

/** Null where the kernel cannot tell of this protocol. */
function dump(fd: number, family: number, protocol: number): SocketState[] | null {
  const extensions = protocol === IPPROTO_TCP ? 1 << (INET_DIAG_INFO - 1) : 0;
  const found: SocketState[] = [];
  const told = dumpSockets(fd, { family, protocol, states: ALL_STATES, extensions }, (message) => {
    if (found.length < MOST) found.push(socketOf(message, protocol));
  });
  return told ? found : null;
}

/** One message of the kernel. */
function socketOf(body: Buffer, protocol: number): SocketState {
  const size = body[0] === AF_INET6 ? 16 : 4;
  // An IPv4 address that an IPv6 socket uses (::ffff:…) is told as what goes over the wire.
  const address = (at: number): string => ipaddr.process(addressOf(body.subarray(at, at + size))).toString();
  const told = attributes(body, INET_DIAG_MSG);
  const mark = told.get(INET_DIAG_MARK);
  return {
    proto: protocol === IPPROTO_TCP ? 'tcp' : 'udp',
    family: body[0] === AF_INET6 ? 6 : 4,
    state: STATES[(body[1] ?? 7) - 1] ?? 'UNCONN',
    source: address(8),
    sourcePort: body.readUInt16BE(4),
    destination: address(24),
    destinationPort: body.readUInt16BE(6),
    timer: TIMERS[body[2] ?? 0] ?? 'none',
    retransmits: body[3] ?? 0,
    receiveQueue: body.readUInt32LE(56),
    sendQueue: body.readUInt32LE(60),
    inode: body.readUInt32LE(68),
    uid: body.readUInt32LE(64),
    ...(mark && mark.length >= 4 ? { mark: mark.readUInt32LE(0) } : {}),
    info: infoOf(told.get(INET_DIAG_INFO), body[0] === AF_INET6 ? 40 : 20),
  };
}

/** TCPI_OPT_TIMESTAMPS, and what they take of each segment. */
const TIMESTAMPS = { bit: 1, bytes: 12 } as const;
const TCP_HEADER = 20;

/** struct tcp_info grows at its end with every kernel: linux/tcp.h. `header`: of IP, in bytes. */
function infoOf(bytes: Buffer | undefined, header: number): TcpInfo | null {
  if (!bytes || bytes.length < 104) return null;
  const stamps = ((bytes[5] ?? 0) & TIMESTAMPS.bit) !== 0 ? TIMESTAMPS.bytes : 0;
  const trip = bytes.readUInt32LE(68);
  return {
    unacknowledged: bytes.readUInt32LE(24),
    lastDataSent: bytes.readUInt32LE(44),
    lastDataReceived: bytes.readUInt32LE(52),
    lastAckReceived: bytes.readUInt32LE(56),
    ...(bytes.length >= 136
      ? {
          acknowledged: Number(bytes.readBigUInt64LE(120)),
          received: Number(bytes.readBigUInt64LE(128)),
          headers: header + TCP_HEADER + stamps,
        }
      : {}),
    ...(trip > 0 ? { roundTrip: trip / 1000 } : {}),
    window: bytes.length >= 232 ? bytes.readUInt32LE(228) : null,
  };
}
