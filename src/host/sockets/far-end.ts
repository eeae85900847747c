/**
 * The other ends of veths, asked of the kernel through the id their namespace has here: IFLA_TARGET_NETNSID and
 * IFA_TARGET_NETNSID (Linux 4.20). rtnetlink(7), include/uapi/linux/if_link.h, if_addr.h.
 */
import ipaddr from 'ipaddr.js';
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { EndName, FarEnd } from '../machine.ts';
import { errnoName, libc } from '../sys/libc.ts';
import { CannotEnter, inside } from '../sys/namespace.ts';

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const SOL_NETLINK = 270;
/** Without it the kernel ignores what a dump of addresses is narrowed to. */
const NETLINK_GET_STRICT_CHK = 12;
const [RTM_GETLINK, RTM_GETADDR] = [18, 22];
const [NLM_F_REQUEST, NLM_F_DUMP] = [1, 0x300];
const [NLMSG_ERROR, NLMSG_DONE] = [2, 3];
const [IFLA_ADDRESS, IFLA_IFNAME, IFLA_TARGET_NETNSID] = [1, 3, 46];
const [IFA_ADDRESS, IFA_LOCAL, IFA_TARGET_NETNSID] = [1, 2, 10];
const HEADER = 16;
const [IFINFOMSG, IFADDRMSG] = [16, 8];

interface Message {
  readonly type: number;
  readonly body: Buffer;
}

/** What each of `ends` is, null for one that is not there. Opens one socket; about 30 microseconds an end. */
export function farEnds(
  seenFrom: Netns | null,
  ends: readonly EndName[],
): Answer<readonly (FarEnd | null)[]> {
  const source = ['ip', '-d', 'address', 'show'];
  try {
    return inside(seenFrom, () => {
      const c = libc();
      const fd = c.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, 0);
      if (fd < 0) return notKnown('no-permission', `netlink socket: ${errnoName(c.errno())}`, source);
      try {
        c.setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, Buffer.from([1, 0, 0, 0]), 4);
        return known(
          ends.map((end) => farEnd(fd, end)),
          source,
        );
      } finally {
        c.close(fd);
      }
    });
  } catch (error) {
    if (!(error instanceof CannotEnter)) throw error;
    return notKnown('no-permission', error.message, source);
  }
}

function farEnd(fd: number, { nsid, ifindex }: EndName): FarEnd | null {
  const link = ask(fd, RTM_GETLINK, 0, IFINFOMSG, IFLA_TARGET_NETNSID, nsid, ifindex)[0];
  if (!link) return null;
  const about = attributes(link.body, IFINFOMSG);
  const mac = about.get(IFLA_ADDRESS);
  const addresses = ask(fd, RTM_GETADDR, NLM_F_DUMP, IFADDRMSG, IFA_TARGET_NETNSID, nsid, ifindex)
    // A kernel that does not narrow the dump gives the addresses of every link.
    .filter(({ body }) => body.readUInt32LE(4) === ifindex)
    .flatMap(({ body }) => {
      const found = attributes(body, IFADDRMSG);
      const own = found.get(IFA_LOCAL) ?? found.get(IFA_ADDRESS);
      return own ? [`${ipaddr.fromByteArray([...own]).toString()}/${body[1]}`] : [];
    });
  return {
    name: (about.get(IFLA_IFNAME) ?? Buffer.alloc(0)).toString('utf8').replace(/\0.*$/s, ''),
    mac: mac && mac.length === 6 ? mac.toString('hex').match(/../g)!.join(':') : null,
    addresses,
  };
}

/** One request, and every message of its answer; an error is an empty answer. */
function ask(
  fd: number,
  type: number,
  flags: number,
  size: number,
  attribute: number,
  nsid: number,
  ifindex: number,
): Message[] {
  const request = Buffer.alloc(HEADER + size + 8);
  request.writeUInt32LE(request.length, 0);
  request.writeUInt16LE(type, 4);
  request.writeUInt16LE(NLM_F_REQUEST | flags, 6);
  // Both headers carry the index in their second word.
  request.writeInt32LE(ifindex, HEADER + 4);
  request.writeUInt16LE(8, HEADER + size);
  request.writeUInt16LE(attribute, HEADER + size + 2);
  request.writeInt32LE(nsid, HEADER + size + 4);
  const kernel = Buffer.alloc(12);
  kernel.writeUInt16LE(AF_NETLINK, 0);
  const c = libc();
  if (c.sendto(fd, request, request.length, 0, kernel, kernel.length) < 0) return [];
  const messages: Message[] = [];
  const buffer = Buffer.alloc(32768);
  for (;;) {
    const length = c.recvfrom(fd, buffer, buffer.length, 0, null, null);
    if (length < HEADER) return messages;
    for (let at = 0; at + HEADER <= length; at += (buffer.readUInt32LE(at) + 3) & ~3) {
      const kind = buffer.readUInt16LE(at + 4);
      if (kind === NLMSG_ERROR || kind === NLMSG_DONE) return messages;
      const end = at + buffer.readUInt32LE(at);
      messages.push({ type: kind, body: Buffer.from(buffer.subarray(at + HEADER, end)) });
    }
    if (flags === 0) return messages;
  }
}

function attributes(body: Buffer, from: number): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = from; at + 4 <= body.length; at += (body.readUInt16LE(at) + 3) & ~3) {
    const length = body.readUInt16LE(at);
    if (length < 4) break;
    // The two highest bits mark nesting and byte order.
    found.set(body.readUInt16LE(at + 2) & 0x3fff, body.subarray(at + 4, at + length));
  }
  return found;
}
