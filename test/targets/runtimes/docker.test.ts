import { expect, test } from 'vitest';
import docker from '../../../src/targets/runtimes/docker.ts';
import { fakeMachine } from '../../discover/fake-machine.ts';

const endpoint = {
  NetworkID: 'n1',
  IPAddress: '172.18.0.2',
  GlobalIPv6Address: 'fd00::2',
  Gateway: '172.18.0.1',
  IPv6Gateway: 'fd00::1',
  MacAddress: '02:42:ac:12:00:02',
};
const container = (over: object = {}) => ({
  Id: '97ac1234567890',
  Name: '/web',
  State: { Running: true, Status: 'running', Pid: 42 },
  HostConfig: { NetworkMode: 'back' },
  ResolvConfPath: '/var/lib/docker/containers/97ac/resolv.conf',
  NetworkSettings: {
    Networks: { back: endpoint },
    Ports: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }] },
  },
  ...over,
});
const network = (Options: Record<string, string> = {}) => ({
  status: 200,
  body: {
    Id: 'n1',
    Name: 'back',
    Driver: 'bridge',
    Internal: false,
    IPAM: { Config: [{ Subnet: '172.18.0.0/16', Gateway: '172.18.0.1' }] },
    Options,
  },
});
const GATEWAY = 'com.docker.network.bridge.gateway_mode_ipv';

async function find(name: string, requests: object, netns: Record<string, number>) {
  const found = await docker.find(fakeMachine({ requests: requests as never, netns }), name);
  if (!found.known) throw new Error(found.detail);
  return found.value[0]!;
}
const web = (options: Record<string, string>) =>
  find(
    'web',
    { '/containers/web/json': { status: 200, body: container() }, '/networks/n1': network(options) },
    { '/proc/42/ns/net': 9 },
  );

test.each([
  { modes: {}, four: true, six: true },
  { modes: { [`${GATEWAY}4`]: 'nat', [`${GATEWAY}6`]: 'routed' }, four: true, six: false },
  { modes: { [`${GATEWAY}4`]: 'routed', [`${GATEWAY}6`]: 'nat' }, four: false, six: true },
  { modes: { [`${GATEWAY}4`]: 'isolated', [`${GATEWAY}6`]: 'isolated' }, four: false, six: false },
  { modes: { [`${GATEWAY}4`]: 'nat-unprotected' }, four: true, six: true },
  { modes: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' }, four: false, six: false },
])('gateway modes $modes: is the network meant to be NATed, by family', async ({ modes, four, six }) => {
  const target = await web(modes as Record<string, string>);
  expect(target.networks[0]).toMatchObject({ masquerade: four, masquerade6: six });
});

/** A container in the network of another. */
const sharing = container({
  Name: '/side',
  State: { Running: true, Status: 'running', Pid: 43 },
  HostConfig: { NetworkMode: 'container:97ac1234567890' },
  NetworkSettings: { Networks: {} },
});

test('a container in another’s network has that one’s networks and ports', async () => {
  const target = await find(
    'side',
    {
      '/containers/side/json': { status: 200, body: sharing },
      '/containers/97ac1234567890/json': { status: 200, body: container() },
      '/networks/n1': network(),
    },
    { '/proc/42/ns/net': 9, '/proc/43/ns/net': 9 },
  );
  expect(target).toMatchObject({
    name: 'side',
    mode: 'container:97ac1234567890',
    networks: [{ name: 'back', addresses: ['172.18.0.2', 'fd00::2'] }],
    ports: [{ hostAddress: '127.0.0.1', hostPort: 8080, containerPort: 80 }],
    about: 'docker, network "back", shared with web',
  });
});

test('one that was left behind by a restart has no networks, and says by whom it was left', async () => {
  const target = await find(
    'side',
    {
      '/containers/side/json': { status: 200, body: sharing },
      '/containers/97ac1234567890/json': { status: 200, body: container() },
    },
    { '/proc/42/ns/net': 10, '/proc/43/ns/net': 9 },
  );
  expect(target).toMatchObject({
    networks: [],
    ports: [],
    about: expect.stringContaining('left behind when web was restarted'),
  });
});

test('a paused container has its network, and says that it is paused', async () => {
  const target = await find(
    'web',
    {
      '/containers/web/json': {
        status: 200,
        body: container({ State: { Running: true, Paused: true, Status: 'paused', Pid: 42 } }),
      },
      '/networks/n1': network(),
    },
    { '/proc/42/ns/net': 9 },
  );
  expect(target.about).toBe('docker, network "back", paused');
});

test('the host’s own network is told from a namespace by its inode', async () => {
  const target = await find(
    'web',
    {
      '/containers/web/json': {
        status: 200,
        body: container({ HostConfig: { NetworkMode: 'host' }, NetworkSettings: { Networks: {} } }),
      },
    },
    { '/proc/42/ns/net': 1 },
  );
  expect(target).toMatchObject({ hostNetwork: true, mode: 'host' });
});

test('a container that is not running is refused', async () => {
  const body = container({ State: { Running: false, Status: 'exited', Pid: 0 } });
  await expect(find('web', { '/containers/web/json': { status: 200, body } }, {})).rejects.toMatchObject({
    problem: { exit: 3, code: 'not-running', hint: expect.stringContaining('docker start web') },
  });
});
