/** Questions to the kernel's rtnetlink, and its answers, as bytes: rtnetlink(7), netlink(7). */
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import { errnoName, int, libc } from '../sys/libc.ts';
import { answeredInside } from '../sys/namespace.ts';

export const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
export const SOL_NETLINK = 270;
/** Without it the kernel ignores what a dump of addresses is narrowed to. */
const NETLINK_GET_STRICT_CHK = 12;
const [NETLINK_CAP_ACK, NETLINK_EXT_ACK] = [10, 11];
const [NLM_F_REQUEST, NLM_F_DUMP] = [1, 0x300];
const [NLMSG_ERROR, NLMSG_DONE] = [2, 3];
const HEADER = 16;

export const [RTM_GETLINK, RTM_GETADDR] = [18, 22];
/** Sizes of struct ifinfomsg and struct ifaddrmsg; both carry the link's index in their second word. */
export const [IFINFOMSG, IFADDRMSG] = [16, 8];

/** A head of this size in a question about the link of this index; 0 for all. */
export function headAbout(ifindex: number, size: number = IFINFOMSG): Buffer {
  const head = Buffer.alloc(size);
  head.writeInt32LE(ifindex, 4);
  return head;
}

/** Size of struct nfgenmsg, whose first byte is the family. */
export const NFGENMSG = 4;

/** Which part of the kernel a socket asks: netlink(7). */
export const [NETLINK_ROUTE, NETLINK_NETFILTER] = [0, 12];

/**
 * Opens a socket in a namespace for the length of `work`, which must be synchronous. `source`: what shows the same by hand.
 * Known is what `work` gives; a namespace that cannot be entered, and a socket that cannot be had, are not.
 */
export function withNetlink<T>(
  where: Netns | null,
  source: readonly string[],
  work: (fd: number) => T,
  protocol = NETLINK_ROUTE,
): Answer<T> {
  return answeredInside(where, source, () => {
    const fd = netlinkSocket(protocol);
    if (fd < 0) return noSocket(errnoName(libc().errno()), source);
    try {
      return known(work(fd), source);
    } finally {
      libc().close(fd);
    }
  });
}

/** In the namespace that this thread is in, and the caller's to close; below zero where there is none, errno(3) says why. */
export function netlinkSocket(protocol = NETLINK_ROUTE): number {
  const c = libc();
  const fd = c.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol);
  if (fd >= 0) c.setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, int(1), 4);
  return fd;
}

/** The kernel has no such part, as one without sock_diag(7), or does not let this process speak to it. */
const noSocket = (errno: string, source: readonly string[]): Answer<never> =>
  notKnown(errno === 'EPROTONOSUPPORT' ? 'unsupported' : 'no-permission', `netlink socket: ${errno}`, source);

/** What the kernel sends into: thousands of questions would keep the collector busy with buffers of their own. */
let received: Buffer | undefined;
/** More the kernel puts into no datagram of a dump, however much room there is: netlink_recvmsg(), net/netlink/af_netlink.c. */
export const MOST_AT_ONCE = 32_768;

export interface Question {
  readonly type: number;
  readonly dump: boolean;
  readonly body: Buffer;
}

/**
 * One question, its body as it stands; `onBody` gets each answer's body, which is the kernel's only until it returns.
 * False where the kernel refused the question.
 */
export const exchange = (fd: number, question: Question, onBody: (body: Buffer) => void): boolean =>
  refusedOf(fd, question, onBody)?.atEnd !== false;

/**
 * Why the kernel refused. `atEnd`: it did so in the message that ends a dump, behind what it could tell. `isWorded`: it says
 * so in words of its own (NETLINK_EXT_ACK).
 */
export interface Refusal {
  readonly errno: number;
  readonly atEnd: boolean;
  readonly isWorded: boolean;
}

/** As `exchange`; null where the kernel answered to the end. */
export function refusedOf(fd: number, question: Question, onBody: (body: Buffer) => void): Refusal | null {
  const unsent = send(fd, question);
  if (unsent) return unsent;
  for (;;) {
    const end = receive(fd, onBody);
    if (end !== undefined) return end;
    if (!question.dump) return null;
  }
}

/** The next datagram; gives what `answersIn` does. */
export function receive(fd: number, onBody: (body: Buffer) => void): Refusal | null | undefined {
  received ??= Buffer.alloc(MOST_AT_ONCE);
  const length = libc().recvfrom(fd, received, received.length, 0, null, null);
  return length < HEADER ? failed(libc().errno()) : answersIn(received, length, onBody);
}

/** Null where the kernel has taken the question. */
export function send(fd: number, { type, dump, body }: Question): Refusal | null {
  const whole = HEADER + body.length;
  const request = roomFor(whole);
  request.writeUInt32LE(whole, 0);
  request.writeUInt16LE(type, 4);
  request.writeUInt16LE(NLM_F_REQUEST | (dump ? NLM_F_DUMP : 0), 6);
  body.copy(request, HEADER);
  // What has no address goes to the kernel.
  return libc().sendto(fd, request, whole, 0, null, 0) < 0 ? failed(libc().errno()) : null;
}

/**
 * Goes over the answers of one datagram. Undefined where nothing in it ends them; null where the kernel answered to the end.
 */
export function answersIn(
  datagram: Buffer,
  length: number,
  onBody: (body: Buffer) => void,
): Refusal | null | undefined {
  for (let at = 0; isMessageAt(datagram, at, length); at = behindMessage(datagram, at)) {
    const kind = datagram.readUInt16LE(at + 4);
    const answer = datagram.subarray(at + HEADER, at + datagram.readUInt32LE(at));
    if (kind === NLMSG_ERROR || kind === NLMSG_DONE)
      return refusalIn(kind, datagram.readUInt16LE(at + 6), answer);
    onBody(answer);
  }
  return undefined;
}

let asked: Buffer | undefined;

/** The kernel has read a question when it has been sent: thousands need no buffers of their own. Its header is empty. */
function roomFor(length: number): Buffer {
  if (!asked || asked.length < length) asked = Buffer.alloc(Math.max(length, 1024));
  return asked.fill(0, 0, HEADER);
}

const failed = (errno: number): Refusal => ({ errno, atEnd: false, isWorded: false });

/** The kernel added attributes to its refusal; the first kind of them is a sentence. */
const [NLM_F_ACK_TLVS, NLMSGERR_ATTR_MSG] = [0x200, 1];

/** struct nlmsgerr: a negative errno, and the head of what was asked. At the end of a dump stands the number alone. */
function refusalIn(kind: number, flags: number, body: Buffer): Refusal | null {
  const errno = body.length >= 4 ? -body.readInt32LE(0) : 0;
  if (errno === 0) return null;
  const atEnd = kind === NLMSG_DONE;
  const more = !atEnd && (flags & NLM_F_ACK_TLVS) !== 0;
  return { errno, atEnd, isWorded: more && attributes(body, 4 + HEADER).has(NLMSGERR_ATTR_MSG) };
}

/** Has the kernel say why it refuses, without the question in it: netlink(7). */
export function withWords(fd: number): void {
  for (const option of [NETLINK_CAP_ACK, NETLINK_EXT_ACK])
    libc().setsockopt(fd, SOL_NETLINK, option, int(1), 4);
}

interface Message {
  readonly type: number;
  readonly flags: number;
  readonly body: Buffer;
}

/** Is there a whole message at this place of so many bytes? One that cannot have the length that it says ends them. */
function isMessageAt(bytes: Buffer, at: number, until: number): boolean {
  if (at + HEADER > until) return false;
  const length = bytes.readUInt32LE(at);
  return length >= HEADER && length <= until - at;
}

const behindMessage = (bytes: Buffer, at: number): number => at + ((bytes.readUInt32LE(at) + 3) & ~3);

/** The messages of one datagram, as views of it. */
export function* messages(datagram: Buffer): Generator<Message> {
  for (let at = 0; isMessageAt(datagram, at, datagram.length); at = behindMessage(datagram, at))
    yield {
      type: datagram.readUInt16LE(at + 4),
      flags: datagram.readUInt16LE(at + 6),
      body: datagram.subarray(at + HEADER, at + datagram.readUInt32LE(at)),
    };
}

/** Attributes by their type: of several of one type the last. */
export interface Attributes {
  get(type: number): Buffer | undefined;
  has(type: number): boolean;
  types(): number[];
}

export const NO_ATTRIBUTES: Attributes = { get: () => undefined, has: () => false, types: () => [] };

/** The attributes of a message's body, which begin after its head; of a nested attribute at once. */
export const attributes = (body: Buffer, from = 0): Attributes => ({
  get: (type) => {
    const at = placeOf(body, from, type);
    return at < 0 ? undefined : body.subarray(at + 4, at + body.readUInt16LE(at));
  },
  has: (type) => placeOf(body, from, type) >= 0,
  types() {
    const all: number[] = [];
    for (let at = from; isOneAt(body, at); at = behind(body, at)) all.push(typeAt(body, at));
    return all;
  },
});

const lengthAt = (body: Buffer, at: number): number => body[at]! | (body[at + 1]! << 8);
/** The two highest bits mark nesting and byte order. */
const typeAt = (body: Buffer, at: number): number => body[at + 2]! | ((body[at + 3]! & 0x3f) << 8);
const isOneAt = (body: Buffer, at: number, until = body.length): boolean =>
  at + 4 <= until && lengthAt(body, at) >= 4;
const behind = (body: Buffer, at: number): number => at + ((lengthAt(body, at) + 3) & ~3);

/** -1 where there is none. */
function placeOf(body: Buffer, from: number, type: number): number {
  let found = -1;
  for (let at = from; isOneAt(body, at); at = behind(body, at)) if (typeAt(body, at) === type) found = at;
  return found;
}

/** Where the attribute's bytes begin in the message, and where they end. */
export type OnAttribute = (type: number, begin: number, end: number) => void;

/**
 * Goes once over the attributes between two places of a message. A link has fifty of which a dozen are read, and a host a
 * thousand links: looking for each by itself, or making something of every one, takes longer than the kernel does to tell them.
 */
export function eachAttribute(body: Buffer, from: number, until: number, onAttribute: OnAttribute): void {
  for (let at = from; isOneAt(body, at, until); at = behind(body, at))
    onAttribute(typeAt(body, at), at + 4, Math.min(at + lengthAt(body, at), until));
}

/** A string attribute ends with a zero byte. */
export const textOf = (bytes: Buffer | undefined): string => (bytes ? textIn(bytes, 0, bytes.length) : '');

/** As `textOf`, of the bytes between two places. */
export function textIn(bytes: Buffer, begin: number, end: number): string {
  let at = begin;
  while (at < end && bytes[at] !== 0) at++;
  return bytes.toString('utf8', begin, at);
}

export const macOf = (bytes: Buffer | undefined): string | null =>
  bytes && bytes.length === 6 ? bytes.toString('hex').match(/../g)!.join(':') : null;
