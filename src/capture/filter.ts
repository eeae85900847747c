/** Which filter each interface gets: pcap-filter(7). */
import type { PublishedPort } from '../model/target.ts';
import type { Spot } from './spot.ts';

export interface Traffic {
  /** What the person wants to see; empty: everything. */
  readonly filter: string;
  /** Of the target. */
  readonly addresses: readonly string[];
  readonly macs: readonly string[];
  readonly ports: readonly PublishedPort[];
  /** Can filters speak of Ethernet's header? */
  readonly ethernet: boolean;
}

export interface SpotFilter {
  readonly filter: string;
  /** What was changed of the person's own words, or why nothing is taken here; null: nothing to say. */
  readonly says: string | null;
  /** Nothing that the person asks for can be told apart here. */
  readonly applies: boolean;
}

const both = (one: string, other: string): string =>
  one === '' ? other : other === '' ? one : `(${one}) and (${other})`;

export function filterAt(spot: Spot, traffic: Traffic): SpotFilter {
  const { filter } = traffic;
  if (spot.passes === 'own') return { filter, says: null, applies: true };
  if (spot.passes === 'addresses')
    return { filter: both(ofTarget(traffic), filter), says: null, applies: true };
  return translated(spot, traffic);
}

/** Any of its addresses, in IP and ARP; and its frames to everybody. */
function ofTarget({ addresses, macs, ethernet }: Traffic): string {
  const hosts = addresses.map((address) => `host ${address}`);
  return [...hosts, ...(ethernet ? macs.map((mac) => `ether host ${mac}`) : [])].join(' or ');
}

/** An address with the words before it that belong to it: `src host 10.0.0.2`. */
const ADDRESS =
  /((?:\b(?:src\s+(?:or|and)\s+dst|src|dst|host|ip6?|arp)\s+)*)(?<![\w.:/])(\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]+)(?![\w.:]|\/\d)/gi;
/** What speaks of a subnet or of hardware addresses cannot be put into the addresses of a NAT. */
const OTHER = /\b(net|ether|wlan|gateway|mask)\b/i;
const PORT = /((?:\b(?:tcp|udp|src|dst)\s+)*\bport\s+)(\d+)\b/gi;

/** Behind NAT the target's addresses may be this interface's own, and its ports the published ones. */
function translated(spot: Spot, { filter, addresses, ports }: Traffic): SpotFilter {
  if (filter === '') return { filter, says: null, applies: true };
  if (OTHER.test(filter))
    return {
      filter,
      says: `the filter names a subnet or a hardware address, which cannot be told behind NAT: nothing is taken at ${spot.label}`,
      applies: false,
    };
  const own = spot.addresses.map((cidr) => cidr.split('/')[0]!);
  let missing: string | undefined;
  const withAddresses = filter.replace(ADDRESS, (found, words: string, address: string) => {
    if (!addresses.includes(address.toLowerCase())) return found;
    const other = own.find((one) => one.includes(':') === address.includes(':') && !/^fe80:/.test(one));
    if (other === undefined) missing = address;
    // What is not translated keeps its address.
    return other === undefined ? found : `(${found} or ${words}${other})`;
  });
  if (missing !== undefined)
    return {
      filter,
      says: `the filter names ${missing}, for which ${spot.label} has no address of its own: nothing is taken there`,
      applies: false,
    };
  const rewritten = withAddresses.replace(PORT, (found, words: string, port: string) => {
    const outside = ports.filter(({ containerPort }) => containerPort === Number(port));
    const all = [...new Set(outside.map(({ hostPort }) => hostPort))].filter((one) => one !== Number(port));
    return all.length === 0 ? found : `(${[found, ...all.map((one) => `${words}${one}`)].join(' or ')})`;
  });
  const says = rewritten === filter ? null : `behind NAT the filter at ${spot.label} is: ${rewritten}`;
  return { filter: rewritten, says, applies: true };
}
