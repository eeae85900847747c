/** The map as a text tree: what leads out first, then bridges with their ports and who is behind each. */
import { HOST, type HostMap, type MapLink, type MapNamespace } from '../../model/map.ts';
import { named, plain } from '../../words/text.ts';

export interface Lines {
  /** `├ `, `└ `, `│ `, `  `, and the arrow to another namespace. */
  readonly fork: string;
  readonly last: string;
  readonly bar: string;
  readonly gap: string;
  readonly arrow: string;
}

export const UNICODE: Lines = { fork: '├ ', last: '└ ', bar: '│ ', gap: '  ', arrow: '──' };
export const ASCII: Lines = { fork: '|-', last: '`-', bar: '| ', gap: '  ', arrow: '--' };

/** One line an item, without a newline at its end. */
export function mapTree(map: HostMap, lines: Lines): string[] {
  const index = new Map(map.links.map((link) => [link.id, link]));
  const names = new Map(map.namespaces.map((one) => [one.id, one]));
  const below = new Map<string, MapLink[]>();
  for (const link of map.links) {
    const parent = link.master ?? link.over;
    if (parent !== null) below.set(parent, [...(below.get(parent) ?? []), link]);
  }
  const shown = new Set<string>();

  const branch = (link: MapLink, indent: string, own: string, rest: string): string[] => {
    shown.add(link.id);
    const children = (below.get(link.id) ?? []).filter(({ id }) => !shown.has(id));
    const foreign = link.namespace !== link.over?.split('/')[0] && link.over !== null && link.master === null;
    const where = foreign && own !== '' ? ` in ${title(names.get(link.namespace))}` : '';
    const peer = link.peer === null ? undefined : index.get(link.peer);
    const behind = peer && beside(peer, link, names, lines);
    if (peer && peer.namespace !== HOST && !peer.master && !below.has(peer.id)) shown.add(peer.id);
    return [
      `${indent}${own}${words(link)}${where}${behind ?? ''}`,
      ...children.flatMap((child, at) =>
        branch(
          child,
          indent + rest,
          at === children.length - 1 ? lines.last : lines.fork,
          at === children.length - 1 ? lines.gap : lines.bar,
        ),
      ),
    ];
  };

  return map.namespaces.flatMap((namespace) => {
    const mine = map.links.filter((link) => link.namespace === namespace.id && link.kind !== 'loopback');
    const roots = mine
      .filter((link) => link.master === null && (link.over === null || !index.has(link.over)))
      .sort(byWeight(below));
    const text = roots.flatMap((link) => (shown.has(link.id) ? [] : branch(link, '  ', '', '')));
    if (namespace.id !== HOST && text.length === 0) return [];
    return [title(namespace), ...text];
  });
}

/** Ways out, then bridges with many ports, then the rest by name. */
const byWeight = (below: ReadonlyMap<string, readonly MapLink[]>) => (a: MapLink, b: MapLink) => {
  const weight = (link: MapLink): number => (link.uplink ? 0 : below.has(link.id) ? 1 : 2);
  return weight(a) - weight(b) || a.name.localeCompare(b.name, 'en', { numeric: true });
};

const title = (namespace: MapNamespace | undefined): string => {
  if (!namespace) return 'a namespace';
  const others = namespace.names.filter((name) => name !== namespace.id);
  return plain(others.length > 0 ? `${namespace.id} (${others.join(', ')})` : namespace.id);
};

const words = (link: MapLink): string =>
  plain(
    [
      link.name,
      link.kind,
      ...link.addresses.filter((one) => !/^fe80:/i.test(one)),
      ...(link.up === false ? ['down'] : []),
      ...(link.uplink ? ['(uplink)'] : []),
    ].join('  '),
  );

const beside = (
  peer: MapLink,
  link: MapLink,
  names: ReadonlyMap<string, MapNamespace>,
  lines: Lines,
): string => {
  const where = peer.namespace === link.namespace ? '' : ` in ${title(names.get(peer.namespace))}`;
  const port = peer.master === null ? '' : `, port of ${plain(peer.master.split('/').at(-1) ?? '')}`;
  const addresses = peer.addresses.filter((one) => !/^fe80:/i.test(one)).map((one) => `  ${plain(one)}`);
  return `  ${lines.arrow} ${named(peer.name)}${addresses.join('')}${where}${port}`;
};

/** Published ports, one a line. */
export const portLines = (map: HostMap, lines: Lines): string[] =>
  map.ports.map(
    ({ proto, hostAddress, hostPort, container, containerPort }) =>
      `  ${hostAddress.includes(':') ? `[${plain(hostAddress)}]` : plain(hostAddress)}:${hostPort}/${plain(proto)}  ${lines.arrow}>  ${plain(container)}:${containerPort}`,
  );
