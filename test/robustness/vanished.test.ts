// What is looked at goes away while it is looked at.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import { Lab } from '../lab/lab.ts';
import { removeNamespaces } from '../lab/run.ts';
import { Leftovers } from './leftovers.ts';
import { begin, patient, silence } from './running.ts';

let lab: Lab;
let leftovers: Leftovers;
beforeEach(async () => {
  lab = await Lab.up();
  await lab.step(silence);
  leftovers = new Leftovers(lab);
});
afterEach(() => lab.down());

const last = (stdout: string): unknown => JSON.parse(stdout.trim().split('\n').at(-1) ?? '');

test('an interface that is deleted under its capture is said, and nothing is decided', async () => {
  const run = begin(lab, patient);
  leftovers.started(run.pid);
  await run.until('waiting');
  await lab.step({ in: 'host', sh: 'ip link delete vetha' });
  const { exitCode, stdout, stderr } = await run.ended;
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 3, stderr: '' });
  const diagnosis = last(stdout) as Diagnosis;
  expect(diagnosis).toMatchObject({ status: 'undecided', cause: null });
  expect(diagnosis.unknown).toContainEqual({
    what: 'packets on host/vetha',
    because: 'eth0 went away, vetha went away, while it was watched',
  });
  expect(await leftovers.find()).toEqual([]);
});

test('an interface that goes down under its capture is said too', async () => {
  const run = begin(lab, patient);
  await run.until('waiting');
  await lab.step({ in: 'host', sh: 'ip link set up0 down' });
  const { exitCode, stdout } = await run.ended;
  expect(exitCode).toBe(3);
  const diagnosis = last(stdout) as Diagnosis;
  expect(diagnosis.status).toBe('undecided');
  expect(diagnosis.unknown).toContainEqual({
    what: 'packets on host/br0',
    because: 'up0 went down, while it was watched',
  });
});

test('libpcap says it too, without the name', async () => {
  const run = begin(lab, [...patient, '--engine', 'cap']);
  await run.until('waiting');
  await lab.step({ in: 'host', sh: 'ip link delete vetha' });
  const { exitCode, stdout } = await run.ended;
  expect(exitCode).toBe(3);
  expect((last(stdout) as Diagnosis).unknown).toContainEqual({
    what: 'packets on host/vetha',
    because: 'a captured interface went down or away',
  });
});

test('a container whose namespace is deleted is said to be gone', async () => {
  // A short wait: the namespace itself lives on as long as a socket of the probe is open in it.
  const run = begin(lab, ['--to', '198.51.100.1', '--wait', '3']);
  await run.until('waiting');
  removeNamespaces([lab.names.A]);
  const { exitCode, stdout } = await run.ended;
  expect(exitCode).toBe(3);
  expect(last(stdout)).toMatchObject({
    schema: 'netdoctor/error/1',
    code: 'container-gone',
    message: `${lab.names.A} went away while it was looked at.`,
  });
  expect(await leftovers.find()).toEqual([]);
});
