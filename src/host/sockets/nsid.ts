/** The id a namespace has in the eyes of another: RTM_GETNSID, rtnetlink(7), include/uapi/linux/net_namespace.h. */
import { closeSync, openSync } from 'node:fs';
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import { errnoName, libc } from '../sys/libc.ts';
import { CannotEnter, inside } from '../sys/namespace.ts';

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const NETLINK_ROUTE = 0;
const RTM_GETNSID = 90;
const NLM_F_REQUEST = 1;
const NETNSA_NSID = 1;
const NETNSA_FD = 3;
const HEADER = 16;
const RTGENMSG = 4;

/** Null: that namespace has no id here, so no link of this one leads there. */
export function nsidOf(of: Netns, seenFrom: Netns | null): Answer<number | null> {
  const source = ['ip', 'netns', 'list-id'];
  try {
    const door = openSync(of.path, 'r');
    try {
      return inside(seenFrom, () => ask(door, source));
    } finally {
      closeSync(door);
    }
  } catch (error) {
    const errno = error instanceof CannotEnter ? error.errno : (error as NodeJS.ErrnoException).code;
    return notKnown(errno === 'ENOENT' ? 'vanished' : 'no-permission', `${of.path}: ${errno}`, source);
  }
}

function ask(door: number, source: readonly string[]): Answer<number | null> {
  const c = libc();
  const fd = c.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return notKnown('no-permission', `netlink socket: ${errnoName(c.errno())}`, source);
  try {
    const request = Buffer.alloc(HEADER + RTGENMSG + 8);
    request.writeUInt32LE(request.length, 0);
    request.writeUInt16LE(RTM_GETNSID, 4);
    request.writeUInt16LE(NLM_F_REQUEST, 6);
    request.writeUInt16LE(8, HEADER + RTGENMSG);
    request.writeUInt16LE(NETNSA_FD, HEADER + RTGENMSG + 2);
    request.writeUInt32LE(door, HEADER + RTGENMSG + 4);
    const kernel = Buffer.alloc(12);
    kernel.writeUInt16LE(AF_NETLINK, 0);
    if (c.sendto(fd, request, request.length, 0, kernel, kernel.length) < 0)
      return notKnown('unreadable', `netlink: ${errnoName(c.errno())}`, source);
    const reply = Buffer.alloc(256);
    const length = c.recvfrom(fd, reply, reply.length, 0, null, null);
    // NLMSG_ERROR instead of an RTM_NEWNSID.
    if (length < HEADER + RTGENMSG + 8 || reply.readUInt16LE(4) === 2)
      return notKnown('unreadable', 'the kernel did not name the namespace', source);
    for (let at = HEADER + RTGENMSG; at + 8 <= length; at += (reply.readUInt16LE(at) + 3) & ~3) {
      if (reply.readUInt16LE(at + 2) !== NETNSA_NSID) continue;
      const id = reply.readInt32LE(at + 4);
      return known(id < 0 ? null : id, source);
    }
    return known(null, source);
  } finally {
    c.close(fd);
  }
}
