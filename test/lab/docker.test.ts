import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DockerHost } from './docker.ts';
import { namespaceOf, processesIn } from './processes.ts';

let host: DockerHost;
beforeAll(async () => {
  host = await DockerHost.up();
});
afterAll(() => host.down());

test('a container reaches the internet of the lab, and no other', async () => {
  await host.run('web');
  expect(await host.client('exec', 'web', 'ping', '-c1', '-W2', '198.51.100.1')).toContain(
    '1 packets received',
  );
  const { stdout } = await host.lab.run('host', ['ip', '-br', 'link']);
  expect(stdout).toMatch(/^lo .*\nup0@.*\ndocker0 .*\nveth.*$/);
});

test('a published port is reached from outside', async () => {
  const pid = await host.run('shop', ['--publish', '8080:80']);
  const argv = ['nsenter', `--net=/proc/${pid}/ns/net`, 'serve', 'tcp', '0.0.0.0', '80'];
  host.lab.run('host', argv, { reject: false, stdio: 'ignore' });
  await expect
    .poll(() => host.lab.step({ in: 'LAN', sh: 'ask tcp 192.0.2.1 8080' }))
    .toMatchObject({ exitCode: 0 });
});

test('clear removes containers and networks', async () => {
  await host.client('network', 'create', 'back');
  await host.run('db', ['--network', 'back']);
  await host.clear();
  expect(await host.client('ps', '--all', '--quiet')).toBe('');
  expect(await host.client('network', 'ls', '--format', '{{.Name}}')).toBe('bridge\nhost\nnone');
});

test('an engine that is taken down leaves nothing', async () => {
  const other = await DockerHost.up();
  const pid = await other.run('web');
  const engine = processesIn(other.lab.namespace('host'));
  await other.down();
  expect([pid, ...engine].filter((id) => namespaceOf(id) !== undefined)).toEqual([]);
  expect(existsSync(other.folder)).toBe(false);
  expect(existsSync(other.lab.namespace('host'))).toBe(false);
});
