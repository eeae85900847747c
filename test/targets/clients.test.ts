/** Runtimes that are asked by their own clients: what each says becomes a target, and an absent one costs nothing. */
import { describe, expect, test } from 'vitest';
import containerd from '../../src/targets/runtimes/containerd.ts';
import cri from '../../src/targets/runtimes/cri.ts';
import incus from '../../src/targets/runtimes/incus.ts';
import lxc from '../../src/targets/runtimes/lxc.ts';
import lxd from '../../src/targets/runtimes/lxd.ts';
import nerdctl from '../../src/targets/runtimes/nerdctl.ts';
import nspawn from '../../src/targets/runtimes/nspawn.ts';
import { fakeMachine } from '../discover/fake-machine.ts';

const CTR = 'ctr --connect-timeout 1s';
const ctr = {
  lists: { '/run/containerd': ['containerd.sock'] },
  netns: { '/proc/77/ns/net': 500, '/proc/78/ns/net': 501 },
  run: {
    [`${CTR} namespaces list --quiet`]: 'default\nmoby\nk8s.io\n',
    [`${CTR} --namespace default containers list --quiet`]: '3f2a90\nbare\nidle\n',
    [`${CTR} --namespace default tasks list`]:
      'TASK      PID    STATUS    \n3f2a90    77     RUNNING\nbare      78     RUNNING\n',
    [`${CTR} --namespace default containers info 3f2a90`]: JSON.stringify({
      Labels: {
        'nerdctl/name': 'web',
        'nerdctl/networks': '["bridge"]',
        'nerdctl/ports': '[{"HostPort":8080,"ContainerPort":80,"Protocol":"tcp","HostIP":"0.0.0.0"}]',
      },
      Spec: { mounts: [{ destination: '/etc/resolv.conf', source: '/var/lib/nerdctl/1/resolv.conf' }] },
    }),
    [`${CTR} --namespace default containers info bare`]: JSON.stringify({ Labels: {}, Spec: {} }),
    [`${CTR} --namespace default containers info idle`]: JSON.stringify({ Labels: null }),
  },
};

test.each([containerd, nerdctl])('$name finds what nerdctl made by its name', async (runtime) => {
  expect(await runtime.find(fakeMachine(ctr), 'web')).toMatchObject({
    known: true,
    value: [
      {
        runtime: 'containerd',
        name: 'web',
        id: '3f2a90',
        pid: 77,
        netns: { inode: 500 },
        resolvConf: '/var/lib/nerdctl/1/resolv.conf',
        ports: [{ hostPort: 8080, containerPort: 80, proto: 'tcp' }],
        about: 'containerd, namespace "default", network bridge',
      },
    ],
  });
});

test('containerd lists what runs and what does not, and leaves Docker’s and Kubernetes’ own to them', async () => {
  const machine = fakeMachine(ctr);
  expect(await containerd.list(machine)).toMatchObject({
    value: [
      { name: 'web', id: '3f2a90', state: 'running', pid: 77 },
      { name: 'bare', id: null, state: 'running', pid: 78 },
      { name: 'idle', state: 'stopped', pid: null },
    ],
  });
  expect(machine.asked.some((line) => /moby|k8s\.io/.test(line))).toBe(false);
});

test('a container of containerd without a task cannot be looked at, and says how it is started', async () => {
  const refused = containerd.find(fakeMachine(ctr), 'idle');
  await expect(refused).rejects.toMatchObject({
    problem: { exit: 3, hint: expect.stringContaining('ctr -n default tasks start -d idle') },
  });
});

const pod = {
  id: 'f84dd361f8dc51518ed291fbadd6db537b0496536c1d2d6c05ff943ce8c9a54f',
  state: 'SANDBOX_READY',
  metadata: { name: 'web-0', namespace: 'shop' },
};
const crictl = {
  lists: { '/run/crio': ['crio.sock'], '/run/netns': ['pod-ns'] },
  run: {
    'crictl --timeout 2s pods --output json': JSON.stringify({
      items: [
        pod,
        { ...pod, id: '00aa', state: 'SANDBOX_NOTREADY', metadata: { name: 'old-0', namespace: 'shop' } },
      ],
    }),
    [`crictl inspectp --output json ${pod.id}`]: JSON.stringify({
      info: {
        pid: 900,
        runtimeSpec: {
          linux: { namespaces: [{ type: 'pid' }, { type: 'network', path: '/run/netns/pod-ns' }] },
        },
      },
    }),
  },
  netns: { '/run/netns/pod-ns': 612 },
};

test.each(['web-0', 'shop/web-0', 'f84dd'])(
  'a pod is found as %s, in the namespace made for it',
  async (name) => {
    expect(await cri.find(fakeMachine(crictl), name)).toMatchObject({
      value: [
        { runtime: 'cri', name: 'shop/web-0', pid: 900, netns: { inode: 612, path: '/run/netns/pod-ns' } },
      ],
    });
  },
);

const sandboxOf = (name: string) =>
  JSON.stringify({
    Labels: {
      'io.cri-containerd.kind': 'sandbox',
      'io.kubernetes.pod.name': name,
      'io.kubernetes.pod.namespace': 'shop',
    },
  });
const PODS = `${CTR} --namespace k8s.io`;
const withoutCrictl = {
  lists: { '/run/containerd': ['containerd.sock'] },
  run: {
    [`${CTR} namespaces list --quiet`]: 'default\nk8s.io\n',
    [`${PODS} containers list --quiet`]: '77aa\n88bb\n99cc\n',
    [`${PODS} tasks list`]: 'TASK    PID    STATUS\n77aa    900    RUNNING\n88bb    901    RUNNING\n',
    [`${PODS} containers info 77aa`]: sandboxOf('web-0'),
    [`${PODS} containers info 88bb`]: JSON.stringify({ Labels: { 'io.cri-containerd.kind': 'container' } }),
    [`${PODS} containers info 99cc`]: sandboxOf('old-0'),
  },
  netns: { '/proc/900/ns/net': 612 },
};

test('where crictl is not installed, containerd’s own client tells of its pods', async () => {
  const machine = fakeMachine(withoutCrictl);
  expect(await cri.find(machine, 'shop/web-0')).toMatchObject({
    value: [{ runtime: 'cri', name: 'shop/web-0', pid: 900, netns: { inode: 612 } }],
  });
  expect(await cri.list(machine)).toMatchObject({
    value: [
      { name: 'shop/web-0', state: 'running' },
      { name: 'shop/old-0', state: 'stopped' },
    ],
  });
  expect(await cri.find(machine, 'old-0')).toMatchObject({ known: true, value: [] });
});

test('a pod that is not ready is listed and not found', async () => {
  expect(await cri.list(fakeMachine(crictl))).toMatchObject({
    value: [
      { name: 'shop/web-0', state: 'running' },
      { name: 'shop/old-0', state: 'stopped' },
    ],
  });
  expect(await cri.find(fakeMachine(crictl), 'old-0')).toMatchObject({ known: true, value: [] });
});

test('LXC tells state and first process', async () => {
  const machine = fakeMachine({
    run: {
      'lxc-info --name web --state --pid': 'State:          RUNNING\nPID:            42\n',
      'lxc-ls --fancy --fancy-format NAME,STATE,PID': 'NAME STATE   PID\nweb  RUNNING 42\nold  STOPPED -\n',
    },
    netns: { '/proc/42/ns/net': 7 },
  });
  expect(await lxc.find(machine, 'web')).toMatchObject({
    value: [{ runtime: 'lxc', pid: 42, netns: { inode: 7 } }],
  });
  expect(await lxc.list(machine)).toMatchObject({
    value: [
      { name: 'web', state: 'running', pid: 42 },
      { name: 'old', state: 'stopped', pid: null },
    ],
  });
});

describe('LXC is not asked', () => {
  const SOCKETS = '0000000000000000: 00000002 00000000 00010000 0001 01 9 /run/systemd/notify\n';
  const asked = async (script: Parameters<typeof fakeMachine>[0]) => {
    const machine = fakeMachine({
      ...script,
      files: { '/proc/net/unix': SOCKETS, ...script.files },
      run: { 'lxc-ls --fancy --fancy-format NAME,STATE,PID': 'NAME STATE PID\n' },
    });
    expect(await lxc.list(machine)).toMatchObject({ known: true, value: [] });
    return machine.asked.some((one) => one.startsWith('lxc-'));
  };

  test('where root keeps none, and none runs', async () => {
    expect(await asked({})).toBe(false);
    const machine = fakeMachine({ files: { '/proc/net/unix': SOCKETS } });
    expect(await lxc.find(machine, 'web')).toMatchObject({ known: true, value: [] });
    expect(machine.asked.filter((one) => one.startsWith('lxc-'))).toEqual([]);
  });

  test.each<[string, Parameters<typeof fakeMachine>[0]]>([
    ['one is kept', { lists: { '/var/lib/lxc': ['web'] } }],
    [
      'one runs that is not kept',
      { files: { '/proc/net/unix': `${SOCKETS} 9 @/var/lib/lxc/web/command\n` } },
    ],
    ['another place is named', { files: { '/etc/lxc/lxc.conf': 'lxc.lxcpath = /srv/lxc\n' } }],
    ['another user asks', { uid: 1000 }],
  ])('unless %s', async (_, script) => {
    expect(await asked(script)).toBe(true);
  });
});

test('LXC says of a name that it does not keep that there is none', async () => {
  const machine = fakeMachine({
    run: { 'lxc-info --name shop --state --pid': { code: 1, stderr: "shop doesn't exist\n" } },
  });
  expect(await lxc.find(machine, 'shop')).toMatchObject({ known: true, value: [] });
});

const instance = {
  name: 'web',
  status: 'Running',
  type: 'container',
  state: {
    pid: 42,
    network: {
      lo: {
        type: 'loopback',
        hwaddr: '',
        addresses: [{ family: 'inet', address: '127.0.0.1', scope: 'local' }],
      },
      eth0: {
        type: 'broadcast',
        hwaddr: '00:16:3e:00:00:01',
        addresses: [{ family: 'inet', address: '10.1.2.3', scope: 'global' }],
      },
    },
  },
  expanded_devices: { eth0: { type: 'nic', network: 'incusbr0' }, root: { type: 'disk' } },
};

test.each([
  { runtime: incus, client: 'incus', socket: '/var/lib/incus' },
  { runtime: lxd, client: 'lxc', socket: '/var/snap/lxd/common/lxd' },
])(
  '$client tells its containers with bridge and addresses, and no virtual machines',
  async ({ runtime, client, socket }) => {
    const machine = fakeMachine({
      lists: { [socket]: ['unix.socket'] },
      run: {
        [`${client} list --format json`]: JSON.stringify([
          instance,
          { ...instance, name: 'vm', type: 'virtual-machine' },
        ]),
      },
      netns: { '/proc/42/ns/net': 7 },
    });
    expect(await runtime.find(machine, 'web')).toMatchObject({
      value: [
        {
          runtime: runtime.name,
          pid: 42,
          networks: [{ name: 'incusbr0', bridge: 'incusbr0', addresses: ['10.1.2.3'] }],
        },
      ],
    });
    expect(await runtime.find(machine, 'vm')).toMatchObject({ value: [] });
    expect(await runtime.list(machine)).toMatchObject({
      value: [{ name: 'web', state: 'running', addresses: ['10.1.2.3'], networks: ['incusbr0'] }],
    });
  },
);

test('systemd-nspawn: machined knows the leader', async () => {
  const machine = fakeMachine({
    lists: { '/run/systemd/machines': ['web', 'unit:machine-web.scope', '.#tmp'] },
    run: {
      'machinectl show web --property=Leader --property=Class --property=State':
        'Leader=42\nClass=container\nState=running\n',
    },
    netns: { '/proc/42/ns/net': 7 },
  });
  expect(await nspawn.find(machine, 'web')).toMatchObject({
    value: [{ runtime: 'nspawn', pid: 42, netns: { inode: 7 } }],
  });
  expect(await nspawn.list(machine)).toMatchObject({ value: [{ name: 'web', state: 'running' }] });
});

test.each([containerd, cri, incus, lxd, nspawn])(
  '$name starts no program where nothing of it is there',
  async (runtime) => {
    const machine = fakeMachine({});
    expect(await runtime.list(machine)).toMatchObject({ known: true, value: [] });
    expect(await runtime.find(machine, 'web')).toMatchObject({ known: true, value: [] });
    expect(machine.asked.filter((line) => !line.startsWith('read '))).toEqual([]);
  },
);

test('LXC without its programs is no error', async () => {
  expect(await lxc.list(fakeMachine({}))).toMatchObject({ known: true, value: [] });
  expect(await lxc.find(fakeMachine({}), 'web')).toMatchObject({ known: true, value: [] });
});
