/** Which flows of a namespace's programs do not get on now, worked out from its sockets and the host's connection tracking. */
import { familyOf } from '../model/ends.ts';
import type { Tracked } from '../model/facts.ts';
import type { Failing } from '../model/failing.ts';
import type { EchoSocket, SocketState } from '../model/socket.ts';
import type { Neighbour } from '../model/stack.ts';
import { isLoopback } from './arrival.ts';
import { countedOf, type Kept, missing } from './carried.ts';
import { leftOpen, type Pile } from './left-open.ts';
import { isForMany } from './one-to-many.ts';
import { isUnheld, stalled } from './stalled.ts';
import { waitedFor } from './syn-timer.ts';

const DNS_PORT = 53;

/** An entry of connection tracking that only ever saw one direction, and how long ago. */
export interface OneWay {
  readonly entry: Tracked;
  /** Milliseconds since its last packet; null where that cannot be told. */
  readonly age: number | null;
}

/** Packets that went out longer ago belong to what was tried, not to what is being tried. Milliseconds. */
const FRESH = 10_000;

export const isFresh = ({ age }: OneWay): boolean => age !== null && age <= FRESH;

export interface FailingLooks {
  /** Two looks at the sockets, some milliseconds apart. */
  readonly before: readonly SocketState[];
  readonly after: readonly SocketState[];
  readonly neighbours: readonly Neighbour[];
  /** Entries whose first packet came from the namespace. */
  readonly entries: readonly Tracked[];
  /** For how long the host keeps those of TCP; null: nobody told. */
  readonly kept: Kept | null;
  readonly oneWay: readonly OneWay[];
  /** The address under which the host reaches a port of the namespace; null: it has none. */
  readonly own: string | null;
  /** Sockets that ping. */
  readonly echoing: readonly EchoSocket[];
  /** Broadcast addresses of its networks. */
  readonly broadcasts: readonly string[];
}

type Found = Omit<Failing, 'holder' | 'source' | 'times'> & { readonly inode: number };
/** Without its program, by the inodes of its sockets. */
export type FailingSockets = Omit<Failing, 'holder' | 'source'> & { readonly inodes: readonly number[] };

/**
 * What only connection tracking tells of comes last, and so does what it has counted. Behind all of it whoever waits for a
 * program of its own namespace: that one may wait for what stands before.
 */
const rank = ({ how, from, address }: Pick<Found, 'how' | 'from' | 'address'>): number =>
  (how === 'unanswered' || how === 'starved' ? 1 : 0) + (from === 'container' && isLoopback(address) ? 2 : 0);

/**
 * Each flow once, what has lasted longest first, what connection tracking tells of last. One moment proves little:
 * a SYN must have been repeated, or be there in both looks; what waits for a name server, or for an accept(), too.
 */
export function failing(looks: FailingLooks): FailingSockets[] {
  const counted = countedOf(looks.entries);
  const found = [
    ...looks.after.flatMap((socket) => ofSocket(socket, looks, counted(socket))),
    ...leftOpen(looks.after).flatMap(ofPile),
    ...unanswered(looks),
  ].sort((a, b) => rank(a) - rank(b));
  const flows = new Map<string, FailingSockets>();
  for (const { inode, ...one } of found) {
    const key = `${one.from} ${one.proto} ${one.address} ${one.port}`;
    const same = flows.get(key);
    // What a socket tells is more than what an entry of its own packets does.
    if (same && one.how === 'unanswered' && same.how !== 'unanswered') continue;
    flows.set(key, {
      ...one,
      ...same,
      since: longest(one.since, same?.since ?? null),
      times: (same?.times ?? 0) + 1,
      inodes: [...(same?.inodes ?? []), ...(inode === 0 ? [] : [inode])],
    });
  }
  return [...flows.values()].sort((a, b) => rank(a) - rank(b) || (b.since ?? 0) - (a.since ?? 0));
}

const longest = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other);

function ofSocket(socket: SocketState, looks: FailingLooks, entry: Tracked | undefined): Found[] {
  const { before, neighbours, own } = looks;
  const { family, inode, state, retransmits, destination: address } = socket;
  const towards = { from: 'container' as const, address, port: socket.destinationPort, family, inode };
  const stays = (): boolean =>
    inode !== 0 && before.some((one) => one.inode === inode && one.state === state);
  if (socket.proto === 'udp') {
    const isAsking = state === 'ESTAB' && socket.destinationPort === DNS_PORT && stays();
    if (!isAsking || isAnswered(socket, looks.entries)) return [];
    return [{ ...towards, how: 'asking', proto: 'dns', since: null }];
  }
  if (state === 'SYN-SENT') {
    const again = before.some(
      (one) =>
        one.state === 'SYN-SENT' &&
        one.destination === address &&
        one.destinationPort === socket.destinationPort,
    );
    if (retransmits === 0 && !again && !isUnheld(address, neighbours)) return [];
    return [{ ...towards, how: 'connecting', proto: 'tcp', since: waitedFor(retransmits) }];
  }
  const still = stalled(socket);
  if (still) return [{ ...towards, ...still, proto: 'tcp' }];
  if (missing(socket, entry, looks.kept) !== null)
    return [{ ...towards, how: 'starved', proto: 'tcp', since: socket.info?.lastDataReceived ?? null }];
  // sk_acceptq_is_full(): one more than may wait does.
  if (state === 'LISTEN' && socket.receiveQueue > socket.sendQueue && stays()) {
    const at = /^(0\.0\.0\.0|::)$/.test(socket.source) ? own : socket.source;
    if (at === null || isLoopback(at)) return [];
    const listens = { address: at, port: socket.sourcePort, family: familyOf(at), inode };
    return [{ ...listens, how: 'backlog', from: 'host', proto: 'tcp', since: null }];
  }
  return [];
}

/** Each of the pile, so that it is counted. */
const ofPile = ({ end, address, port, sockets, listener, since }: Pile): Found[] =>
  isLoopback(address) && end === 'here'
    ? []
    : sockets.map(({ family, inode }) => ({
        how: 'left-open',
        from: end === 'here' ? 'host' : 'container',
        proto: 'tcp',
        address,
        port,
        family,
        since,
        inode: listener?.inode ?? inode,
      }));

/** Has the host's connection tracking seen an answer to this socket? What it does not track it tells nothing of. */
const isAnswered = (socket: SocketState, entries: readonly Tracked[]): boolean =>
  entries.some(
    ({ original, proto, flags }) =>
      proto === 'udp' &&
      original.sourcePort === socket.sourcePort &&
      original.destination === socket.destination &&
      !flags.includes('UNREPLIED'),
  );

const PROTOS: Readonly<Record<string, Failing['proto']>> = {
  tcp: 'tcp',
  udp: 'udp',
  icmp: 'icmp',
  icmpv6: 'icmp',
};

/**
 * What went out and was not answered, from a socket that is there still, and is nothing that is meant for many. An entry alone
 * does not tell who sent: it outlives its socket, and may be one of an earlier look at the namespace from outside.
 */
function unanswered(looks: FailingLooks): Found[] {
  const { oneWay, broadcasts } = looks;
  return oneWay.flatMap(({ entry, age }): Found[] => {
    const { destination: address, destinationPort: port } = entry.original;
    const proto = PROTOS[entry.proto];
    if (proto === undefined || !isFresh({ entry, age })) return [];
    if (isForMany(address) || broadcasts.includes(address)) return [];
    const inode = senderOf(entry, looks);
    if (inode === undefined) return [];
    const isName = proto === 'udp' && port === DNS_PORT;
    return [
      {
        how: isName ? 'asking' : 'unanswered',
        from: 'container',
        proto: isName ? 'dns' : proto,
        address,
        port: proto === 'icmp' ? null : port,
        family: familyOf(address),
        since: null,
        inode,
      },
    ];
  });
}

/** The inode of a socket from which it may have come; undefined where there is none any more. */
function senderOf(
  { proto, original, text }: Tracked,
  { before, after, echoing }: FailingLooks,
): number | undefined {
  const family = familyOf(original.destination);
  const sender = proto.startsWith('icmp')
    ? echoing.find(
        (one) =>
          one.family === family && (one.identifier === null || text.includes(` id=${one.identifier} `)),
      )
    : [...after, ...before].find(
        (one) =>
          one.proto === proto &&
          one.inode !== 0 &&
          one.sourcePort === original.sourcePort &&
          (one.state === 'UNCONN' || one.destination === original.destination),
      );
  return sender?.inode;
}
