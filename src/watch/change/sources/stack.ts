import { readStack } from '../../../discover/stack.ts';
import { mapAnswer } from '../../../model/answer.ts';
import {
  type Address,
  destinationName,
  type Link,
  type Neighbour,
  type Route,
  type RoutingRule,
} from '../../../model/stack.ts';
import { type Place, source } from '../source.ts';
import type { Entry } from '../state.ts';

type Keyed = readonly [key: string, entry: Entry];

/** Links, addresses, routes, rules of routing, and the neighbours that the way needs: ip(8). */
export default source({
  name: 'stack',
  woken: ['link', 'address', 'route', 'rule', 'neighbour'],
  every: null,
  async read(machine, place) {
    return mapAnswer(
      await readStack(machine, place.netns),
      ({ links, routes, rules, neighbours }) =>
        new Map<string, Entry>([
          ...links.map(linkEntry),
          ...links.flatMap((link) => link.addresses.map((address) => addressEntry(link, address))),
          ...routes.filter(isTold).map(routeEntry),
          ...rules.map(ruleEntry),
          ...neighbours.filter((one) => isNeeded(one, place)).map(neighbourEntry),
        ]),
    );
  },
});

/** `br0`, `br0 (blocking, isolated)`. */
function portText({ master, port }: Link): string {
  if (master === null) return '';
  const states = [port?.state === 'forwarding' ? null : port?.state, port?.isolated ? 'isolated' : null];
  const told = states.filter((one) => one !== null && one !== undefined && one !== '').join(', ');
  return told === '' ? master : `${master} (${told})`;
}

const linkEntry = (link: Link): Keyed => [
  `link ${link.name}`,
  {
    kind: 'link',
    what: link.name,
    device: link.name,
    fields: {
      index: String(link.ifindex),
      '': link.up ? 'up' : 'down',
      carrier: link.carrier === null ? '' : link.carrier ? 'yes' : 'no',
      'port of': portText(link),
      mtu: String(link.mtu),
      mac: link.mac ?? '',
      program: link.xdp ?? '',
      queue: link.qdisc ?? '',
    },
  },
];

const addressEntry = ({ name }: Link, { address, prefix, flags }: Address): Keyed => [
  `address ${address}/${prefix} ${name}`,
  {
    kind: 'address',
    what: `address ${address}/${prefix} at ${name}`,
    device: name,
    fields: { state: flags.filter((one) => /^dadfailed$/.test(one)).join(' ') },
  },
];

/** The kernel keeps the table `local` by itself, with the addresses. */
const isTold = ({ table, destination }: Route): boolean =>
  table !== 'local' && !/^(ff00|fe80)::/.test(destination);

function routeEntry(route: Route): Keyed {
  const { family, dev, table, metric, gateway, type, source: from, flags, weight } = route;
  const named = `route ${destinationName(route)}${route.from ? ` from ${route.from}` : ''}${dev ? ` dev ${dev}` : ''}${table === 'main' ? '' : ` table ${table}`}`;
  return [
    `${family} ${named} ${metric} ${weight === undefined ? '' : gateway}`,
    {
      kind: 'route',
      what: named,
      device: dev,
      fields: {
        via: gateway ?? '',
        type: type === 'unicast' ? '' : type,
        src: from ?? '',
        flags: flags.join(' '),
      },
    },
  ];
}

const ruleEntry = ({ family, priority, text }: RoutingRule): Keyed => [
  `rule ${family} ${priority} ${text}`,
  { kind: 'rule', what: `rule ${priority}`, device: null, fields: { '': text } },
];

const isNeeded = ({ address, proxy }: Neighbour, { neighbours }: Place): boolean =>
  !proxy && neighbours.includes(address);

/** REACHABLE and STALE come and go; one without an address cannot be sent to. */
const neighbourEntry = ({ address, dev, mac }: Neighbour): Keyed => [
  `neighbour ${address} ${dev}`,
  {
    kind: 'neighbour',
    what: `neighbour ${address} at ${dev}`,
    device: dev,
    fields: { mac: mac ?? '' },
    learned: true,
  },
];
