/** Listens at every hop of a way, and tells which probe was seen where. */
import { allEthernet, type Listening } from '../capture/listen.ts';
import { listenOn } from '../capture/listen-on.ts';
import { networkPart, type Seen, type Spot } from '../capture/spot.ts';
import type { Machine } from '../host/machine.ts';
import type { Recognised } from '../probe/kind.ts';
import { decodeNetwork, type Packet } from '../wire/packet.ts';

export interface Hearing {
  /** What a packet is to the probes that are under way. */
  recognise(packet: Packet): Recognised | null;
  see(recognised: Recognised, seen: Seen): void;
}

export interface AtHops {
  readonly listening: Listening;
  readonly ethernet: boolean;
  /** Hands over what has been seen until now, in time: of a connection, the first hop tells which probe it is. */
  told(hear: Hearing): Promise<void>;
  /** Of each hop, frames for which the kernel had no room. */
  missed(): readonly number[];
  /** Listens no more: a namespace lives as long as somebody listens in it. */
  close(): Promise<unknown>;
  isClosed(): boolean;
}

/** Bytes of a frame: the headers, and what a probe is known by. */
const SNAPLEN = 192;
/** How long what is there is read at once. Milliseconds. */
const TURN = 25;
/** Frames that wait for the next turn, since nobody knows yet whose they are. */
const WAITING = 1000;

/** @throws Failure where it may not listen */
export async function listenAt(
  machine: Machine,
  spots: readonly Spot[],
  watched: readonly boolean[],
  filter: string,
): Promise<AtHops> {
  let frames: Seen[] = [];
  let waiting: Seen[] = [];
  const ethernet = allEthernet(spots.filter((_, hop) => watched[hop]));
  const filters = spots.map((_, hop) => ({ filter, says: null, applies: watched[hop] === true }));
  const listening = await listenOn(machine, spots, filters, { ethernet, snaplen: SNAPLEN }, (seen) => {
    frames.push(seen);
  });
  const lost = (): number[] => listening.counts().map((count) => count.lost);
  let closed: { readonly missed: readonly number[]; readonly over: Promise<unknown> } | null = null;
  return {
    listening,
    ethernet,
    missed: () => closed?.missed ?? lost(),
    close() {
      closed ??= { missed: lost(), over: listening.stop() };
      return closed.over;
    },
    isClosed: () => closed !== null,
    async told(hear) {
      if (closed) return;
      await listening.drain(TURN);
      // One hop may be read before another: what may be followed by something earlier is left for later.
      const until = listening.now() - listening.lag;
      const all = [...waiting, ...frames].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
      const late = new Set(waiting);
      frames = [];
      waiting = [];
      for (const seen of all) {
        if (seen.at > until) {
          frames.push(seen);
          continue;
        }
        const packet = decodeNetwork(networkPart(seen), seen.type, null);
        const recognised = packet && hear.recognise(packet);
        if (recognised) hear.see(recognised, seen);
        else if (!late.has(seen) && waiting.length < WAITING) waiting.push(seen);
      }
    },
  };
}
