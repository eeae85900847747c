/** Which connections do not get on, worked out from two looks at a namespace's sockets. */
import type { Ailment } from '../model/ailment.ts';
import { carrier, type Flow } from '../model/flow.ts';
import type { SocketState } from '../model/socket.ts';
import type { Neighbour } from '../model/stack.ts';
import { leftOpen, type Pile } from './left-open.ts';
import { isUnheld, stalled } from './stalled.ts';
import { waitedFor } from './syn-timer.ts';

export interface Looks {
  readonly before: readonly SocketState[];
  readonly after: readonly SocketState[];
  readonly neighbours: readonly Neighbour[];
  readonly flow: Flow;
  /** Every address that the asked name has now; the asked address alone where no name was asked. */
  readonly addresses: readonly string[];
}

type Found = Omit<Ailment, 'holder'>;

/**
 * Connections towards the asked end that suffer, and, where a name was asked, those to the same port of an address that
 * is none of its own. One moment proves little: a SYN must have been repeated, or be there in both looks, or nobody has
 * the address.
 */
export function suffering({ before, after, neighbours, flow, addresses }: Looks): Found[] {
  const { port } = flow;
  const isName = flow.to.split(':')[0] !== flow.address && !flow.to.includes(flow.address);
  const asked = (one: SocketState): boolean => port === null || one.destinationPort === port;
  const towards = (one: SocketState): boolean =>
    one.proto === 'tcp' && one.destination === flow.address && asked(one);
  const elsewhere = (one: SocketState): boolean =>
    isName && one.proto === 'tcp' && port !== null && asked(one) && !addresses.includes(one.destination);
  const isConnecting = ({ state }: SocketState): boolean => state === 'SYN-SENT';
  const both = (one: SocketState): boolean =>
    [before, after].every((look) =>
      look.some((other) => isConnecting(other) && other.destination === one.destination && asked(other)),
    );
  const found: Found[] = [];
  for (const socket of newest(before, after)) {
    const isElsewhere = elsewhere(socket);
    if (!isElsewhere && !towards(socket)) continue;
    if (isConnecting(socket)) {
      // What has just been asked for the first time may be answered yet.
      const stuck = socket.retransmits > (isElsewhere ? 0 : 1);
      if (!stuck && !(isElsewhere && (both(socket) || isUnheld(socket.destination, neighbours)))) continue;
      found.push({ kind: 'connecting', socket, since: waitedFor(socket.retransmits), isElsewhere });
    } else if (socket.state === 'ESTAB') {
      const still = stalled(socket);
      if (still) found.push({ kind: still.how, socket, since: still.since, isElsewhere });
      else if (!isElsewhere && before.some(({ inode, state }) => inode === socket.inode && state === 'ESTAB'))
        found.push({ kind: 'idle', socket, since: socket.info?.lastDataReceived ?? null, isElsewhere });
    }
  }
  return [
    ...found,
    ...senders(before, after, flow),
    ...piled(after, (pile) => pile.end === 'there' && pile.sockets.some(towards)),
  ];
}

/** Sockets of a flow of datagrams that stay, and may send to its end: connected to it, or to nobody. udp(7) */
const senders = (before: readonly SocketState[], after: readonly SocketState[], flow: Flow): Found[] =>
  carrier(flow) !== 'udp'
    ? []
    : after
        .filter(
          (one) =>
            one.proto === 'udp' &&
            one.inode !== 0 &&
            (one.state === 'UNCONN' ||
              (one.destination === flow.address && one.destinationPort === flow.port)) &&
            before.some(({ inode }) => inode === one.inode),
        )
        .map((socket) => ({ kind: 'sending', socket, since: null, isElsewhere: false }));

/** Connections that came to these ports and that the program has not closed after the far end did. */
export const sufferingAt = (sockets: readonly SocketState[], ports: readonly number[]): Found[] =>
  piled(sockets, ({ end, port }) => end === 'here' && ports.includes(port));

/** Each pile as one ailment; of a pile that came, the listener tells whose it is. */
const piled = (sockets: readonly SocketState[], wanted: (pile: Pile) => boolean): Found[] =>
  leftOpen(sockets)
    .filter(wanted)
    .map(({ sockets: [first, ...others], listener, since }) => ({
      kind: 'left-open',
      socket: { ...first!, inode: listener?.inode ?? first!.inode },
      since,
      isElsewhere: false,
      others: others.length,
    }));

/** Each socket once, as it was last seen: what was there before, and is gone, was there. */
function newest(before: readonly SocketState[], after: readonly SocketState[]): SocketState[] {
  const later = new Set(after.map(({ inode }) => inode));
  return [...after, ...before.filter(({ inode, state }) => state === 'SYN-SENT' && !later.has(inode))];
}
