import { expect, test } from 'vitest';
import { gatherOne } from '../../../src/discover/facts.ts';
import { known } from '../../../src/model/answer.ts';
import { healthy } from '../../causes/scene.ts';

const entry = (state: string, back: string, flags = '') =>
  `tcp 6 100 ${state}src=10.88.0.2 dst=198.51.100.1 sport=40000 dport=53 ${flags}src=198.51.100.1 dst=${back} sport=53 dport=40000 mark=0 use=1`;

const found = async (...lines: string[]): Promise<number> => {
  const machine = {
    kernelTells: (_: string, __: null, { proto }: { proto: string }) =>
      known(proto === 'tcp' ? lines : [], []),
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
