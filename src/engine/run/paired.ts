/**
 * Which connections a program has opened for those that it accepted: both are in the hands of the same process, or nobody could see
 * in whose they are.
 */
import { allHoldersOf } from '../../discover/socket-holders.ts';
import type { Machine } from '../../host/machine.ts';
import { destination } from '../../model/flow.ts';
import type { Netns } from '../../model/netns.ts';
import type { Holder, SocketState } from '../../model/socket.ts';

export interface End {
  readonly address: string;
  readonly port: number;
}

/** Accepted ones, each with an own one, to one end. */
export interface Paired {
  readonly accepted: readonly SocketState[];
  /** In the order of those. */
  readonly own: readonly SocketState[];
  /** Own ones to that end that belong to none of them. */
  readonly over: number;
  /** Null where nobody could see whose one of them is. */
  readonly holder: Holder | null;
  readonly to: End;
}

export const endOf = (one: SocketState): End => ({ address: one.destination, port: one.destinationPort });

export const isTo =
  (end: End) =>
  (other: End): boolean =>
    destination(other) === destination(end);

/** Where they lead, each once. */
export const endsAmong = (opened: readonly SocketState[]): End[] => [
  ...new Map(opened.map((one) => [destination(endOf(one)), endOf(one)])).values(),
];

/** One for each end to which some of them have an own one. */
export function pairedIn(
  machine: Machine,
  netns: Netns,
  accepted: readonly SocketState[],
  opened: readonly SocketState[],
): Paired[] {
  const wanted = new Set([...accepted, ...opened].map(({ inode }) => inode));
  const holders = allHoldersOf(machine, netns.inode, wanted);
  const isUnknown = ({ inode }: SocketState): boolean => holders[inode] === undefined;
  const pids = ({ inode }: SocketState): number[] => (holders[inode] ?? []).map(({ pid }) => pid);
  return endsAmong(opened).flatMap((end) => {
    const there = opened.filter((one) => isTo(end)(endOf(one)));
    const pairs = accepted.flatMap((one) => {
      const seen = there.findIndex((other) => pids(other).some((pid) => pids(one).includes(pid)));
      const at = seen < 0 ? there.findIndex((other) => isUnknown(one) || isUnknown(other)) : seen;
      return at < 0 ? [] : [{ one, own: there.splice(at, 1)[0]! }];
    });
    const [first] = pairs;
    if (!first) return [];
    const [of, own] = [pairs.map(({ one }) => one), pairs.map((pair) => pair.own)];
    const isSeen = ![...of, ...own].some(isUnknown);
    const holder = (isSeen && holders[first.own.inode]?.[0]) || null;
    return [{ accepted: of, own, over: there.length, holder, to: end }];
  });
}
