/** Sockets that take what comes: sock_diag(7), struct inet_diag_msg of linux/inet_diag.h. */
import type { ListenerTold } from '../../kernel-told.ts';
import { AF_INET, AF_INET6 } from '../../sys/address.ts';
import { attributes, exchange } from '../netlink.ts';
import { addressText } from '../network/address-text.ts';
import type { Teller } from './teller.ts';

const NETLINK_SOCK_DIAG = 4;
const SOCK_DIAG_BY_FAMILY = 20;
const [REQUEST, MESSAGE] = [56, 72];
/** Does an IPv6 socket leave IPv4 to others? Told of those that listen. */
const INET_DIAG_SKV6ONLY = 11;
/** By protocol, the states in which it listens: LISTEN, and of UDP the one that is no connection. net/tcp_states.h */
const PROTOCOLS = [
  ['udp', 17, 1 << 7],
  ['tcp', 6, 1 << 10],
] as const;
const MOST = 20_000;

export const listeners: Teller<'listeners'> = {
  source: ['ss', '-lntu'],
  protocol: NETLINK_SOCK_DIAG,
  tell(fd) {
    const found: ListenerTold[] = [];
    for (const [proto, number, states] of PROTOCOLS)
      for (const family of [AF_INET, AF_INET6]) {
        const body = Buffer.alloc(REQUEST);
        body[0] = family;
        body[1] = number;
        body.writeUInt32LE(states, 4);
        const isTold = exchange(fd, { type: SOCK_DIAG_BY_FAMILY, dump: true, body }, (answer) => {
          if (found.length <= MOST) found.push(listenerOf(answer, proto));
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
    attributes(body, MESSAGE).get(INET_DIAG_SKV6ONLY)?.[0] === 0;
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
