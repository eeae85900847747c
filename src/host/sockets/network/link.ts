/** A link as `ip -j -d address show` tells it. linux/if_link.h; iproute2, ip/ipaddress.c */
import { attributes, IFINFOMSG, textOf } from '../netlink.ts';
import { hardwareText } from './address-text.ts';
import { type Devices, type Entry, printed, Unworded } from './entry.ts';
import { bridgePort, KINDS } from './link-kind.ts';

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

export interface LinkTold {
  readonly ifindex: number;
  readonly name: string;
  /** Its words, once all names of the namespace are known. */
  entry(devices: Devices, addresses: readonly Entry[]): Entry;
}

/** `body`: of RTM_NEWLINK, the kernel's only until this returns. @throws Unworded */
export function linkFrom(body: Buffer): LinkTold {
  const type = body.readUInt16LE(2);
  const ifindex = body.readInt32LE(4);
  const flags = body.readUInt32LE(8);
  const about = attributes(body, IFINFOMSG);
  const number = (attribute: number): number | null => about.get(attribute)?.readInt32LE(0) ?? null;
  const linkType = TYPES[type];
  if (linkType === undefined) throw new Unworded(`a link of the type ${type}`);
  const address = about.get(IFLA.address);
  const [link, nsid, master] = [number(IFLA.link) || null, number(IFLA.nsid), number(IFLA.master)];
  const name = textOf(about.get(IFLA.name));
  const own = {
    ifindex,
    ifname: name,
    flags: FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, word]) => word),
    mtu: number(IFLA.mtu),
    qdisc: textOf(about.get(IFLA.qdisc)) || null,
    link_type: linkType,
    address: address && address.length > 0 ? hardwareText(address) : null,
    // An index by itself is one of this namespace, and is told by its name.
    link_index: nsid === null ? null : link,
    link_netnsid: nsid,
    xdp: xdpOf(about.get(IFLA.xdp)),
    linkinfo: infoOf(about.get(IFLA.info)),
  };
  return {
    ifindex,
    name,
    entry: (devices, addresses) =>
      printed({
        ...own,
        link: nsid === null && link !== null ? devices.name(link) : null,
        master: master ? devices.name(master) : null,
        addr_info: addresses,
      }),
  };
}

function xdpOf(bytes: Buffer | undefined): Entry | null {
  const told = bytes && attributes(bytes);
  const mode = told?.get(XDP.attached)?.[0] ?? 0;
  if (mode === 0) return null;
  const id = told?.get(XDP.program)?.readUInt32LE(0);
  return mode === XDP_MULTI || id === undefined ? { mode } : { mode, prog: { id } };
}

function infoOf(bytes: Buffer | undefined): Entry | null {
  if (!bytes) return null;
  const told = attributes(bytes);
  const kind = told.has(INFO.kind) ? textOf(told.get(INFO.kind)) : null;
  const slave = told.has(INFO.slaveKind) ? textOf(told.get(INFO.slaveKind)) : null;
  const slaveData = told.get(INFO.slaveData);
  return printed({
    info_kind: kind,
    info_data: kind === null ? null : dataOf(kind, told.get(INFO.data)),
    info_slave_kind: slave,
    info_slave_data: slave === 'bridge' && slaveData ? bridgePort(attributes(slaveData)) : null,
  });
}

function dataOf(kind: string, data: Buffer | undefined): Entry | null {
  const words = KINDS[kind];
  if (!words) throw new Unworded(`a link of the kind ${kind}`);
  return data ? words(attributes(data)) : null;
}
