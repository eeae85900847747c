import { expect, test } from 'vitest';
import { gatherOne } from '../../../src/discover/facts.ts';
import { known } from '../../../src/model/answer.ts';
import { healthy } from '../../causes/scene.ts';

const entry = (state: string, back: string, flags = '', end = '') =>
  `tcp 6 100 ${state}src=10.88.0.2 dst=198.51.100.1 sport=40000 dport=53 ${flags}src=198.51.100.1 dst=${back} sport=53 dport=40000 ${end}mark=0 use=1`;

const datagrams = (end = ''): string => entry('', '10.88.0.2', '', end).replace('tcp 6', 'udp 17');

const found = async (...lines: string[]): Promise<number> => {
  const machine = {
    kernelTells: (_: string, __: null, { proto }: { proto: string }) =>
      known(
        lines.filter((line) => line.startsWith(proto)),
        [],
      ),
  };
  const answer = await gatherOne(machine as never, healthy() as never, 'answeredAsItself');
  return answer.known ? (answer.value as readonly unknown[]).length : -1;
};

test('what was answered lately to the very address that asked is told', async () => {
  expect(await found(entry('TIME_WAIT ', '10.88.0.2'))).toBe(1);
});

test('what was rewritten, not answered, or has stood for long is not', async () => {
  expect(await found(entry('TIME_WAIT ', '192.0.2.1'))).toBe(0);
  expect(await found(entry('SYN_SENT ', '10.88.0.2', '[UNREPLIED] '))).toBe(0);
  expect(await found(entry('ESTABLISHED ', '10.88.0.2'))).toBe(0);
});

test('datagrams were answered lately, unless a conversation has gone on for longer', async () => {
  expect(await found(datagrams())).toBe(1);
  expect(await found(datagrams('[ASSURED] '))).toBe(0);
});
