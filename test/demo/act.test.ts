import { expect, it } from 'vitest';
import { act } from '../../src/demo/act.ts';
import { bounded } from '../../src/host/bounded.ts';
import type { Machine, RunOptions } from '../../src/host/machine.ts';
import { known, notKnown } from '../../src/model/answer.ts';

const never = new AbortController().signal;

it('a program has the patience of the whole, and its input', async () => {
  const asked: (RunOptions | undefined)[] = [];
  const machine = {
    async run(_, options) {
      asked.push(options);
      return known({ stdout: '', stderr: '', code: 0 }, []);
    },
  } as Partial<Machine> as Machine;
  await act(bounded(machine, never, 20_000), { argv: ['ip', '-batch', '-'] }, 'link add\n');
  expect(asked).toMatchObject([{ timeout: 20_000, input: 'link add\n' }]);
});

it('one that takes longer is told with what gives it more', async () => {
  const machine = {
    run: async () => notKnown('timeout', 'ip did not answer in time', ['ip']),
  } as Partial<Machine> as Machine;
  await expect(act(machine, { argv: ['ip', 'link'] })).rejects.toMatchObject({
    problem: { message: expect.stringContaining('in time'), hint: 'netdoctor demo --timeout 60' },
  });
});
