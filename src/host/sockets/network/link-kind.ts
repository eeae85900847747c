/** What makes a kind of link, as `info_data` of `ip -j -d link` tells it: what netdoctor reads of it. linux/if_link.h */
import type { Attributes } from '../netlink.ts';
import { addressText } from './address-text.ts';
import { type Entry, printed } from './entry.ts';

type Told = Pick<Attributes, 'get'>;

const byte = (told: Told, attribute: number): number | null => told.get(attribute)?.[0] ?? null;
const word = (told: Told, attribute: number): number | null => told.get(attribute)?.readUInt32LE(0) ?? null;

const nothing = (): Entry => ({});

/** Those that are put into words; of any other iproute2 is asked. */
export const KINDS: Readonly<Record<string, (told: Told) => Entry>> = {
  veth: nothing,
  dummy: nothing,
  ifb: nothing,
  wireguard: nothing,
  bridge: (told) =>
    printed({
      stp_state: word(told, 5),
      vlan_filtering: byte(told, 7),
      mcast_snooping: byte(told, 23),
      mcast_querier: byte(told, 25),
      nf_call_iptables: byte(told, 36),
    }),
  macvlan,
  macvtap: macvlan,
  vxlan,
  tun: (told) => printed({ type: TUN_TYPES[byte(told, 3) ?? 0] ?? null }),
};

/** enum macvlan_mode */
const MACVLAN_MODES: Readonly<Partial<Record<number, string>>> = {
  1: 'private',
  2: 'vepa',
  4: 'bridge',
  8: 'passthru',
  16: 'source',
};

function macvlan(told: Told): Entry {
  const mode = word(told, 1);
  return mode === null ? {} : { mode: MACVLAN_MODES[mode] ?? 'unknown' };
}

/** IFF_TUN and IFF_TAP of linux/if_tun.h. */
const TUN_TYPES: readonly (string | undefined)[] = [undefined, 'tun', 'tap'];

const VXLAN = { id: 1, group: 2, local: 4, port: 15, group6: 16, local6: 17, external: 25 } as const;

/** One attribute is a group or a single remote, by its address. */
function vxlan(told: Told): Entry {
  const [group, group6] = [told.get(VXLAN.group), told.get(VXLAN.group6)];
  const isGroup4 = group !== undefined && group[0]! >> 4 === 14;
  const isGroup6 = group6?.[0] === 255;
  return printed({
    // ip(8) names it only where it is so.
    external: byte(told, VXLAN.external) === 1 ? true : null,
    id: word(told, VXLAN.id),
    [isGroup4 ? 'group' : 'remote']: unlessAny(group),
    [isGroup6 ? 'group6' : 'remote6']: unlessAny(group6),
    local: unlessAny(told.get(VXLAN.local)),
    local6: unlessAny(told.get(VXLAN.local6)),
    port: told.get(VXLAN.port)?.readUInt16BE(0),
  });
}

const unlessAny = (address: Buffer | undefined): string | null =>
  address?.some((one) => one !== 0) ? addressText(address) : null;
