/** Sockets of a namespace as sock_diag(7) is asked for them: struct inet_diag_req_v2 of linux/inet_diag.h. */
import { exchange } from './netlink.ts';

export const NETLINK_SOCK_DIAG = 4;
const SOCK_DIAG_BY_FAMILY = 20;
export const [IPPROTO_TCP, IPPROTO_UDP] = [6, 17];
/** Size of the question, and of struct inet_diag_msg, behind which attributes follow. */
const REQUEST = 56;
export const INET_DIAG_MSG = 72;

export interface DiagAsked {
  /** AF_*, IPPROTO_* */
  readonly family: number;
  readonly protocol: number;
  /** A bit for each state: net/tcp_states.h. */
  readonly states: number;
  /** A bit for each attribute that is told only to who asks for it. */
  readonly extensions?: number;
}

/** False where the kernel cannot tell of this protocol. */
export function dumpSockets(
  fd: number,
  { family, protocol, states, extensions = 0 }: DiagAsked,
  onSocket: (message: Buffer) => void,
): boolean {
  const body = Buffer.alloc(REQUEST);
  body[0] = family;
  body[1] = protocol;
  body[2] = extensions;
  body.writeUInt32LE(states, 4);
  return exchange(fd, { type: SOCK_DIAG_BY_FAMILY, dump: true, body }, onSocket);
}
