import { expect, test } from 'vitest';
import pid from '../../../src/targets/runtimes/pid.ts';
import { fakeMachine } from '../../discover/fake-machine.ts';

const machine = fakeMachine({
  netns: { '/proc/42/ns/net': 7, '/proc/1/ns/net': 1 },
  files: { '/proc/42/comm': 'ng\u001binx\n' },
});

test('a process, and the namespace it lives in', async () => {
  expect(await pid.find(machine, '42')).toMatchObject({
    known: true,
    value: [
      {
        runtime: 'pid',
        name: '42',
        pid: 42,
        netns: { inode: 7, path: '/proc/42/ns/net' },
        hostNetwork: false,
        about: 'process nginx',
      },
    ],
  });
});

test('a process of the host has no namespace of its own', async () => {
  expect(await pid.find(machine, '1')).toMatchObject({ value: [{ hostNetwork: true }] });
});

test('one that is gone is nothing', async () => {
  expect(await pid.find(machine, '4242')).toMatchObject({ known: true, value: [] });
});

test.each(['web', '0', '-3', '1.5', '', '1e99', '12 34'])(
  '"%s" is no process id, and it is said what is',
  async (word) => {
    await expect(pid.find(machine, word)).rejects.toMatchObject({
      problem: { exit: 2, code: 'bad-pid', hint: 'Give a number: netdoctor pid:1234' },
    });
  },
);

test('is never asked for a bare name, and lists nothing', async () => {
  expect(pid.bare).toBe(false);
  expect(await pid.list(machine)).toMatchObject({ value: [] });
});
