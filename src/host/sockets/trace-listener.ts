/** Listens to the nf_tables trace multicast group: include/uapi/linux/netfilter/nf_tables.h, nfnetlink.h. */
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { TraceListener, TraceMessage } from '../machine.ts';
import { errnoName, int, libc } from '../sys/libc.ts';
import { CannotEnter, inside } from '../sys/namespace.ts';
import { pump } from '../sys/pump.ts';
import { AF_NETLINK, attributes, messages, NETLINK_NETFILTER, NFGENMSG, textOf } from './netlink.ts';

const SOCK_RAW = 3;
const SOCK_FLAGS = 0o4000 | 0o2000000;
const SOL_NETLINK = 270;
const NETLINK_ADD_MEMBERSHIP = 1;
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
const NFNLGRP_NFTRACE = 9;
const NFT_MSG_TRACE = (10 << 8) | 17;
const MSG_DONTWAIT = 0x40;
/** The kernel had more to tell than the socket's buffer holds: netlink(7). */
const ENOBUFS = 105;

/** enum nft_trace_attributes */
const ATTRIBUTE = {
  table: 1,
  chain: 2,
  rule: 3,
  type: 4,
  verdict: 5,
  id: 6,
  network: 8,
  transport: 9,
  iif: 10,
  oif: 12,
  mark: 14,
  policy: 16,
} as const;
const TYPES = ['unspec', 'policy', 'return', 'rule'] as const;

export function listenTrace(
  netns: Netns | null,
  onMessage: (message: TraceMessage) => void,
): Answer<TraceListener> {
  const source = ['nft', 'monitor', 'trace'];
  try {
    return inside(netns, () => {
      const c = libc();
      const fd = c.socket(AF_NETLINK, SOCK_RAW | SOCK_FLAGS, NETLINK_NETFILTER);
      if (fd < 0) return notKnown('no-permission', `netlink socket: ${errnoName(c.errno())}`, source);
      c.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, int(1 << 21), 4);
      const address = Buffer.alloc(12);
      address.writeUInt16LE(AF_NETLINK, 0);
      const failed = c.bind(fd, address, 12) !== 0;
      if (failed || c.setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, int(NFNLGRP_NFTRACE), 4) !== 0) {
        const errno = errnoName(c.errno());
        c.close(fd);
        return notKnown('no-permission', `nf_tables trace: ${errno}`, source);
      }
      const bytes = Buffer.alloc(65_536);
      let overruns = 0;
      const pumped = pump(fd, () => {
        const length = c.recvfrom(fd, bytes, bytes.length, MSG_DONTWAIT, null, null);
        if (length < 0 && c.errno() === ENOBUFS) {
          overruns++;
          return true;
        }
        if (length <= 0) return false;
        const at = process.hrtime.bigint();
        for (const message of decode(bytes.subarray(0, length))) onMessage({ ...message, netns, at });
        return true;
      });
      return known(
        {
          look: () => pumped.look(),
          overruns: () => overruns,
          stop() {
            pumped.stop();
            c.close(fd);
          },
        },
        source,
      );
    });
  } catch (error) {
    if (error instanceof CannotEnter) return notKnown('no-permission', error.message, source);
    throw error;
  }
}

/** Netlink messages of one datagram; others than traces are passed over. */
export function* decode(bytes: Buffer): Generator<Omit<TraceMessage, 'netns' | 'at'>> {
  for (const { type, body } of messages(bytes))
    if (type === NFT_MSG_TRACE && body.length >= NFGENMSG)
      yield trace(body.readUInt8(0), attributes(body, NFGENMSG));
}

const number = (bytes: Buffer | undefined): number | null =>
  bytes && bytes.length >= 4 ? bytes.readUInt32BE(0) : null;
const copy = (bytes: Buffer | undefined): Uint8Array | null => (bytes ? Uint8Array.from(bytes) : null);

function trace(family: number, found: Map<number, Buffer>): Omit<TraceMessage, 'netns' | 'at'> {
  const verdict = found.get(ATTRIBUTE.verdict);
  const nested = verdict ? attributes(verdict) : new Map<number, Buffer>();
  const code = nested.get(1);
  const handle = found.get(ATTRIBUTE.rule);
  return {
    id: number(found.get(ATTRIBUTE.id)) ?? 0,
    type: (TYPES[number(found.get(ATTRIBUTE.type)) ?? 0] ?? 'unspec') as TraceMessage['type'],
    family,
    table: textOf(found.get(ATTRIBUTE.table)),
    chain: textOf(found.get(ATTRIBUTE.chain)),
    handle: handle && handle.length >= 8 ? Number(handle.readBigUInt64BE(0)) : null,
    verdict: code && code.length >= 4 ? code.readInt32BE(0) : null,
    jump: nested.has(2) ? textOf(nested.get(2)) : null,
    policy: number(found.get(ATTRIBUTE.policy)),
    ingress: number(found.get(ATTRIBUTE.iif)),
    egress: number(found.get(ATTRIBUTE.oif)),
    network: copy(found.get(ATTRIBUTE.network)),
    transport: copy(found.get(ATTRIBUTE.transport)),
    mark: number(found.get(ATTRIBUTE.mark)),
  };
}
