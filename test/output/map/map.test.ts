import { expect, test } from 'vitest';
import type { HostMap, MapLink } from '../../../src/model/map.ts';
import { dot, mermaid } from '../../../src/output/map/graph.ts';
import { ASCII, mapTree, portLines, UNICODE } from '../../../src/output/map/tree.ts';
import { documents } from '../../../src/output/schema.ts';

const link = (id: string, kind: string, over: Partial<MapLink> = {}): MapLink => ({
  id,
  namespace: id.slice(0, id.lastIndexOf('/')),
  name: id.slice(id.lastIndexOf('/') + 1),
  ifindex: 2,
  kind,
  up: true,
  addresses: [],
  master: null,
  peer: null,
  over: null,
  uplink: false,
  ...over,
});

const map: HostMap = {
  namespaces: [
    { id: 'host', inode: 1, names: [] },
    { id: 'docker:web', inode: 2, names: ['docker:web', 'netns:x'] },
    { id: 'netns:child', inode: 3, names: ['netns:child'] },
    { id: 'netns:empty', inode: 4, names: ['netns:empty'] },
  ],
  links: [
    link('host/lo', 'loopback'),
    link('host/br0', 'bridge', { addresses: ['10.88.0.1/24', 'fe80::1/64'] }),
    link('host/va', 'veth', { master: 'host/br0', peer: 'docker:web/eth0' }),
    link('host/vb', 'veth', { master: 'host/br0', up: false }),
    link('host/up0', 'ether', { addresses: ['192.0.2.1/24'], uplink: true }),
    link('docker:web/eth0', 'veth', { addresses: ['10.88.0.2/24'], peer: 'host/va', up: null }),
    link('netns:child/mv0', 'macvlan', { over: 'host/up0', addresses: ['192.0.2.50/24'] }),
    link('netns:empty/lo', 'loopback'),
  ],
  ports: [{ proto: 'tcp', hostAddress: '::', hostPort: 8080, container: 'docker:web', containerPort: 80 }],
  silent: [],
};

test('the tree begins with the way out, then bridges with their ports and who is behind each', () => {
  expect(mapTree(map, UNICODE)).toEqual([
    'host',
    '  up0  ether  192.0.2.1/24  (uplink)',
    '  └ mv0  macvlan  192.0.2.50/24 in netns:child',
    '  br0  bridge  10.88.0.1/24',
    '  ├ va  veth  ── eth0  10.88.0.2/24 in docker:web (netns:x)',
    '  └ vb  veth  down',
  ]);
});

test('a console without the glyphs gets others', () => {
  expect(mapTree(map, ASCII).join('\n')).not.toMatch(/[^\x20-\x7e\n]/);
});

test('published ports are lines of their own', () => {
  expect(portLines(map, UNICODE)).toEqual(['  [::]:8080/tcp  ──>  docker:web:80']);
});

test('DOT has a cluster a namespace, and every joint once', () => {
  const text = dot(map);
  expect(text).toContain('label="docker:web, netns:x"');
  expect(text).toContain('"host/va" [label="va\\nveth"];');
  expect(text.match(/ -- /g)).toHaveLength(4);
  expect(text).toContain('"docker:web/eth0" -- "host/va";');
  expect(text).toContain('"netns:child/mv0" -- "host/up0" [style=dashed];');
});

test('Mermaid names nodes by letters of its own', () => {
  const text = mermaid(map);
  expect(text.split('\n')[0]).toBe('flowchart LR');
  expect(text).toContain('l2["va<br/>veth"]');
  expect(text).toContain('l5 --- l2');
  expect(text).toContain('l2 --> l1');
  expect(text).toContain('l6 -.-> l4');
});

test('names that strangers chose do no harm', () => {
  const evil: HostMap = {
    ...map,
    namespaces: [{ id: 'host', inode: 1, names: ['a"]; evil [x="\u001b[31m'] }],
    links: [link('host/x"y\\', 'ether')],
  };
  expect(dot(evil)).toContain('"host/x\\"y\\\\"');
  expect(mermaid(evil)).toContain('x#quot;y\\');
  expect(mapTree(evil, UNICODE).join('')).not.toContain('\u001b');
});

test('the document is as published', () => {
  const { schema } = documents.find(({ name }) => name === 'map')!;
  expect(schema.parse({ schema: 'netdoctor/map/1', ...map })).toMatchObject({ ports: [{ hostPort: 8080 }] });
});
