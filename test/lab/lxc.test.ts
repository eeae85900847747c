/** A real container of LXC on the lab's bridge, as netdoctor sees it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diagnosis } from '../../src/output/schema/documents/diagnosis.ts';
import { Lab } from './lab.ts';
import { program, runNetdoctor } from './lab-network.ts';
import { LxcContainer } from './lxc.ts';

let lab: Lab;
let web: LxcContainer;
beforeAll(async () => {
  lab = await Lab.up();
  web = await LxcContainer.up(lab);
});
afterAll(async () => {
  await web?.down();
  lab?.down();
});

const ask = async (to: string) => {
  const { stdout } = await runNetdoctor(lab, `lxc:${web.name}`, ['--to', to]);
  return diagnosis.parse(JSON.parse(stdout));
};

test('its packets are followed through the veth that LXC made', async () => {
  expect(await ask('198.51.100.1:80')).toMatchObject({
    status: 'healthy',
    target: { runtime: 'lxc', name: web.name },
    path: [{ id: 'container/eth0' }, { id: 'host/vethlxc' }, { id: 'host/br0' }, { id: 'host/up0' }],
  });
});

test('it reaches its neighbour on the bridge, whatever made that one', async () => {
  expect(await ask(`container:netns:${lab.names.A}:80`)).toMatchObject({ status: 'healthy' });
});

test('a veth that is off its bridge is named', async () => {
  await lab.step({ in: 'host', sh: 'ip link set vethlxc nomaster' });
  expect(await ask('198.51.100.1:80')).toMatchObject({ status: 'fault', cause: 'veth-not-on-bridge' });
  await lab.step({ in: 'host', sh: 'ip link set vethlxc master br0' });
});

test('containers and map show it', async () => {
  const listed = await lab.step({ in: 'host', sh: `"${program}" containers --json 2>/dev/null` });
  const { containers } = JSON.parse(listed.said) as { containers: { name: string; runtime: string }[] };
  expect(containers).toContainEqual(
    expect.objectContaining({ runtime: 'lxc', name: web.name, state: 'running' }),
  );
  const drawn = await lab.step({ in: 'host', sh: `"${program}" map --json 2>/dev/null` });
  const { links } = JSON.parse(drawn.said) as { links: { id: string; peer: string | null }[] };
  expect(links).toContainEqual(expect.objectContaining({ id: 'host/vethlxc', peer: `lxc:${web.name}/eth0` }));
});
