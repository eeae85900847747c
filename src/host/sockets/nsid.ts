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
  const told = nsidsOf([of], seenFrom);
  return told.known ? told.value[0]! : told;
}

/** As of each by itself, over one socket: a host may have a thousand. */
export const nsidsOf = (
  all: readonly Netns[],
  seenFrom: Netns | null,
): Answer<readonly Answer<number | null>[]> =>
  withNetlink(seenFrom, source, (fd) => all.map((one) => throughDoor(fd, one)));

function throughDoor(fd: number, { path }: Netns): Answer<number | null> {
  let door: number;
  try {
    door = openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return notKnown(code === 'ENOENT' ? 'vanished' : 'no-permission', `${path}: ${code}`, source);
  }
  try {
    const told = ask(fd, door);
    return told === undefined
      ? notKnown('unreadable', 'the kernel did not name the namespace', source)
      : known(told, source);
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
