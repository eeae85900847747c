/** A link as `ip -j -d address show` tells it. linux/if_link.h; iproute2, ip/ipaddress.c */
import { attributes, eachAttribute, IFINFOMSG, textIn } from '../netlink.ts';
import { hardwareText } from './address-text.ts';
import { bridgePort, PORT_ATTRIBUTES } from './bridge-port.ts';
import { type Devices, type Entry, printed, Unworded } from './entry.ts';
import { KINDS } from './link-kind.ts';
import { Layouts, layoutOf } from './link-layout.ts';

const IFLA = {
  address: 1,
  name: 3,
  mtu: 4,
  link: 5,
  qdisc: 6,
  master: 10,
  info: 18,
  nsid: 37,
  xdp: 43,
} as const;
const INFO = { kind: 1, data: 2, slaveKind: 4, slaveData: 5 } as const;
const XDP = { attached: 2, program: 4 } as const;
/** Several programs at once; each stands in a list of its own then. */
const XDP_MULTI = 4;

/** linux/if_arp.h, as lib/ll_types.c names it. Others are tunnels or wires that need words of their own. */
const TYPES: Readonly<Partial<Record<number, string>>> = {
  1: 'ether',
  512: 'ppp',
  772: 'loopback',
  65534: 'none',
};

/** net_device_flags of linux/if.h that decide something. */
const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [1 << 7, 'NOARP'],
  [1 << 0, 'UP'],
  [1 << 16, 'LOWER_UP'],
];
const ALL_FLAGS = FLAGS.reduce((bits, [bit]) => bits | bit, 0);

export interface LinkTold {
  readonly ifindex: number;
  readonly name: string;
  /** One end of a cable into another namespace, which a bridge or bond of this one holds. */
  readonly isPortOfPair: boolean;
  /** Indexes in this namespace of what it is a port of, and of what it stands on; 0: of nothing. */
  readonly master: number;
  readonly lower: number;
  /** Its words, once all names of the namespace are known. Of null nothing is printed: a copy without it is not made. */
  entry(devices: Devices, addresses: readonly Entry[]): Entry;
}

/** `body`: of RTM_NEWLINK, the kernel's only until this returns. @throws Unworded */
export function linkFrom(body: Buffer): LinkTold {
  const alike = layouts.of(body);
  return alike ? another(alike, body) : first(body);
}

/** What was read of the first link that is told like this, and where what is each link's own stands: 0 where it is not told. */
interface Alike {
  readonly own: Own;
  readonly at: {
    name: number;
    nameEnd: number;
    address: number;
    addressEnd: number;
    link: number;
    nsid: number;
    master: number;
  };
}

const layouts = new Layouts<Alike>();

/** What is read of a link but for who it is. */
const PARTS = {
  nested: new Set([`${IFLA.info}`, `${IFLA.info}.${INFO.slaveData}`, `${IFLA.xdp}`]),
  fixed: new Set([
    ...[IFLA.mtu, IFLA.qdisc].map(String),
    ...[INFO.kind, INFO.slaveKind].map((one) => `${IFLA.info}.${one}`),
    ...PORT_ATTRIBUTES.map((one) => `${IFLA.info}.${INFO.slaveData}.${one}`),
    ...[XDP.attached, XDP.program].map((one) => `${IFLA.xdp}.${one}`),
  ]),
};

function first(body: Buffer): LinkTold {
  const type = body.readUInt16LE(2);
  const linkType = TYPES[type];
  if (linkType === undefined) throw new Unworded(`a link of the type ${type}`);
  const own: Own = { mtu: null, qdisc: null, link_type: linkType, xdp: null, linkinfo: null };
  const at = { name: 0, nameEnd: 0, address: 0, addressEnd: 0, link: 0, nsid: 0, master: 0 };
  eachAttribute(body, IFINFOMSG, body.length, (attribute, begin, end) => {
    if (attribute === IFLA.name) [at.name, at.nameEnd] = [begin, end];
    else if (attribute === IFLA.address) [at.address, at.addressEnd] = [begin, end];
    else if (attribute === IFLA.qdisc) own.qdisc = textIn(body, begin, end) || null;
    else if (attribute === IFLA.mtu) own.mtu = body.readInt32LE(begin);
    else if (attribute === IFLA.link) at.link = begin;
    else if (attribute === IFLA.nsid) at.nsid = begin;
    else if (attribute === IFLA.master) at.master = begin;
    else if (attribute === IFLA.xdp) own.xdp = xdpOf(body, begin, end);
    else if (attribute === IFLA.info) own.linkinfo = infoOf(body, begin, end);
  });
  const alike = { own, at };
  // Of other kinds there are few, and what they are told by is read of each.
  if (own.linkinfo?.info_kind === 'veth') layouts.keep(layoutOf(body, PARTS), alike);
  return another(alike, body);
}

/** One more of those that are told alike. Its words are spelled out: a spread makes each of thousands ten times as dear. */
function another({ own, at }: Alike, body: Buffer): LinkTold {
  const ifindex = body.readInt32LE(4);
  const ifname = textIn(body, at.name, at.nameEnd);
  const flags = flagsOf(body.readUInt32LE(8));
  const address = at.address === 0 ? null : hardwareText(body, at.address, at.addressEnd) || null;
  const nsid = at.nsid === 0 ? null : body.readInt32LE(at.nsid);
  const link = at.link === 0 ? 0 : body.readInt32LE(at.link);
  const master = at.master === 0 ? 0 : body.readInt32LE(at.master);
  let told: Entry | undefined;
  return {
    ifindex,
    name: ifname,
    isPortOfPair: master !== 0 && own.linkinfo?.info_kind === 'veth',
    master,
    lower: nsid === null ? link : 0,
    entry(devices, addresses) {
      // An index by itself is one of this namespace, and is told by its name.
      const linkName = link !== 0 && nsid === null ? devices.name(link) : null;
      const masterName = master === 0 ? null : devices.name(master);
      // Told again as before, it is the same one: whoever made something of it has it still.
      if (told?.addr_info === addresses && told.link === linkName && told.master === masterName) return told;
      told = {
        ifindex,
        ifname,
        flags,
        mtu: own.mtu,
        qdisc: own.qdisc,
        link_type: own.link_type,
        address,
        link_netnsid: nsid,
        xdp: own.xdp,
        linkinfo: own.linkinfo,
        link: linkName,
        link_index: link !== 0 && nsid !== null ? link : null,
        master: masterName,
        addr_info: addresses,
      };
      return told;
    },
  };
}

/** What is the same in all that are told alike. */
interface Own {
  mtu: number | null;
  qdisc: string | null;
  readonly link_type: string;
  xdp: Entry | null;
  linkinfo: Entry | null;
}

const flagWords = new Map<number, readonly string[]>();

/** One list for all that have the same. */
function flagsOf(flags: number): readonly string[] {
  const bits = flags & ALL_FLAGS;
  const words = flagWords.get(bits) ?? FLAGS.filter(([bit]) => (bits & bit) !== 0).map(([, word]) => word);
  flagWords.set(bits, words);
  return words;
}

function xdpOf(body: Buffer, begin: number, end: number): Entry | null {
  let [mode, id] = [0, -1];
  eachAttribute(body, begin, end, (attribute, first) => {
    if (attribute === XDP.attached) mode = body[first]!;
    else if (attribute === XDP.program) id = body.readUInt32LE(first);
  });
  if (mode === 0) return null;
  return mode === XDP_MULTI || id < 0 ? { mode } : { mode, prog: { id } };
}

function infoOf(body: Buffer, begin: number, end: number): Entry {
  const told: Info = { kind: '', data: undefined, slave: '', slaveData: null };
  eachAttribute(body, begin, end, (attribute, first, last) => {
    if (attribute === INFO.kind) told.kind = textIn(body, first, last);
    else if (attribute === INFO.data) told.data = body.subarray(first, last);
    else if (attribute === INFO.slaveKind) told.slave = textIn(body, first, last);
    else if (attribute === INFO.slaveData) told.slaveData = [first, last];
  });
  const { kind, data, slave, slaveData } = told;
  const words = KINDS[kind];
  if (kind !== '' && !words) throw new Unworded(`a link of the kind ${kind}`);
  const port = slave === 'bridge' && slaveData ? bridgePort(body, ...slaveData) : null;
  if (!words || !data) return alike(kind, slave, port);
  const own = { info_kind: kind, info_data: words(attributes(data)) };
  return printed({ ...own, info_slave_kind: slave || null, info_slave_data: port });
}

const infos = new Map<string, Map<Entry | null, Entry>>();

/** What is told of a kind without data of its own: one object for all ports that are alike. */
function alike(kind: string, slave: string, port: Entry | null): Entry {
  const key = `${kind} ${slave}`;
  const known = infos.get(key) ?? new Map<Entry | null, Entry>();
  infos.set(key, known);
  const info =
    known.get(port) ??
    printed({ info_kind: kind || null, info_slave_kind: slave || null, info_slave_data: port });
  known.set(port, info);
  return info;
}

interface Info {
  kind: string;
  data: Buffer | undefined;
  slave: string;
  /** Where it begins and ends in the message. */
  slaveData: readonly [begin: number, end: number] | null;
}
