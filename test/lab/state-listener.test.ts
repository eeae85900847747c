// What the kernel tells of changes in a namespace, heard by netdoctor's own listener.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { namespaceAt } from '../../src/host/files.ts';
import { holdFiles } from '../../src/host/held-files.ts';
import type { StateNote } from '../../src/host/machine.ts';
import { listenState } from '../../src/host/sockets/state-listener.ts';
import type { Netns } from '../../src/model/netns.ts';
import { Lab } from './lab.ts';

let lab: Lab;
let host: Netns;
beforeAll(async () => {
  lab = await Lab.up({ ipv6: true });
  const found = namespaceAt(lab.namespace('host'));
  if (!found.known) throw new Error(found.detail);
  host = found.value;
});
afterAll(() => lab.down());

/** Kinds that are told while the host does this. */
async function heard(sh: string, kind: StateNote['kind']): Promise<ReadonlySet<string>> {
  const kinds = new Set<string>();
  const listener = listenState(host, (note) => kinds.add(note.kind));
  if (!listener.known) throw new Error(listener.detail);
  const { exitCode, said } = await lab.step({ in: 'host', sh });
  expect({ exitCode, said }).toMatchObject({ exitCode: 0 });
  for (const end = Date.now() + 5000; !kinds.has(kind) && Date.now() < end; ) await sleep(10);
  listener.value.stop();
  return kinds;
}

test.each([
  ['setting', 'net.ipv4.ip_forward', 'sysctl -qw net.ipv4.ip_forward=0; sysctl -qw net.ipv4.ip_forward=1'],
  ['setting', 'rp_filter of an interface', 'sysctl -qw net.ipv4.conf.vetha.rp_filter=2'],
  ['setting', 'proxy_arp of an interface', 'sysctl -qw net.ipv4.conf.br0.proxy_arp=1'],
  ['setting', 'forwarding of IPv6', 'sysctl -qw net.ipv6.conf.all.forwarding=0'],
  ['firewall', 'a rule of nf_tables', 'nft add table inet other'],
  ['queueing', 'a queue', 'tc qdisc add dev vetha root pfifo limit 77'],
] as const)('%s: %s', async (kind, _, sh) => {
  expect(await heard(sh, kind)).toContain(kind);
});

test('held settings are those of the namespace, and of an interface that was replaced those of the new one', async () => {
  const files = holdFiles(['/proc/sys/net/ipv4/conf/vetha/rp_filter'], host);
  const set = (value: number) => lab.run('host', ['sysctl', '-qw', `net.ipv4.conf.vetha.rp_filter=${value}`]);
  await set(1);
  expect(files.read()).toEqual(['1\n']);
  await set(2);
  expect(files.read()).toEqual(['2\n']);
  await lab.run('host', ['ip', 'link', 'del', 'vetha']);
  expect(files.read()).toEqual([null]);
  await lab.run('host', ['ip', 'link', 'add', 'vetha', 'type', 'veth', 'peer', 'name', 'vethz']);
  await set(1);
  expect(files.read()).toEqual(['1\n']);
  files.close();
});

test('held settings keep no namespace alive', async () => {
  const name = `${lab.names.host}-h`;
  await lab.run('host', ['ip', 'netns', 'add', name]);
  await lab.run('host', [
    'ip',
    'link',
    'add',
    'held0',
    'type',
    'veth',
    'peer',
    'name',
    'eth0',
    'netns',
    name,
  ]);
  const found = namespaceAt(`/run/netns/${name}`);
  const files = holdFiles(['/proc/sys/net/ipv4/ip_forward'], found.known ? found.value : null);
  expect(files.read()).toEqual([expect.stringMatching(/^[01]\n$/)]);
  await lab.run('host', ['ip', 'netns', 'del', name]);
  // With the namespace its cable goes, both ends of it.
  const { exitCode } = await lab.step({
    in: 'host',
    sh: 'for i in $(seq 100); do ip link show dev held0 || exit 0; sleep 0.1; done; exit 1',
  });
  expect(exitCode).toBe(0);
  // Its settings go after its interfaces, in the kernel's own time: devinet_exit_net(), net/ipv4/devinet.c.
  await expect.poll(() => files.read(), { timeout: 5000 }).toEqual([null]);
  files.close();
});
