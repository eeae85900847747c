import { afterAll, beforeAll, expect, test } from 'vitest';
import { PodmanHost } from './podman.ts';
import { namespaceOf } from './processes.ts';

let host: PodmanHost;
let pid: number;
beforeAll(async () => {
  host = await PodmanHost.up();
  pid = await host.run('web');
});
afterAll(() => host.down());

test('a container reaches the internet of the lab', async () => {
  expect(await host.client('exec', 'web', 'ping', '-c1', '-W2', '198.51.100.1')).toContain(
    '1 packets received',
  );
});

test('a Podman that is taken down leaves nothing', async () => {
  await host.down();
  expect(namespaceOf(pid)).toBeUndefined();
});
