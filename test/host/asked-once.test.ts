import { expect, test } from 'vitest';
import { askedOnce } from '../../src/host/asked-once.ts';
import { fakeMachine } from '../discover/fake-machine.ts';

const netns = { inode: 7, path: '/run/netns/x' };

test('a program is run once for one question, however often and in whatever order it is put', async () => {
  const machine = fakeMachine({ run: { 'iptables-nft-save -c': 'rules', 'ss -ltn': 'sockets' } });
  const once = askedOnce(machine);
  const asked = [
    once.run({ argv: ['iptables-nft-save', '-c'] }),
    once.run({ argv: ['ss', '-ltn'] }),
    once.run({ argv: ['iptables-nft-save', '-c'] }),
    once.run({ argv: ['iptables-nft-save', '-c'], in: netns }),
  ];
  const [first, , again, inside] = await Promise.all(asked);
  expect(again).toBe(first);
  expect(inside).not.toBe(first);
  expect(machine.asked).toEqual([
    'iptables-nft-save -c',
    'ss -ltn',
    `nsenter --net=${netns.path} iptables-nft-save -c`,
  ]);
});

test('the kernel is asked once, and each time anew by whoever asks the machine itself', () => {
  const script: { kernel: Record<string, unknown> } = { kernel: { chains: ['before'] } };
  const machine = fakeMachine(script);
  const once = askedOnce(machine);
  expect(once.kernelTells('chains', null, null)).toMatchObject({ value: ['before'] });
  script.kernel = { chains: ['after'] };
  expect(once.kernelTells('chains', null, null)).toMatchObject({ value: ['before'] });
  expect(machine.kernelTells('chains', null, null)).toMatchObject({ value: ['after'] });
});

test('what is given an input is run each time', async () => {
  const machine = fakeMachine({ run: { 'ip -batch -': '' } });
  const once = askedOnce(machine);
  await once.run({ argv: ['ip', '-batch', '-'] }, { input: 'link show' });
  await once.run({ argv: ['ip', '-batch', '-'] }, { input: 'link show' });
  expect(machine.asked).toHaveLength(2);
});
