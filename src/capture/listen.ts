/** One packet socket at each interface: what passes it, in its own words, and how much of it was lost there. */
import { setTimeout } from 'node:timers/promises';
import type { Machine, PacketFrame, PacketSocket } from '../host/machine.ts';
import { RING_LAG } from '../host/sockets/packet-ring.ts';
import { wallOffset } from '../host/sys/wall-clock.ts';
import { cannotLook, type Failure, wrongCall } from '../model/failure.ts';
import { plain } from '../words/text.ts';
import type { SpotFilter } from './filter.ts';
import { cooked, withEthernet } from './frame-bytes.ts';
import type { Seen, Spot } from './spot.ts';

export interface Listening {
  /** By the clock that stamps frames: nanoseconds since 1970. */
  now(): bigint;
  /** So long after it passed, a frame is there to be handed over. Nanoseconds. */
  readonly lag: bigint;
  /** Hands over what is there already: false where more comes than is read within so many milliseconds. */
  drain(milliseconds: number): Promise<boolean>;
  /** From now on nothing passes: what is counted afterwards is what was handed over, and what was lost. */
  close(): void;
  /** Of each spot, frames that passed its filter, and those of them for which the kernel had no room. */
  counts(): readonly Count[];
  stop(): Promise<unknown>;
}

export interface Count {
  readonly seen: number;
  readonly lost: number;
}

export interface Taking {
  readonly ethernet: boolean;
  /** Bytes of a frame. */
  readonly snaplen: number;
}

/** Bytes that the kernel keeps for each socket until they are read. */
const ROOM = 8 * 1024 * 1024;

const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/;
/** Do the frames of all of them begin with an Ethernet header? */
export const allEthernet = (spots: readonly Spot[]): boolean =>
  spots.every(({ mac, kind }) => mac !== null && MAC.test(mac) && !/^(wireguard|ipip|sit|gre)$/.test(kind));

/** @throws Failure for a filter that is none (exit 2), or where it may not listen (3); nothing stays open then */
export function listen(
  machine: Machine,
  spots: readonly Spot[],
  filters: readonly SpotFilter[],
  { ethernet, snaplen }: Taking,
  onSeen: (seen: Seen) => void,
): Listening {
  const offset = wallOffset();
  let told = 0;
  const sockets: (PacketSocket | null)[] = [];
  const stop = () => Promise.all(sockets.map((socket) => socket?.stop()));
  for (const [spot, { netns, ifindex, label }] of spots.entries()) {
    const { filter, applies } = filters[spot]!;
    if (!applies) {
      sockets.push(null);
      continue;
    }
    const take = (frame: PacketFrame): void => {
      told++;
      const { direction, protocol: type } = frame;
      const bytes = ethernet ? withEthernet(frame) : cooked(frame);
      onSeen({ spot, at: frame.stamp ?? frame.at + offset, direction, type, ...bytes });
    };
    const layer = ethernet ? 'ethernet' : 'network';
    const plan = { filter, layer, snaplen, room: ROOM, devices: [ifindex], ring: true } as const;
    const socket = machine.packets(netns, plan, take);
    if (!socket.known) {
      void stop();
      throw refusal(label, filter, socket.detail);
    }
    sockets.push(socket.value);
  }
  return {
    now: () => machine.now() + wallOffset(),
    lag: RING_LAG,
    async drain(milliseconds) {
      const until = machine.now() + BigInt(milliseconds) * 1_000_000n;
      let before = -1;
      while (before !== told && machine.now() < until) {
        before = told;
        for (const socket of sockets) socket?.look();
        // A turn takes only so much, and others have theirs.
        await new Promise((resolve) => setImmediate(resolve));
      }
      return before === told;
    },
    close() {
      for (const socket of sockets) socket?.onlyOn([]);
    },
    counts: () => sockets.map((socket) => socket?.statistics() ?? { seen: 0, lost: 0 }),
    stop,
  };
}

/** How long what passed before the end is read. Milliseconds. */
const REST = 500;

/** Lets nothing more pass; resolves when what passed until then has been handed over. */
export async function readRest(listening: Listening): Promise<void> {
  listening.close();
  await setTimeout(Number(listening.lag / 1_000_000n));
  await listening.drain(REST);
}

export function refusal(label: string, filter: string, detail: string): Failure {
  if (/^filter: |syntax error|unknown (host|port)|illegal/.test(detail))
    return wrongCall(
      'wrong-filter',
      `"${plain(filter)}" cannot be a filter at ${label}: ${plain(detail.replace(/^filter: /, ''))}.`,
      'pcap-filter(7) says what one is: tcp port 443, host 198.51.100.1, icmp or arp',
    );
  return cannotLook(
    'no-capture',
    `Nothing can be captured at ${label}: ${plain(detail)}.`,
    'Run it as root: sudo netdoctor capture …',
  );
}
