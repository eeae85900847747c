import { expect, test } from 'vitest';
import { Failure } from '../../../src/model/failure.ts';
import podman from '../../../src/targets/runtimes/podman.ts';
import { fakeMachine, type Script } from '../../discover/fake-machine.ts';

const STORE = '/var/lib/containers/storage';
const ID = '7b88b4ca7bdc9ce621a2511725f5cd194e7aaf419801990b58fcdbeb5183ae14';
const stored = (names: readonly string[]): Script => ({
  lists: { [STORE]: ['overlay-containers', 'libpod'], '/run/containers/storage': [] },
  files: { [`${STORE}/overlay-containers/containers.json`]: JSON.stringify([{ id: ID, names }]) },
});
const endpoint = {
  IPAddress: '10.89.0.5',
  GlobalIPv6Address: '',
  Gateway: '10.89.0.1',
  IPv6Gateway: '',
  MacAddress: 'ea:c1:8b:a3:30:d3',
};
const inspected = (over: object = {}) => ({
  Id: ID,
  Name: 'web',
  State: { Status: 'running', Running: true, Pid: 42 },
  HostConfig: { NetworkMode: 'bridge' },
  ResolvConfPath: '/run/containers/storage/resolv.conf',
  NetworkSettings: { Networks: { back: endpoint }, Ports: { '80/tcp': [{ HostIp: '', HostPort: '8080' }] } },
  ...over,
});
const network = [
  {
    name: 'back',
    driver: 'bridge',
    network_interface: 'podman1',
    subnets: [{ subnet: '10.89.0.0/24', gateway: '10.89.0.1' }],
    internal: false,
  },
];
const INSPECT = 'podman inspect --type container web';

test('a container carries its networks with their bridges, and the ports it publishes', async () => {
  const machine = fakeMachine({
    ...stored(['web']),
    run: { [INSPECT]: JSON.stringify([inspected()]), 'podman network inspect back': JSON.stringify(network) },
    netns: { '/proc/42/ns/net': 99 },
  });
  const found = await podman.find(machine, 'web');
  expect(found).toMatchObject({
    known: true,
    value: [
      {
        runtime: 'podman',
        name: 'web',
        id: ID.slice(0, 12),
        pid: 42,
        netns: { inode: 99 },
        hostNetwork: false,
        networks: [
          {
            name: 'back',
            bridge: 'podman1',
            subnets: ['10.89.0.0/24'],
            addresses: ['10.89.0.5'],
            masquerade: true,
          },
        ],
        ports: [{ proto: 'tcp', hostAddress: '0.0.0.0', hostPort: 8080, containerPort: 80 }],
        about: 'podman, network "back"',
      },
    ],
  });
});

test('podman is not started for a name that it does not keep', async () => {
  const machine = fakeMachine(stored(['web']));
  expect(await podman.find(machine, 'shop')).toMatchObject({ known: true, value: [] });
  expect(machine.asked.filter((one) => one.startsWith('podman'))).toEqual([]);
});

test('podman is not started where it keeps nothing', async () => {
  const machine = fakeMachine({});
  expect(await podman.list(machine)).toMatchObject({ known: true, value: [] });
  expect(machine.asked.filter((one) => one.startsWith('podman'))).toEqual([]);
});

test('the store that the environment names is looked at', async () => {
  const machine = fakeMachine({
    env: { CONTAINERS_STORAGE_CONF: '/lab/storage.conf' },
    files: {
      '/lab/storage.conf': '[storage]\ndriver = "vfs"\ngraphroot = "/lab/data"\nrunroot = "/lab/run"\n',
      '/lab/data/vfs-containers/containers.json': JSON.stringify([{ id: ID, names: ['web'] }]),
    },
    lists: { '/lab/data': ['vfs-containers'], '/lab/run': [] },
    run: { [INSPECT]: JSON.stringify([inspected({ NetworkSettings: {} })]) },
    netns: { '/proc/42/ns/net': 99 },
  });
  expect(await podman.find(machine, 'web')).toMatchObject({ value: [{ name: 'web', networks: [] }] });
});

test('what an ordinary user keeps is podman’s own to say', async () => {
  const machine = fakeMachine({
    uid: 1000,
    run: { [INSPECT]: { code: 125, stderr: 'Error: inspecting object: no such object: "web"\n' } },
  });
  expect(await podman.find(machine, 'web')).toMatchObject({ known: true, value: [] });
});

test('a container of a pod has the networks of the pod', async () => {
  const machine = fakeMachine({
    ...stored(['web']),
    run: {
      [INSPECT]: JSON.stringify([
        inspected({ HostConfig: { NetworkMode: 'container:infra' }, NetworkSettings: {} }),
      ]),
      'podman inspect --type container infra': JSON.stringify([inspected({ Name: 'pod-infra' })]),
      'podman network inspect back': JSON.stringify(network),
    },
    netns: { '/proc/42/ns/net': 99 },
  });
  expect(await podman.find(machine, 'web')).toMatchObject({
    value: [{ networks: [{ name: 'back' }], about: 'podman, network "back", shared with pod-infra' }],
  });
});

test('a stopped container is refused with the command that starts it', async () => {
  const machine = fakeMachine({
    ...stored(['web']),
    run: { [INSPECT]: JSON.stringify([inspected({ State: { Status: 'exited', Running: false, Pid: 0 } })]) },
  });
  const refused = await podman.find(machine, 'web').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Failure);
  expect((refused as Failure).problem).toMatchObject({
    exit: 3,
    code: 'not-running',
    message: expect.stringContaining('web is exited'),
    hint: expect.stringContaining('podman start web'),
  });
});

test('a list tells each container with its state and process', async () => {
  const machine = fakeMachine({
    ...stored(['web']),
    run: {
      'podman ps --all --format json': JSON.stringify([
        { Id: ID, Names: ['web'], State: 'running', Pid: 42, Networks: ['back'] },
        { Id: `0${ID.slice(1)}`, Names: ['old'], State: 'exited', Pid: 0, Networks: null },
      ]),
    },
  });
  expect(await podman.list(machine)).toMatchObject({
    value: [
      { runtime: 'podman', name: 'web', state: 'running', pid: 42, networks: ['back'] },
      { name: 'old', state: 'exited', pid: null, networks: [] },
    ],
  });
});
