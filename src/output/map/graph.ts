/** The map as a picture for others to draw: Graphviz' DOT language, and Mermaid's flowchart. */
import type { HostMap, MapLink } from '../../model/map.ts';
import { named, plain } from '../../words/text.ts';

interface Edge {
  readonly from: MapLink;
  readonly to: MapLink;
  readonly kind: 'peer' | 'port' | 'over';
}

/** Each veth pair once; ports to their bridge; what is built upon another link to that one. */
function edgesOf(map: HostMap): Edge[] {
  const index = new Map(map.links.map((link) => [link.id, link]));
  return map.links.flatMap((link) => {
    const to = (id: string | null): MapLink | undefined => (id === null ? undefined : index.get(id));
    const [peer, master, over] = [to(link.peer), to(link.master), to(link.over)];
    return [
      ...(peer && link.id < peer.id ? [{ from: link, to: peer, kind: 'peer' as const }] : []),
      ...(master ? [{ from: link, to: master, kind: 'port' as const }] : []),
      ...(over ? [{ from: link, to: over, kind: 'over' as const }] : []),
    ];
  });
}

const shownLinks = (map: HostMap, namespace: string): MapLink[] =>
  map.links.filter((link) => link.namespace === namespace && link.kind !== 'loopback');

const label = (link: MapLink): string[] => [
  named(link.name),
  plain(link.kind),
  ...link.addresses.filter((one) => !/^fe80:/i.test(one)).map(plain),
];

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** https://graphviz.org/doc/info/lang.html */
export function dot(map: HostMap): string {
  const clusters = map.namespaces.flatMap((namespace, at) => {
    const links = shownLinks(map, namespace.id);
    if (links.length === 0) return [];
    return [
      `  subgraph cluster_${at} {`,
      `    label=${quoted(plain([namespace.id, ...namespace.names.slice(1)].join(', ')))};`,
      ...links.map(
        (link) =>
          `    ${quoted(plain(link.id))} [label=${quoted(label(link).join('\n')).replaceAll('\n', '\\n')}${link.uplink ? ', peripheries=2' : ''}${link.up === false ? ', style=dashed' : ''}];`,
      ),
      '  }',
    ];
  });
  const style = { peer: '', port: ' [color=gray]', over: ' [style=dashed]' } as const;
  const edges = edgesOf(map).map(
    ({ from, to, kind }) => `  ${quoted(plain(from.id))} -- ${quoted(plain(to.id))}${style[kind]};`,
  );
  return ['graph netdoctor {', '  rankdir=LR;', '  node [shape=box];', ...clusters, ...edges, '}', ''].join(
    '\n',
  );
}

/** https://mermaid.js.org/syntax/flowchart.html: quotes in labels are written as entities. */
export function mermaid(map: HostMap): string {
  const keys = new Map(map.links.map((link, at) => [link.id, `l${at}`]));
  const text = (words: readonly string[]): string =>
    `"${words.map((word) => word.replaceAll('"', '#quot;')).join('<br/>')}"`;
  const groups = map.namespaces.flatMap((namespace, at) => {
    const links = shownLinks(map, namespace.id);
    if (links.length === 0) return [];
    return [
      `  subgraph n${at} [${text([plain([namespace.id, ...namespace.names.slice(1)].join(', '))])}]`,
      ...links.map((link) => `    ${keys.get(link.id)}[${text(label(link))}]`),
      '  end',
    ];
  });
  const line = { peer: '---', port: '-->', over: '-.->' } as const;
  const edges = edgesOf(map).map(
    ({ from, to, kind }) => `  ${keys.get(from.id)} ${line[kind]} ${keys.get(to.id)}`,
  );
  return ['flowchart LR', ...groups, ...edges, ''].join('\n');
}
