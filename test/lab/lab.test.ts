import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from './lab.ts';
import { type Place, places } from './names.ts';
import { namespaceOf, startedFrom } from './processes.ts';

/** Questions that the lab as built must answer: who asks, and what. */
const answered: [Place, string][] = [
  ['A', 'ping -n -c1 -W2 198.51.100.1'],
  ['A', 'ask tcp 198.51.100.1 80'],
  ['A', 'ask tcp 198.51.100.1 80 big'],
  ['A', 'ask tcp 198.51.100.1 80 up'],
  ['A', 'ask udp 198.51.100.53 53'],
  ['A', 'ask udp 10.88.0.1 53'],
  ['A', 'ask tcp 10.88.0.3 80 up'],
  ['A', 'ask tcp 10.88.0.1 9000'],
  ['B', 'ask tcp 192.0.2.1 8080'],
  ['LAN', 'ask tcp 192.0.2.1 8080'],
  ['host', 'ask tcp 10.88.0.2 80'],
  ['host', 'ask tcp 127.0.0.1 8080'],
  ['host', 'ask tcp 192.0.2.1 8080'],
];

/** What its rules keep apart. */
const refused: [Place, string][] = [
  ['A', 'ask tcp 10.89.0.2 80 get 1'],
  ['LAN', 'ask tcp 10.88.0.2 80 get 1'],
];

describe('the lab as built', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.up();
  });
  afterAll(() => lab.down());

  test.each(answered)('%s: %s is answered', async (place, sh) => {
    expect(await lab.step({ in: place, sh })).toMatchObject({ exitCode: 0 });
  });

  test.each(refused)('%s: %s is not answered', async (place, sh) => {
    expect(await lab.step({ in: place, sh })).toMatchObject({ exitCode: 1 });
  });

  test('has no interface of the machine that it runs on', async () => {
    const { said } = await lab.step({ in: 'host', sh: 'ip -br link' });
    const names = said
      .trim()
      .split('\n')
      .map((line) => line.split(/[@ ]/)[0]);
    expect(names.sort()).toEqual(['br0', 'br1', 'lo', 'up0', 'vetha', 'vethb', 'vethc']);
  });
});

test('with IPv6 it answers in both families', async () => {
  const lab = await Lab.up({ ipv6: true });
  try {
    for (const sh of ['ask tcp 2001:db8:f::1 80', 'ask tcp fd00:88::3 80', 'ask tcp 198.51.100.1 80']) {
      expect(await lab.step({ in: 'A', sh })).toEqual({ exitCode: 0, said: 'ok\n' });
    }
  } finally {
    lab.down();
  }
});

test('two stand side by side, and one that is taken down leaves nothing', async () => {
  const [one, two] = await Promise.all([Lab.up(), Lab.up()]);
  try {
    const { said } = await one.step({ in: 'A', sh: 'echo $$ >"$CG/cgroup.procs"; sleep 300 & echo $!' });
    expect(namespaceOf(Number(said))).toBeDefined();
    one.down();
    expect(namespaceOf(Number(said))).toBeUndefined();
    expect(existsSync(one.folder)).toBe(false);
    for (const place of places) expect(existsSync(one.namespace(place))).toBe(false);
    expect(await two.step({ in: 'A', sh: 'ask tcp 198.51.100.1 80' })).toMatchObject({ exitCode: 0 });
  } finally {
    one.down();
    two.down();
  }
});

test('it ends what a step has started in a namespace that is not its own', async () => {
  const lab = await Lab.up();
  await lab.step({ in: 'host', sh: 'unshare --net bash -c "serve tcp 0.0.0.0 80 & sleep 0.3"' });
  const { folder } = lab;
  expect(startedFrom(folder).some((pid) => namespaceOf(pid) !== undefined)).toBe(true);
  lab.down();
  expect(startedFrom(folder)).toEqual([]);
});

test('it loads the BPF programs that scenarios pin', async () => {
  const lab = await Lab.up();
  try {
    expect(await lab.step({ in: 'host', sh: 'bpf-load && ls "$BPF" && test -d "$CG"' })).toMatchObject({
      exitCode: 0,
      said: expect.stringContaining('tc_drop'),
    });
  } finally {
    lab.down();
  }
});
