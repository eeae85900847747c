/** Listens to the nf_tables trace multicast group: include/uapi/linux/netfilter/nf_tables.h, nfnetlink.h. */
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { TraceListener, TraceMessage } from '../machine.ts';
import { answeredInside } from '../sys/namespace.ts';
import {
  type Attributes,
  attributes,
  messages,
  NETLINK_NETFILTER,
  NFGENMSG,
  NO_ATTRIBUTES,
  textOf,
} from './netlink.ts';
import { listenTo } from './netlink-groups.ts';

/** Bytes: one packet is told of in a message for each rule that it meets. */
const ROOM = 1 << 21;
const NFNLGRP_NFTRACE = 9;
const NFT_MSG_TRACE = (10 << 8) | 17;

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
  return answeredInside(netns, source, () => {
    let overruns = 0;
    const groups = { protocol: NETLINK_NETFILTER, groups: [NFNLGRP_NFTRACE], room: ROOM };
    const listening = listenTo(groups, (datagram) => {
      const at = process.hrtime.bigint();
      if (!datagram) overruns++;
      else for (const message of decode(datagram)) onMessage({ ...message, netns, at });
    });
    if (typeof listening === 'string')
      return notKnown('no-permission', `nf_tables trace: ${listening}`, source);
    return known({ ...listening, overruns: () => overruns }, source);
  });
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

function trace(family: number, found: Attributes): Omit<TraceMessage, 'netns' | 'at'> {
  const verdict = found.get(ATTRIBUTE.verdict);
  const nested = verdict ? attributes(verdict) : NO_ATTRIBUTES;
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
