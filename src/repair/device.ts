/** The state of one interface: its own settings, its place in a bridge, its addresses and the routes through it. */
import { parseJson } from '../discover/ip/json.ts';
import { type Answer, known, mapAnswer, notKnown } from '../model/answer.ts';
import { ask, askIfAny } from './ask.ts';
import { readRoutes } from './routes.ts';
import { listing, type State } from './state.ts';
import type { Look } from './subject.ts';

interface AddressJson {
  readonly family: string;
  readonly local: string;
  readonly address?: string;
  readonly prefixlen: number;
  readonly broadcast?: string;
  readonly scope: string;
  readonly label?: string;
  readonly protocol?: string;
  readonly dynamic?: boolean;
  readonly noprefixroute?: boolean;
  readonly nodad?: boolean;
  readonly secondary?: boolean;
}

interface LinkJson {
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly master?: string;
  readonly address?: string;
  readonly txqlen?: number;
  readonly xdp?: { readonly prog?: { readonly id: number } };
  readonly linkinfo?: {
    readonly info_kind?: string;
    readonly info_data?: Readonly<Record<string, unknown>>;
    readonly info_slave_data?: Readonly<Record<string, unknown>>;
  };
  readonly addr_info?: readonly AddressJson[];
}

/** bridge(8)'s words for the port attributes that `ip -d link` lists. */
export const PORT: Readonly<Record<string, string>> = {
  priority: 'priority',
  cost: 'cost',
  hairpin: 'hairpin',
  guard: 'guard',
  root_block: 'root_block',
  fastleave: 'fastleave',
  learning: 'learning',
  flood: 'flood',
  mcast_flood: 'mcast_flood',
  bcast_flood: 'bcast_flood',
  neigh_suppress: 'neigh_suppress',
  vlan_tunnel: 'vlan_tunnel',
  isolated: 'isolated',
  locked: 'locked',
};

/** ip-link(8)'s words for the bridge attributes that `ip -d link` lists. */
export const BRIDGE: Readonly<Record<string, string>> = {
  stp_state: 'stp_state',
  forward_delay: 'forward_delay',
  ageing_time: 'ageing_time',
  priority: 'priority',
  vlan_filtering: 'vlan_filtering',
  mcast_snooping: 'mcast_snooping',
  mcast_querier: 'mcast_querier',
  mcast_query_intvl: 'mcast_query_interval',
  mcast_query_response_intvl: 'mcast_query_response_interval',
  nf_call_iptables: 'nf_call_iptables',
  nf_call_ip6tables: 'nf_call_ip6tables',
  nf_call_arptables: 'nf_call_arptables',
};

/** Addresses the kernel gives and takes by itself as the link goes up and down. */
const automatic = (address: AddressJson): boolean =>
  address.protocol === 'kernel_ll' ||
  address.protocol === 'kernel_ra' ||
  (address.protocol === undefined && address.scope === 'link' && /^fe80::.*ff:fe/.test(address.local));

/** An address as the arguments of `ip addr add`. */
function addressLine(address: AddressJson, name: string): string {
  const peer = address.address
    ? ['peer', `${address.address}/${address.prefixlen}`]
    : [`/${address.prefixlen}`];
  return [
    ...(address.address ? [address.local, ...peer] : [`${address.local}${peer[0]}`]),
    ...(address.broadcast ? ['brd', address.broadcast] : []),
    'scope',
    address.scope,
    ...(address.label && address.label !== name ? ['label', address.label] : []),
    ...(address.noprefixroute ? ['noprefixroute'] : []),
    ...(address.nodad ? ['nodad'] : []),
  ].join(' ');
}

const word = (value: unknown): string =>
  typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);

const picked = (
  data: LinkJson['linkinfo'],
  names: typeof PORT,
  from: 'info_data' | 'info_slave_data',
  as: string,
) =>
  Object.entries(names).flatMap(([name, argument]) => {
    const value = data?.[from]?.[name];
    return value === undefined ? [] : [[`${as} ${argument}`, word(value)] as const];
  });

function linkState(name: string, link: LinkJson): State {
  const bridge = link.linkinfo?.info_kind === 'bridge';
  const slave = link.linkinfo?.info_slave_data?.hairpin !== undefined;
  return {
    exists: 'yes',
    state: link.flags.includes('UP') ? 'up' : 'down',
    arp: link.flags.includes('NOARP') ? 'off' : 'on',
    promisc: link.flags.includes('PROMISC') ? 'on' : 'off',
    mtu: String(link.mtu),
    address: link.address ?? '',
    master: link.master ?? '',
    xdp: link.xdp?.prog ? `program ${link.xdp.prog.id}` : '',
    ...(bridge ? Object.fromEntries(picked(link.linkinfo, BRIDGE, 'info_data', 'bridge')) : {}),
    ...(slave ? Object.fromEntries(picked(link.linkinfo, PORT, 'info_slave_data', 'port')) : {}),
    addresses: listing(
      (link.addr_info ?? []).filter((one) => !automatic(one)).map((one) => addressLine(one, name)),
    ),
  };
}

interface VlanJson {
  readonly ifname: string;
  readonly vlans: readonly {
    readonly vlan: number;
    readonly vlanEnd?: number;
    readonly flags?: readonly string[];
  }[];
}

const vlanLines = (text: string, name: string): string[] =>
  (parseJson(text || '[]') as VlanJson[])
    .filter((one) => one.ifname === name)
    .flatMap((one) =>
      one.vlans.map(({ vlan, vlanEnd, flags = [] }) =>
        [
          vlanEnd ? `${vlan}-${vlanEnd}` : String(vlan),
          ...(flags.includes('PVID') ? ['pvid'] : []),
          ...(flags.includes('Egress Untagged') ? ['untagged'] : []),
        ].join(' '),
      ),
    );

interface FdbJson {
  readonly mac: string;
  readonly vlan?: number;
  readonly dst?: string;
  readonly vni?: number;
  readonly port?: number;
  readonly flags: readonly string[];
  readonly master?: string;
  readonly state?: string;
}

/** Forwarding entries that somebody wrote: not learned, and not the interface's own or multicast ones. */
const fdbLines = (text: string, own: string): string[] =>
  (parseJson(text || '[]') as FdbJson[])
    .filter((one) => one.state === 'static' || one.state === 'permanent')
    .filter((one) => one.mac !== own && !/^(33:33|01:00:5e|01:80:c2)/.test(one.mac))
    .map((one) =>
      [
        one.mac,
        one.flags.includes('self') ? 'self' : 'master',
        ...(one.dst ? ['dst', one.dst] : []),
        ...(one.vni === undefined ? [] : ['vni', String(one.vni)]),
        ...(one.vlan === undefined ? [] : ['vlan', String(one.vlan)]),
        one.state === 'static' ? 'static' : 'local',
        // Without `sticky` the next frame moves even a static entry.
        ...one.flags.filter((flag) => flag === 'sticky' || flag === 'extern_learn'),
      ].join(' '),
    );

/** `ip neigh` lines that stay by themselves, as arguments of `ip neigh replace`. */
const neighbourLines = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => /\b(PERMANENT|NOARP)\b/.test(line) && / lladdr /.test(line))
    .filter((line) => !/^(ff0|22[4-9]\.|23\d\.)/.test(line))
    .map((line) =>
      line.trim().replace(/\s(PERMANENT|NOARP)$/, (_, state: string) => ` nud ${state.toLowerCase()}`),
    );

/** Everything about the interface that a change of it can take along. */
export async function readDevice(look: Look, name: string): Promise<Answer<State>> {
  const link = await askIfAny(look, ['ip', '-j', '-d', 'addr', 'show', 'dev', name]);
  if (!link.known) return link;
  if (link.value === null) return known({ exists: 'no' }, link.source);
  const own = mapAnswer(link, (text) => linkState(name, (parseJson(text ?? '[]') as [LinkJson])[0]));
  if (!own.known) return own;
  const [routes, vlans, fdb, neighbours] = await Promise.all([
    readRoutes(look, name),
    askIfAny(look, ['bridge', '-j', 'vlan', 'show', 'dev', name]),
    askIfAny(look, ['bridge', '-j', 'fdb', 'show', 'dev', name]),
    ask(look, ['ip', 'neigh', 'show', 'dev', name]),
  ]);
  if (!routes.known) return routes;
  if (!neighbours.known) return neighbours;
  const rows = (answer: Answer<string | null>, parse: (text: string) => string[]) =>
    answer.known && answer.value !== null ? listing(parse(answer.value)) : '';
  try {
    const state: State = {
      ...own.value,
      vlans: rows(vlans, (text) => vlanLines(text, name)),
      fdb: rows(fdb, (text) => fdbLines(text, own.value.address ?? '')),
      neighbours: listing(neighbourLines(neighbours.value)),
      ...routes.value,
    };
    return known(state, link.source);
  } catch (error) {
    return notKnown('unreadable', String(error), link.source);
  }
}
