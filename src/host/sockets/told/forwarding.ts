/**
 * Entries of the forwarding databases of bridges and tunnels: RTM_GETNEIGH of AF_BRIDGE, rtnetlink(7), bridge(8). struct ndmsg and
 * the attributes are those of linux/neighbour.h; the kernel narrows them down in rtnl_fdb_dump() of net/core/rtnetlink.c.
 */
import type { ForwardingAsked, ForwardingTold } from '../../kernel-told.ts';
import { number } from '../attribute.ts';
import { eachAttribute, exchange, headAbout, NETLINK_ROUTE } from '../netlink.ts';
import { addressText, hardwareText } from '../network/address-text.ts';
import { FLAGS_AT, NDMSG } from '../network/neighbour.ts';
import type { Teller } from './teller.ts';

const RTM_GETNEIGH = 30;
const AF_BRIDGE = 7;
/** NDA_* */
const ATTRIBUTE = {
  dst: 1,
  mac: 2,
  vlan: 5,
  port: 6,
  vni: 7,
  via: 8,
  master: 9,
  sourceVni: 11,
  nextHop: 13,
  flags: 15,
} as const;

/** NTF_*, and NTF_EXT_* in the bits above, in the words and the order of iproute2: fdb_print_flags() of bridge/fdb.c. */
const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [0x02, 'self'],
  [0x80, 'router'],
  [0x10, 'extern_learn'],
  [0x20, 'offload'],
  [0x04, 'master'],
  [0x40, 'sticky'],
  [0x200, 'locked'],
];

/** NUD_*: the first that is set. One that is reachable was learned, and has no word. */
const STATES: readonly (readonly [bit: number, name: string | null])[] = [
  [0x80, 'permanent'],
  [0x40, 'static'],
  [0x04, 'stale'],
  [0x02, null],
];

export const forwarding: Teller<'forwarding'> = {
  source: ['bridge', 'fdb', 'show'],
  protocol: NETLINK_ROUTE,
  tell(fd, asked) {
    const found: ForwardingTold[] = [];
    const question = { type: RTM_GETNEIGH, dump: true, body: bodyFor(asked) };
    const isTold = exchange(fd, question, (body) => {
      const entry = entryFrom(body);
      if (entry && (asked.of === 'br' || entry.ifindex === asked.ifindex)) found.push(entry);
    });
    return isTold ? found : null;
  },
};

/** A kernel that does not look at the question so closely tells of all there are. */
function bodyFor({ of, ifindex }: ForwardingAsked): Buffer {
  const head = headAbout(of === 'dev' ? ifindex : 0, NDMSG);
  head[0] = AF_BRIDGE;
  return of === 'dev' ? head : Buffer.concat([head, number(ATTRIBUTE.master, ifindex)]);
}

/** `body`: of RTM_NEWNEIGH. Null for what is no entry of such a database, or has no address. */
export function entryFrom(body: Buffer): ForwardingTold | null {
  if (body[0] !== AF_BRIDGE) return null;
  const told: { -readonly [K in keyof ForwardingTold]: ForwardingTold[K] } = {
    mac: '',
    ifindex: body.readInt32LE(4),
    master: null,
    flags: [],
    state: stateOf(body.readUInt16LE(8)),
    vlan: null,
    dst: null,
    port: null,
    vni: null,
    sourceVni: null,
    via: null,
    nextHop: null,
  };
  let flags = body[FLAGS_AT]!;
  eachAttribute(body, NDMSG, body.length, (attribute, begin, end) => {
    const size = end - begin;
    if (attribute === ATTRIBUTE.mac) told.mac = hardwareText(body, begin, end);
    else if (attribute === ATTRIBUTE.dst && (size === 4 || size === 16))
      told.dst = addressText(body.subarray(begin, end));
    else if (size === 2 && attribute === ATTRIBUTE.vlan) told.vlan = body.readUInt16LE(begin) || null;
    else if (size === 2 && attribute === ATTRIBUTE.port) told.port = body.readUInt16BE(begin);
    else if (size !== 4) return;
    else if (attribute === ATTRIBUTE.master) told.master = body.readInt32LE(begin);
    else if (attribute === ATTRIBUTE.vni) told.vni = body.readUInt32LE(begin);
    else if (attribute === ATTRIBUTE.sourceVni) told.sourceVni = body.readUInt32LE(begin);
    else if (attribute === ATTRIBUTE.via) told.via = body.readInt32LE(begin);
    else if (attribute === ATTRIBUTE.nextHop) told.nextHop = body.readUInt32LE(begin);
    else if (attribute === ATTRIBUTE.flags) flags |= (body.readUInt32LE(begin) << 8) & 0xff00;
  });
  if (told.mac === '') return null;
  told.flags = FLAGS.flatMap(([bit, name]) => ((flags & bit) !== 0 ? [name] : []));
  return told;
}

function stateOf(bits: number): string | null {
  const known = STATES.find(([bit]) => (bits & bit) !== 0);
  return known ? known[1] : `0x${bits.toString(16)}`;
}
