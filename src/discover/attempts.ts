/**
 * What a namespace's programs try while somebody looks, and that is refused or not answered: a socket that was refused is gone at
 * once, and of a program that gives up and tries again each is there for moments only.
 */
import { every } from '../host/clock.ts';
import type { Machine } from '../host/machine.ts';
import type { OwnPorts } from '../host/own-ports.ts';
import { type End, heard, isMute, keyOf, type Word, waiting, wordOf } from '../kernel/attempts.ts';
import type { Source } from '../model/answer.ts';
import type { Failing } from '../model/failing.ts';
import type { Netns } from '../model/netns.ts';
import type { SocketState } from '../model/socket.ts';
import { decodeNetwork, type Packet } from '../wire/packet.ts';
import { hasForwarded } from './has-forwarded.ts';
import { holdersOf } from './socket-holders.ts';

/** A RST over IPv4 or IPv6: pcap-filter(7) reads no TCP flags behind an IPv6 header by itself. */
const RESETS = '(tcp[tcpflags] & tcp-rst != 0) or (ip6[6] = 6 and ip6[53] & 4 != 0)';
/** With the packets that open a connection, datagrams, and pings with their answers. */
const FILTER = [
  RESETS,
  '(tcp[tcpflags] & tcp-syn != 0) or (ip6[6] = 6 and ip6[53] & 2 != 0)',
  'udp',
  '(icmp[0] = 8 or icmp[0] = 0)',
  '(ip6[6] = 58 and (ip6[40] = 128 or ip6[40] = 129))',
].join(' or ');
/** Headers are enough. */
const SNAPLEN = 128;
/** Of who sends more meanwhile nothing is said. */
const MOST = 5000;
/** One refusal is an attempt; a program that tries again has more of them. */
const AGAIN = 2;
/** Between two looks at the sockets: who waits for less is seen by his packets alone. Milliseconds. */
const BETWEEN = 50;
/** What looking at sockets may take in all: a proxy may have a hundred thousand. Milliseconds. */
const MOST_LOOKS = 100;
/** Whoever answers at all has done so by then, from nearly anywhere. Milliseconds. */
const SETTLED = 350;

/** A connection in any other state, TIME-WAIT included, was taken. */
const NEVER_STOOD = new Set<SocketState['state']>(['SYN-SENT', 'LISTEN', 'UNCONN']);

export interface Attempts {
  /**
   * Ends that refused again and again by now, the most often first, while no program has a connection to the same port; behind
   * them those of which nothing came back in time.
   */
  seen(): readonly Failing[];
  /** Is there an end that was refused once, or asked so lately that it may answer yet? */
  isOpen(): boolean;
  stop(): Promise<void>;
}

/** Begins to watch. A program that asks a name's addresses in turn is refused by one and taken by another: that is no failure. */
export function watchAttempts(
  machine: Machine,
  netns: Netns,
  isOwn: OwnPorts['isOwn'] = () => false,
): Attempts {
  const ends = new Map<string, End>();
  let packets = 0;
  const hear = (word: Word, at: bigint): void => {
    // What netdoctor itself asks, and is told, is no attempt of theirs.
    if (isOwn(word.from, netns)) return;
    ends.set(keyOf(word), heard(ends.get(keyOf(word)), word, at));
  };
  const links = machine.linksIn(netns);
  const own = new Set(
    (links.known ? links.value : []).flatMap(({ addresses }) => addresses.map((one) => one.split('/')[0])),
  );
  /** What it only passes on is no attempt of its programs: of a refusal of somebody else it counts that something came back. */
  const ofItsOwn = (packet: Packet, direction: 'in' | 'out'): Word | undefined => {
    const word = wordOf(packet, direction);
    if (!word || own.has(direction === 'out' ? packet.source : packet.destination)) return word;
    return word.is === 'asked' ? undefined : { ...word, is: 'answered' };
  };
  const plan = { filter: FILTER, snaplen: SNAPLEN };
  const socket = machine.packets(netns, plan, ({ bytes, protocol, senderMac, direction, at }) => {
    const packet = packets++ < MOST ? decodeNetwork(bytes, protocol, senderMac) : undefined;
    const word = packet && ofItsOwn(packet, direction);
    if (word) hear(word, at);
  });
  const all = (): End[] => {
    if (socket.known) socket.value.look();
    return packets > MOST ? [] : [...ends.values()];
  };
  const isLate = ({ since }: End): boolean =>
    since !== null && Number(machine.now() - since) / 1e6 >= SETTLED;
  let patience = MOST_LOOKS;
  /** What a rule of the namespace's own drops never crosses an interface: its socket waits for an answer. */
  const lookAtSockets = (): void => {
    if (patience <= 0) return;
    const began = machine.now();
    const sockets = machine.sockets(netns);
    for (const one of sockets.known ? sockets.value : []) {
      const word = waiting(one);
      if (word) hear(word, machine.now());
    }
    patience -= Number(machine.now() - began) / 1e6;
  };
  const cancel = every(machine, BETWEEN, lookAtSockets);
  return {
    seen() {
      const often = all()
        .filter(({ refused }) => refused >= AGAIN)
        .sort((a, b) => b.refused - a.refused);
      const found = [...often, ...all().filter((one) => isMute(one) && isLate(one))];
      if (found.length === 0) return [];
      const look = machine.sockets(netns);
      return told(machine, netns, found, look.known ? look.value : []);
    },
    isOpen: () => all().some((one) => one.refused === 1 || (isMute(one) && !isLate(one))),
    async stop() {
      cancel();
      if (socket.known) await socket.value.stop();
    },
  };
}

function told(
  machine: Machine,
  netns: Netns,
  ends: readonly End[],
  sockets: readonly SocketState[],
): Failing[] {
  const taken = new Set(
    sockets
      .filter(({ proto, state }) => proto === 'tcp' && !NEVER_STOOD.has(state))
      .map((one) => one.destinationPort),
  );
  const mine = ends.filter(({ refused, port }) => !(refused > 0 && port !== null && taken.has(port)));
  const socketOf = ({ from, proto }: End): number =>
    sockets.find((one) => one.sourcePort === from && (one.proto === 'tcp') === (proto === 'tcp'))?.inode ?? 0;
  const wanted = new Set(mine.map(socketOf).filter((inode) => inode !== 0));
  const holders = holdersOf(machine, netns.inode, wanted);
  const forwards = mine.some(isMute) && hasForwarded(machine, netns);
  return mine.flatMap((one): Failing[] => {
    const inode = socketOf(one);
    const holder = holders[inode] ?? null;
    // A socket that none of its processes has is somebody's who only visits: another netdoctor's, a debugger's.
    if (inode !== 0 && holder === null) return [];
    // What it passes on may have its own address: NAT has given it one.
    if (forwards && isMute(one) && holder === null) return [];
    const { proto, address, port, family, refused, since } = one;
    const how =
      refused > 0 ? 'refused' : proto === 'tcp' ? 'connecting' : proto === 'dns' ? 'asking' : 'unanswered';
    return [
      {
        ...{ how, from: 'container', proto, address, port, family, holder },
        times: Math.max(refused, 1),
        since: refused > 0 || since === null ? null : Number(machine.now() - since) / 1e6,
        source: shows(one),
      },
    ];
  });
}

const shows = ({ refused, address, port }: End): Source =>
  refused > 0
    ? ['tcpdump', '-ni', 'any', `src ${address} and (${RESETS})`]
    : [
        'tcpdump',
        '-ni',
        'any',
        `host ${address}${port === null ? ' and (icmp or icmp6)' : ` and port ${port}`}`,
      ];
