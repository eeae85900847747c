import { expect, it } from 'vitest';
import type { Ground } from '../../../src/discover/fact.ts';
import modules from '../../../src/discover/facts/modules.ts';
import { fakeMachine } from '../fake-machine.ts';

const ground = {} as Ground;
const files = { '/proc/sys/kernel/osrelease': '6.1.0-1\n' };

it.each([
  [['6.1.0-1', '6.1.0-2'], { release: '6.1.0-1', present: true, others: ['6.1.0-2'] }],
  [['6.1.0-2'], { release: '6.1.0-1', present: false, others: ['6.1.0-2'] }],
])('finds the running kernel among %j', async (names, value) => {
  const machine = fakeMachine({ files, lists: { '/lib/modules': names } });
  expect(await modules.gather(machine, ground)).toMatchObject({ known: true, value });
});

it('takes a machine without the folder for one that never had modules', async () => {
  const answer = await modules.gather(fakeMachine({ files }), ground);
  expect(answer).toMatchObject({ known: true, value: { present: false, others: [] } });
});

it('says why it could not ask', async () => {
  expect(await modules.gather(fakeMachine({}), ground)).toMatchObject({ known: false, because: 'vanished' });
});
