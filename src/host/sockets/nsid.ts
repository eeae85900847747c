/** The id a namespace has in the eyes of another: RTM_GETNSID, rtnetlink(7), include/uapi/linux/net_namespace.h. */
import { closeSync, openSync } from 'node:fs';
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import { number } from './attribute.ts';
import { attributes, exchange, withNetlink } from './netlink.ts';

const RTM_GETNSID = 90;
const NETNSA_NSID = 1;
const NETNSA_FD = 3;
/** Size of struct rtgenmsg, whose first byte is the family. */
const RTGENMSG = 4;

const source = ['ip', 'netns', 'list-id'];

/** Null: that namespace has no id here, so no link of this one leads there. */
export function nsidOf(of: Netns, seenFrom: Netns | null): Answer<number | null> {
  // Before the other one is entered: there the path of this process's own names that one.
  return throughDoor(of, (door) => {
    const told = withNetlink(seenFrom, source, (fd) => ask(fd, door));
    return told.known ? nameable(told.value) : told;
  });
}

/** As of each by itself; from here over one socket: a host may have a thousand. */
export const nsidsOf = (
  all: readonly Netns[],
  seenFrom: Netns | null,
): Answer<readonly Answer<number | null>[]> =>
  seenFrom === null
    ? withNetlink(null, source, (fd) => all.map((one) => throughDoor(one, (door) => nameable(ask(fd, door)))))
    : known(
        all.map((one) => nsidOf(one, seenFrom)),
        source,
      );

const nameable = (told: number | null | undefined): Answer<number | null> =>
  told === undefined
    ? notKnown('unreadable', 'the kernel did not name the namespace', source)
    : known(told, source);

function throughDoor({ path }: Netns, work: (door: number) => Answer<number | null>): Answer<number | null> {
  let door: number;
  try {
    door = openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return notKnown(code === 'ENOENT' ? 'vanished' : 'no-permission', `${path}: ${code}`, source);
  }
  try {
    return work(door);
  } finally {
    closeSync(door);
  }
}

/** Undefined where the kernel refuses, as for what is no namespace. */
function ask(fd: number, door: number): number | null | undefined {
  const body = Buffer.concat([Buffer.alloc(RTGENMSG), number(NETNSA_FD, door)]);
  let id: number | null | undefined;
  exchange(fd, { type: RTM_GETNSID, dump: false, body }, (answer) => {
    const told = attributes(answer, RTGENMSG).get(NETNSA_NSID)?.readInt32LE(0) ?? -1;
    id = told < 0 ? null : told;
  });
  return id;
}
