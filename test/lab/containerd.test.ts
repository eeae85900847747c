/** What containerd's own containers look like to netdoctor: a real containerd, and the lab's network. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diagnosis } from '../../src/output/schema/documents/diagnosis.ts';
import { Containerd } from './containerd.ts';
import { Lab } from './lab.ts';
import { program, runNetdoctor } from './lab-network.ts';

let lab: Lab;
let containerd: Containerd;
beforeAll(async () => {
  lab = await Lab.up();
  containerd = await Containerd.up(lab);
  await containerd.run('web', lab.namespace('A'));
  await containerd.run('alone');
});
afterAll(async () => {
  await containerd?.down();
  lab?.down();
});

const ask = async (target: string) => {
  const { stdout } = await runNetdoctor(lab, target, ['--to', '198.51.100.1:80']);
  return diagnosis.parse(JSON.parse(stdout));
};

test('a container is found by its name, and its packets are followed', async () => {
  const answer = await ask('containerd:web');
  expect(answer).toMatchObject({
    status: 'healthy',
    target: { runtime: 'containerd', name: 'web' },
    path: [{ id: 'container/eth0' }, { id: 'host/vetha' }, { id: 'host/br0' }, { id: 'host/up0' }],
  });
});

test('a fault on its way is named', async () => {
  await lab.step({ in: 'host', sh: 'sysctl -qw net.ipv4.ip_forward=0' });
  expect(await ask('containerd:web')).toMatchObject({ status: 'fault', cause: 'ip-forward-off' });
  await lab.step({ in: 'host', sh: 'sysctl -qw net.ipv4.ip_forward=1' });
});

test('a container in a namespace of its own has no interface, as ctr leaves it', async () => {
  expect(await ask('containerd:alone')).toMatchObject({ status: 'fault', cause: 'container-no-interface' });
});

test('containers lists it with its address', async () => {
  const { said } = await lab.step({ in: 'host', sh: `"${program}" containers --json 2>/dev/null` });
  const { containers } = JSON.parse(said) as { containers: { runtime: string; name: string }[] };
  expect(containers).toContainEqual(
    expect.objectContaining({ runtime: 'containerd', name: 'web', state: 'running' }),
  );
});

test('one that has ended says how it is started', async () => {
  await containerd.client('tasks', 'delete', '--force', 'alone');
  const { exitCode, stdout } = await runNetdoctor(lab, 'containerd:alone', []);
  expect(exitCode).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ hint: expect.stringContaining('ctr -n default tasks start') });
});
