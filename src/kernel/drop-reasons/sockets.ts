/**
 * Drops at the socket: net/ipv4/tcp_ipv4.c, tcp_input.c, udp.c, net/core/sock.c. NO_SOCKET since 5.17, TCP_* since 5.18.
 */
import type { DropTable } from '../drop-meaning.ts';

const closed = { checks: 'its connection is closed, or was never open, on this side' };
const stale = { checks: 'it repeats or contradicts what the connection has seen already' };
const signed = {
  checks: 'the signature of the TCP connection (MD5, TCP-AO) is missing or wrong',
  decides: 'keys at both ends',
};
const checksum = {
  checks: 'its checksum is wrong',
  decides: 'offload settings: ethtool -k, at the sender and on every interface of the way',
  setBy: 'checksum offload over tunnels and virtual devices',
  mends: 'ethtool -K INTERFACE tx off where the packet begins',
};
const nobody = {
  checks: 'no socket of this namespace takes it: nobody listens on that address and port',
  decides: 'ss -ltnup in the namespace where it arrived',
  setBy: 'a service that does not run; a TPROXY rule whose packet lost its socket (br_netfilter)',
  mends: 'the service on that address and port',
};

/** Where a kernel gives no reason, the function alone does not tell which of them it was. */
const untaken = {
  checks: 'no socket of this namespace takes it, or its checksum is wrong',
  decides: 'ss -ltnup in the namespace where it arrived; InCsumErrors of nstat -az there; ethtool -k',
};

export default {
  NO_SOCKET: nobody,
  tcp_v4_rcv: untaken,
  tcp_v6_rcv: untaken,
  SOCKET_CLOSE: closed,
  SOCKET_RCVBUFF: {
    checks: 'the receiving socket’s buffer is full: its program does not read',
    decides: 'ss -tunm, net.core.rmem_max',
    mends: 'the program, or a larger buffer',
  },
  SOCKET_BACKLOG: {
    checks: 'the receiving socket’s backlog is full',
    decides: 'net.core.rmem_max, the program',
  },
  TCP_LISTEN_OVERFLOW: {
    checks: 'the program that listens does not accept: its queue of new connections is full',
    decides: 'ss -ltn (Recv-Q over Send-Q), net.core.somaxconn',
    setBy: 'a program that is stopped, or overloaded',
    mends: 'the program, or a larger backlog',
  },
  TCP_MINTTL: { checks: 'its TTL is smaller than the program asks (IP_MINTTL)', decides: 'the program' },
  TCP_CSUM: checksum,
  UDP_CSUM: checksum,
  ICMP_CSUM: checksum,
  IP_CSUM: checksum,
  TCP_AUTH_HDR: signed,
  TCP_MD5NOTFOUND: signed,
  TCP_MD5UNEXPECTED: signed,
  TCP_MD5FAILURE: signed,
  TCP_AONOTFOUND: signed,
  TCP_AOUNEXPECTED: signed,
  TCP_AOKEYNOTFOUND: signed,
  TCP_AOFAILURE: signed,
  TCP_FLAGS: { checks: 'its TCP flags make no sense in the state of its connection' },
  TCP_ABORT_ON_DATA: { checks: 'the program has closed, and data came after that' },
  TCP_ZEROWINDOW: { checks: 'the receiving program does not read: its window is closed' },
  TCP_OLD_DATA: stale,
  TCP_OVERWINDOW: { checks: 'its data lies outside of what the receiver may take' },
  TCP_OFOMERGE: stale,
  TCP_RFC7323_PAWS: {
    checks: 'its TCP timestamp is older than one seen before',
    setBy: 'several senders behind one address (NAT)',
  },
  TCP_RFC7323_PAWS_ACK: { checks: 'its TCP timestamp is older than one seen before' },
  TCP_RFC7323_TW_PAWS: {
    checks: 'its TCP timestamp is older than that of the connection that used these ports before',
    setBy: 'several senders behind one address (NAT), with the server reusing TIME_WAIT',
  },
  TCP_RFC7323_TSECR: { checks: 'its TCP timestamp answers one that was never sent' },
  TCP_OLD_SEQUENCE: stale,
  TCP_INVALID_SEQUENCE: { checks: 'its TCP sequence number lies outside of the window' },
  TCP_INVALID_END_SEQUENCE: { checks: 'it ends outside of the TCP window' },
  TCP_INVALID_ACK_SEQUENCE: { checks: 'it acknowledges what was never sent' },
  TCP_RESET: { checks: 'the other side ended the connection (RST)' },
  TCP_INVALID_SYN: { checks: 'a SYN came for a connection that exists' },
  TCP_CLOSE: closed,
  TCP_FASTOPEN: { checks: 'its fast-open data was refused', decides: 'net.ipv4.tcp_fastopen' },
  TCP_OLD_ACK: stale,
  TCP_TOO_OLD_ACK: stale,
  TCP_ACK_UNSENT_DATA: { checks: 'it acknowledges what was never sent' },
  TCP_OFO_QUEUE_PRUNE: {
    checks: 'memory is short: data that came out of order is forgotten',
    decides: 'net.ipv4.tcp_rmem',
  },
  TCP_OFO_DROP: {
    checks: 'memory is short: data that came out of order is not taken',
    decides: 'net.ipv4.tcp_rmem',
  },
  UNIX_DISCONNECT: { checks: 'the unix socket was disconnected' },
  UNIX_SKIP_OOB: { checks: 'out-of-band data of a unix socket was passed over' },
} satisfies DropTable;
