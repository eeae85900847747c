/**
 * Watches every interface of the namespaces that a flow touches, with one packet socket each: what passes beside the path,
 * an answer by another uplink or into a tunnel, is seen where no capture of a hop looks.
 */
import type { Machine, PacketFrame } from '../host/machine.ts';
import type { Side } from '../model/facts.ts';
import type { Netns } from '../model/netns.ts';
import { type Hop, type Path, watched as watchedHops } from '../model/path.ts';
import type { Passage, Unwatched } from '../model/sighting.ts';
import { decodeNetwork, outlineOf } from '../wire/packet.ts';
import { filterFor, recognise, type Watched } from './capture.ts';

export interface Watchable {
  readonly side: Side;
  readonly netns: Netns | null;
}

export interface PassageWitness {
  /** What was seen until now, in time. `origin`: nanoseconds of CLOCK_MONOTONIC that the moments count from. */
  read(origin: bigint): readonly Passage[];
  unwatched(): readonly Unwatched[];
  stop(): Promise<unknown>;
}

/** Frames of one run, in one namespace; a host that shows more of them is flooded. */
const MOST = 4000;

export function armPassages(
  machine: Machine,
  watchables: readonly Watchable[],
  path: Path,
  watched: readonly Watched[],
): PassageWitness {
  const filter = filterFor(path, watched);
  const posts = watchables.map(({ side, netns }) => {
    const frames: PacketFrame[] = [];
    const socket = machine.packets(netns, { filter }, (frame) => {
      if (frames.length < MOST) frames.push(frame);
    });
    return { side, netns, frames, socket, names: namesIn(machine, side, netns, watchedHops(path)) };
  });
  return {
    read: (origin) =>
      posts
        .flatMap(({ side, frames, socket, names }) => {
          if (socket.known) socket.value.look();
          return frames.flatMap((frame) => passage(frame, side, names, watched, origin) ?? []);
        })
        .sort((a, b) => a.at - b.at),
    unwatched: () =>
      posts.flatMap(({ side, socket }) => {
        if (!socket.known) return [{ where: side, because: socket.detail }];
        const { lost } = socket.value.statistics();
        return lost > 0 ? [{ where: side, because: `${lost} packets passed too fast to be looked at` }] : [];
      }),
    stop: () => Promise.all(posts.map(({ socket }) => (socket.known ? socket.value.stop() : undefined))),
  };
}

export interface Named {
  readonly name: string;
  readonly onPath: boolean;
}

export type Names = (ifindex: number) => Named | undefined;

/** Names of the interfaces of a namespace by index: those of the path are known, others are asked for when one is met. */
export function namesIn(machine: Machine, side: Side, netns: Netns | null, hops: readonly Hop[]): Names {
  const here = hops.filter(
    (hop) => hop.where === side && (!netns || !hop.netns || hop.netns.inode === netns.inode),
  );
  const own = new Map(here.map(({ link, name }) => [link.ifindex, { name, onPath: true }]));
  let others: Map<number, string> | undefined;
  return (ifindex) => {
    const known = own.get(ifindex);
    if (known) return known;
    if (!others?.has(ifindex)) {
      const links = machine.linksIn(netns);
      others = new Map(links.known ? links.value.map((link) => [link.ifindex, link.name]) : []);
    }
    const name = others.get(ifindex);
    return name === undefined ? undefined : { name, onPath: false };
  };
}

function passage(
  frame: PacketFrame,
  side: Side,
  names: Names,
  watched: readonly Watched[],
  origin: bigint,
): Passage | undefined {
  const mac = frame.direction === 'in' ? frame.senderMac : null;
  const packet = decodeNetwork(frame.bytes, frame.protocol, mac);
  const recognised = packet && recognise(watched, packet);
  const named = recognised && names(frame.ifindex);
  if (!packet || !recognised || !named) return undefined;
  return {
    hop: `${side}/${named.name}`,
    ...recognised,
    at: Number(frame.at - origin) / 1000,
    ...outlineOf(packet),
    where: side,
    device: named.name,
    heading: frame.direction,
    onPath: named.onPath,
    foreign: frame.foreign,
  };
}
