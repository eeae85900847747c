/** Sockets that take what comes: struct inet_diag_msg of linux/inet_diag.h. */
import type { ListenerTold } from '../../kernel-told.ts';
import { AF_INET, AF_INET6 } from '../../sys/address.ts';
import { dumpSockets, INET_DIAG_MSG, IPPROTO_TCP, IPPROTO_UDP, NETLINK_SOCK_DIAG } from '../inet-diag.ts';
import { attributes } from '../netlink.ts';
import { addressText } from '../network/address-text.ts';
import type { Teller } from './teller.ts';

/** Does an IPv6 socket leave IPv4 to others? Told of those that listen. */
const INET_DIAG_SKV6ONLY = 11;
/** By protocol, the states in which it listens: LISTEN, and of UDP the one that is no connection. net/tcp_states.h */
const PROTOCOLS = [
  ['udp', IPPROTO_UDP, 1 << 7],
  ['tcp', IPPROTO_TCP, 1 << 10],
] as const;
const MOST = 20_000;

export const listeners: Teller<'listeners'> = {
  source: ['ss', '-lntu'],
  protocol: NETLINK_SOCK_DIAG,
  tell(fd) {
    const found: ListenerTold[] = [];
    for (const [proto, protocol, states] of PROTOCOLS)
      for (const family of [AF_INET, AF_INET6]) {
        const isTold = dumpSockets(fd, { family, protocol, states }, (message) => {
          if (found.length <= MOST) found.push(listenerOf(message, proto));
        });
        if (!isTold) return null;
      }
    return found.length <= MOST ? found : null;
  },
};

function listenerOf(body: Buffer, proto: ListenerTold['proto']): ListenerTold {
  const isSix = body[0] === AF_INET6;
  const address = body.subarray(8, isSix ? 24 : 12);
  const takesBoth =
    isSix &&
    address.every((byte) => byte === 0) &&
    attributes(body, INET_DIAG_MSG).get(INET_DIAG_SKV6ONLY)?.[0] === 0;
  return {
    proto,
    family: isSix ? 6 : 4,
    address: takesBoth ? '*' : addressText(address),
    port: body.readUInt16BE(4),
    ifindex: body.readUInt32LE(40),
    backlog: body.readUInt32LE(56),
    backlogMax: body.readUInt32LE(60),
  };
}
