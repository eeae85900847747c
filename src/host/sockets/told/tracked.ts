/** Entries of connection tracking, as conntrack(8) prints them: linux/netfilter/nfnetlink_conntrack.h. */
import ipaddr from 'ipaddr.js';
import type { TrackedAsked } from '../../kernel-told.ts';
import { AF_INET, AF_INET6 } from '../../sys/address.ts';
import { attribute, nest } from '../attribute.ts';
import {
  type Attributes,
  attributes,
  exchange,
  NETLINK_NETFILTER,
  NFGENMSG,
  NO_ATTRIBUTES,
  textOf,
} from '../netlink.ts';
import { addressText } from '../network/address-text.ts';
import type { Teller } from './teller.ts';

const IPCTNL_MSG_CT_GET = (1 << 8) | 1;
const CTA = {
  original: 1,
  reply: 2,
  status: 3,
  protocol: 4,
  helper: 5,
  timeout: 7,
  mark: 8,
  counted: 9,
  countedBack: 10,
  use: 11,
  zone: 18,
  context: 19,
  filter: 25,
} as const;
const [TUPLE_IP, TUPLE_PROTO] = [1, 2];
/** CTA_IP_*, whose four are those of IPv4 and IPv6. */
const ENDS = { 4: [1, 2], 6: [3, 4] } as const;
const PROTO_NUM = 1;
const PORTS = [2, 3] as const;
/** CTA_PROTO_ICMP_*, CTA_PROTO_ICMPV6_*: id, type, code. */
const ICMP = { 4: [4, 5, 6], 6: [7, 8, 9] } as const;
/** CTA_FILTER_ORIG_FLAGS: source, destination and protocol. net/netfilter/nf_internals.h */
const FILTER_ORIGINAL = 1;
const BY = { source: 1, destination: 2, proto: 8 } as const;
/** IPS_* of linux/netfilter/nf_conntrack_common.h. */
const IPS = { seenReply: 2, assured: 4, offload: 1 << 14, hardware: 1 << 15 } as const;
/** By number: net/netfilter/nf_conntrack_proto_tcp.c, in the words of libnetfilter_conntrack. */
const TCP = [
  ...['NONE', 'SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT'],
  ...['CLOSE', 'SYN_SENT2'],
];
const NUMBERS = { tcp: 6, udp: 17, icmp: 1, icmpv6: 58 } as const;
/** Of strangers' entries no more are looked at. */
const MOST = 20_000;

/**
 * The kernel looks for them itself since Linux 5.8; an older one tells all that it has, and a host may track hundreds of
 * thousands. Of IPv6 it can choose the protocol alone: ctnetlink_filter_match_tuple() takes the addresses that differ.
 */
export const tracked: Teller<'tracked'> = {
  source: ['conntrack', '-L'],
  protocol: NETLINK_NETFILTER,
  tell(fd, asked) {
    const found: string[] = [];
    let strangers = 0;
    const wanted: Wanted = {
      asked,
      source: asked.source === null ? null : bytesOf(asked.source),
      destination: bytesOf(asked.destination),
    };
    const question = { type: IPCTNL_MSG_CT_GET, dump: true, body: request(wanted) };
    const told = exchange(fd, question, (body) => {
      if (strangers > MOST || found.length > MOST) return;
      const about = attributes(body, NFGENMSG);
      if (isMeant(tupleOf(about.get(CTA.original)), wanted)) found.push(lineOf(about, asked));
      else strangers++;
    });
    return told && strangers <= MOST && found.length <= MOST ? found : null;
  },
};

/** Addresses as they stand in a message: there may be many to be compared. */
interface Wanted {
  readonly asked: TrackedAsked;
  readonly source: Buffer | null;
  readonly destination: Buffer;
}

function request({ asked: { family, proto }, source, destination }: Wanted): Buffer {
  const head = Buffer.alloc(NFGENMSG);
  head[0] = family === 6 ? AF_INET6 : AF_INET;
  const [from, to] = ENDS[family];
  const flags = Buffer.alloc(4);
  const ends = family === 6 ? 0 : BY.destination | (source === null ? 0 : BY.source);
  flags.writeUInt32LE(BY.proto | ends);
  return Buffer.concat([
    head,
    nest(
      CTA.original,
      nest(TUPLE_IP, ...(source === null ? [] : [attribute(from, source)]), attribute(to, destination)),
      nest(TUPLE_PROTO, attribute(PROTO_NUM, Buffer.from([NUMBERS[proto]]))),
    ),
    nest(CTA.filter, attribute(FILTER_ORIGINAL, flags)),
  ]);
}

interface Tuple {
  readonly ip: Attributes;
  readonly proto: Attributes;
}

function tupleOf(nested: Buffer | undefined): Tuple {
  const parts = nested ? attributes(nested) : NO_ATTRIBUTES;
  const inside = (part: number) => attributes(parts.get(part) ?? Buffer.alloc(0));
  return { ip: inside(TUPLE_IP), proto: inside(TUPLE_PROTO) };
}

const bytesOf = (address: string): Buffer => Buffer.from(ipaddr.parse(address).toByteArray());

const isMeant = ({ ip, proto }: Tuple, { asked, source, destination }: Wanted): boolean => {
  const [from, to] = ENDS[asked.family];
  const is = (end: number, address: Buffer): boolean => ip.get(end)?.equals(address) === true;
  return (
    is(to, destination) &&
    (source === null || is(from, source)) &&
    proto.get(PROTO_NUM)?.[0] === NUMBERS[asked.proto]
  );
};

function lineOf(about: Attributes, asked: TrackedAsked): string {
  const number = (attribute: number): number | undefined => about.get(attribute)?.readUInt32BE(0);
  const status = number(CTA.status) ?? 0;
  const flag = (bit: number, word: string): string[] => ((status & bit) !== 0 ? [`[${word}]`] : []);
  const mark = number(CTA.mark);
  const named = (attribute: number): string =>
    textOf(attributes(about.get(attribute) ?? Buffer.alloc(0)).get(1));
  const [helper, context] = [named(CTA.helper), named(CTA.context)];
  const zone = about.get(CTA.zone)?.readUInt16BE(0);
  return [
    asked.proto,
    NUMBERS[asked.proto],
    ...(about.has(CTA.timeout) ? [number(CTA.timeout)] : []),
    ...stateOf(about.get(CTA.protocol), asked),
    ...endsOf(about.get(CTA.original), asked),
    ...countersOf(about.get(CTA.counted)),
    ...((status & IPS.seenReply) === 0 ? ['[UNREPLIED]'] : []),
    ...endsOf(about.get(CTA.reply), asked),
    ...countersOf(about.get(CTA.countedBack)),
    ...((status & IPS.hardware) !== 0
      ? ['[HW_OFFLOAD]']
      : (status & IPS.offload) !== 0
        ? ['[OFFLOAD]']
        : flag(IPS.assured, 'ASSURED')),
    ...(mark === undefined ? [] : [`mark=${mark}`]),
    ...(context ? [`secctx=${context}`] : []),
    ...(zone === undefined ? [] : [`zone=${zone}`]),
    ...(helper ? [`helper=${helper}`] : []),
    `use=${number(CTA.use) ?? 1}`,
  ].join(' ');
}

function stateOf(nested: Buffer | undefined, { proto }: TrackedAsked): string[] {
  if (proto !== 'tcp' || !nested) return [];
  const state = attributes(attributes(nested).get(1) ?? Buffer.alloc(0)).get(1)?.[0];
  return state === undefined ? [] : [TCP[state] ?? String(state)];
}

function endsOf(nested: Buffer | undefined, { family, proto }: TrackedAsked): string[] {
  const tuple = tupleOf(nested);
  const [from, to] = ENDS[family].map((end) => addressText(tuple.ip.get(end) ?? Buffer.alloc(4)));
  const addresses = [`src=${from}`, `dst=${to}`];
  const port = (attribute: number): number => tuple.proto.get(attribute)?.readUInt16BE(0) ?? 0;
  if (proto === 'tcp' || proto === 'udp')
    return [...addresses, `sport=${port(PORTS[0])}`, `dport=${port(PORTS[1])}`];
  const [id, type, code] = ICMP[family];
  const byte = (attribute: number): number => tuple.proto.get(attribute)?.[0] ?? 0;
  return [...addresses, `type=${byte(type)}`, `code=${byte(code)}`, `id=${port(id)}`];
}

/** Where net.netfilter.nf_conntrack_acct is on. */
function countersOf(nested: Buffer | undefined): string[] {
  if (!nested) return [];
  const about = attributes(nested);
  const number = (attribute: number): bigint => about.get(attribute)?.readBigUInt64BE(0) ?? 0n;
  return [`packets=${number(1)}`, `bytes=${number(2)}`];
}
