import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/fix.ts';
import { persisting } from '../../src/repair/persist.ts';
import { fix, lines } from './answers.ts';
import { World } from './world.ts';

const SYSCTL = '/etc/sysctl.d/90-netdoctor.conf';
const DAEMON = '/etc/docker/daemon.json';

async function persisted(
  world: World,
  about: Parameters<typeof fix>[0],
): Promise<{ changes: Change[]; notes: string[] }> {
  const notes: string[] = [];
  const changes = await persisting(world.machine(), fix(about), (says) => notes.push(says));
  return { changes, notes };
}

const holding = (files: Record<string, string>): World => {
  const world = new World();
  for (const [file, text] of Object.entries(files)) world.files.set(file, { text, access: '644 0:0' });
  return world;
};

const wish = (file: string, after: string): Change => ({ file, before: null, after, mode: '0644' });

async function merged(file: string, present: string, fragment: string): Promise<string | null> {
  const { changes } = await persisted(holding({ [file]: present }), { persist: [wish(file, fragment)] });
  const [change] = changes;
  if (change === undefined) return present;
  expect(change).toMatchObject({ file, before: present });
  return 'file' in change ? change.after : null;
}

describe('sysctl.d', () => {
  it('is written anew where there is none', async () => {
    const { changes } = await persisted(new World(), { persist: [wish(SYSCTL, 'a.b = 1\n')] });
    expect(changes).toEqual([{ file: SYSCTL, before: null, after: 'a.b = 1\n', mode: '0644' }]);
  });

  it('keeps what is there, with its comments', async () => {
    expect(await merged(SYSCTL, '# mine\nvm.swappiness=7', 'a.b = 1\n')).toBe(
      '# mine\nvm.swappiness=7\na.b = 1\n',
    );
  });

  it('gives a key that is there its new value in its place', async () => {
    expect(await merged(SYSCTL, 'x=1\na/b=0 \ny=2\n', 'a.b = 1\n')).toBe('x=1\na.b = 1\ny=2\n');
    expect(await merged(SYSCTL, '-a.b = 0\n', 'a.b = 1\n')).toBe('a.b = 1\n');
  });

  it('is left alone where it says so already', async () => {
    const { changes } = await persisted(holding({ [SYSCTL]: 'a.b=1\n' }), {
      persist: [wish(SYSCTL, 'a.b = 1\n')],
    });
    expect(changes).toEqual([]);
  });

  it('is where a plain sysctl fix is kept, and several keys make one change', async () => {
    const { changes } = await persisted(new World(), {
      apply: lines('sysctl -w a.b=1 c.d=2', 'sysctl -w e.f=3'),
    });
    expect(changes).toEqual([
      { file: SYSCTL, before: null, after: 'a.b = 1\nc.d = 2\ne.f = 3\n', mode: '0644' },
    ]);
  });
});

describe("Docker's daemon.json", () => {
  it('is merged, never clobbered', async () => {
    const text = await merged(
      DAEMON,
      '{\n    "dns": ["192.0.2.53"],\n    "log-opts": {"max-size": "1m"}\n}\n',
      '{"iptables": true, "dns": ["192.0.2.54"], "log-opts": {"max-file": "3"}}',
    );
    expect(JSON.parse(text ?? '')).toEqual({
      dns: ['192.0.2.53', '192.0.2.54'],
      'log-opts': { 'max-size': '1m', 'max-file': '3' },
      iptables: true,
    });
    expect(text).toMatch(/^\{\n {4}"dns"/);
  });

  it('is not touched where it is no JSON', async () => {
    await expect(merged(DAEMON, '{ // mine\n}', '{"iptables": true}')).rejects.toMatchObject({
      problem: { exit: 3, code: 'file-unmergeable' },
    });
  });

  it('is shown to dockerd first, and refused with its words', async () => {
    const world = holding({ [DAEMON]: '{}' });
    const machine = world.machine();
    const asked: string[] = [];
    const refusing: typeof machine = {
      ...machine,
      run: async (command) => {
        if (command.argv[0] !== 'dockerd') return machine.run(command);
        asked.push(machine.read(command.argv.at(-1) ?? '').known ? 'the merged file' : 'nothing');
        return {
          known: true,
          value: { stdout: '', stderr: 'unable to configure: unknown key x', code: 1 },
          source: [],
        };
      },
    };
    await expect(
      persisting(refusing, fix({ persist: [wish(DAEMON, '{"x": 1}')] }), () => {}),
    ).rejects.toMatchObject({
      problem: { code: 'file-invalid', message: expect.stringContaining('unknown key x') },
    });
    expect(asked).toEqual(['the merged file']);
    expect([...world.files.keys()]).toEqual([DAEMON]);
  });
});

describe("a setting of Docker's default network", () => {
  const old = '{\n    "icc": false,\n    "ip-masq": false,\n    "mtu": 1500,\n    "debug": true\n}\n';
  it.each([
    ['iptables -t filter -I FORWARD 1 -i docker0 -o docker0 -j ACCEPT', 'icc', true],
    ['iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE', 'ip-masq', true],
    ['ip link set dev docker0 mtu 1400', 'mtu', 1400],
  ])('is turned in daemon.json, where that is what turned it off: %s', async (line, key, value) => {
    const { changes, notes } = await persisted(holding({ [DAEMON]: old }), { apply: lines(line) });
    expect(changes).toHaveLength(1);
    const [change] = changes;
    const text = change && 'file' in change ? change.after : null;
    expect(change).toMatchObject({ file: DAEMON, before: old });
    expect(JSON.parse(text ?? '')).toEqual({ ...JSON.parse(old), [key]: value });
    expect(text?.split('\n').filter((row) => !old.split('\n').includes(row))).toHaveLength(1);
    expect(notes).toEqual([]);
  });

  it.each([
    ['nothing about it', '{"debug": true}\n'],
    ['the same', '{"icc": true}\n'],
    ['nothing that can be read', '{ // mine\n}'],
  ])('is left to a flag or a default where daemon.json says %s', async (_, text) => {
    const line = 'iptables -t filter -I FORWARD 1 -i docker0 -o docker0 -j ACCEPT';
    const { changes } = await persisted(holding({ [DAEMON]: text }), { apply: lines(line) });
    expect(changes).toEqual([]);
  });

  it('is not touched for other networks and other rules', async () => {
    for (const line of [
      'iptables -t filter -I FORWARD 1 -i br-1 -o br-1 -j ACCEPT',
      'iptables -t filter -I FORWARD 1 -i docker0 -o eth0 -j ACCEPT',
      'iptables -t nat -A POSTROUTING -s 172.18.0.0/16 ! -o br-1 -j MASQUERADE',
      'ip link set dev br-1 mtu 1400',
    ])
      expect((await persisted(holding({ [DAEMON]: old }), { apply: lines(line) })).changes).toEqual([]);
  });
});

describe('a route of the host', () => {
  const route = { apply: lines('ip route add 198.51.100.0/24 via 192.0.2.2 dev eth0') };

  it('goes into the netplan file that has the interface, with its comments', async () => {
    const file = '/etc/netplan/50-cloud-init.yaml';
    const text =
      '# by hand\nnetwork:\n  version: 2\n  ethernets:\n    eth0:\n      dhcp4: true # yes\n      routes:\n        - to: default\n          via: 192.0.2.1\n';
    const { changes } = await persisted(
      holding({ [file]: text, '/etc/netplan/60.yaml': 'network: {}\n' }),
      route,
    );
    expect(changes).toMatchObject([{ file, before: text }]);
    const [change] = changes;
    expect(change && 'file' in change && change.after).toBe(
      `${text}        - to: 198.51.100.0/24\n          via: 192.0.2.2\n`,
    );
  });

  it("goes into a drop-in of systemd-networkd's file", async () => {
    const { changes } = await persisted(
      holding({ '/etc/systemd/network/10-up.network': '[Match]\nName=eth0\n' }),
      route,
    );
    expect(changes).toMatchObject([
      {
        file: '/etc/systemd/network/10-up.network.d/90-netdoctor.conf',
        after: '[Route]\nDestination=198.51.100.0/24\nGateway=192.0.2.2\n',
      },
    ]);
  });

  it('goes into interfaces.d with ifupdown', async () => {
    const { changes } = await persisted(
      holding({ '/etc/network/interfaces': 'iface eth0 inet dhcp\n' }),
      route,
    );
    expect(changes).toMatchObject([
      {
        file: '/etc/network/interfaces.d/netdoctor-eth0',
        after: expect.stringContaining('up ip route replace 198.51.100.0/24 via 192.0.2.2 dev eth0'),
      },
    ]);
  });

  it('is not kept, and that is said, where nobody has the interface', async () => {
    const { changes, notes } = await persisted(
      holding({ '/etc/network/interfaces': 'iface eth1 inet dhcp\n' }),
      route,
    );
    expect(changes).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('across a restart')]);
  });
});

describe('an iptables rule of the host', () => {
  const rule = { apply: lines('iptables -t nat -A POSTROUTING -s 10.88.0.0/24 -j MASQUERADE') };

  it("goes before the COMMIT of its table in iptables-persistent's file", async () => {
    const text = '*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n*nat\n-A POSTROUTING -j RETURN\nCOMMIT\n';
    const { changes } = await persisted(holding({ '/etc/iptables/rules.v4': text }), rule);
    expect(changes).toMatchObject([
      {
        after:
          '*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n*nat\n-A POSTROUTING -j RETURN\n-A POSTROUTING -s 10.88.0.0/24 -j MASQUERADE\nCOMMIT\n',
      },
    ]);
  });

  it("goes into ufw's before.rules only where ufw is on, first in its chain when it was inserted", async () => {
    const before = '*filter\n-A ufw-before-forward -j DROP\nCOMMIT\n';
    const insert = { apply: lines('iptables -I ufw-before-forward 1 -i br0 -j ACCEPT') };
    const files = { '/etc/ufw/before.rules': before, '/etc/ufw/ufw.conf': 'ENABLED=yes\n' };
    const { changes } = await persisted(holding(files), insert);
    expect(changes).toMatchObject([
      { after: '*filter\n-A ufw-before-forward -i br0 -j ACCEPT\n-A ufw-before-forward -j DROP\nCOMMIT\n' },
    ]);
    const off = await persisted(holding({ ...files, '/etc/ufw/ufw.conf': 'ENABLED=no\n' }), insert);
    expect(off.changes).toEqual([]);
  });

  it("goes into firewalld's direct.xml where firewalld runs, beside what is there", async () => {
    const old =
      '<?xml version="1.0"?>\n<direct>\n  <rule priority="0" table="filter" ipv="ipv4" chain="FORWARD">-j LOG</rule>\n</direct>\n';
    const files = {
      '/etc/firewalld/firewalld.conf': '',
      '/run/firewalld/x': '',
      '/etc/firewalld/direct.xml': old,
    };
    const { changes } = await persisted(holding(files), rule);
    const [change] = changes;
    expect(change && 'file' in change && change.after?.split('\n')).toEqual([
      ...old.split('\n').slice(0, 3),
      '  <rule priority="10" table="nat" ipv="ipv4" chain="POSTROUTING">-s 10.88.0.0/24 -j MASQUERADE</rule>',
      '</direct>',
      '',
    ]);
  });
});

it('never overwrites a file of a kind it does not know', async () => {
  await expect(merged('/etc/strange.conf', 'mine\n', 'yours\n')).rejects.toMatchObject({
    problem: { code: 'file-exists' },
  });
});

it('asks nothing of the host for changes inside a container', async () => {
  const inside: Change = { run: { argv: ['sysctl', '-w', 'a.b=1'], in: { inode: 7, path: '/run/netns/a' } } };
  const { changes, notes } = await persisted(new World(), { apply: [inside] });
  expect(changes).toEqual([]);
  expect(notes).toHaveLength(1);
});
