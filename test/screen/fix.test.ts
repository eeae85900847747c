import { expect, test } from 'vitest';
import type { RepairRequest } from '../../src/repair/request.ts';
import { diagnosis, healthyStory, story } from '../repl/fixture/forwarding-off.ts';
import { converse } from './conversation.ts';
import { until } from './terminal.ts';

const [finding] = diagnosis.findings;
const offer = { finding: finding!, fix: finding!.fixes[0]! };

/** Asks for agreement as the real one does, then asks the question again. */
function repairing(agreed: boolean[]) {
  return async (
    first: typeof diagnosis,
    { agree, ask, tell }: Omit<RepairRequest, 'machine' | 'startRollback'>,
  ) => {
    tell({ type: 'offer', offer, extra: [] });
    agreed.push(await agree(offer, []));
    if (!agreed.at(-1)) return { repairs: [], last: first };
    const after = await ask();
    const entry = { id: '1' } as never;
    tell({
      type: 'judged',
      offer,
      entry,
      judgement: 'healthy',
      because: null,
      before: first,
      after,
      kept: true,
    });
    return { repairs: [], last: after };
  };
}

test('a fix is shown, agreed to, and proved by the same question', async () => {
  const agreed: boolean[] = [];
  const { terminal, told, ended } = converse(80, 24, { events: story, repair: repairing(agreed) });
  await until(terminal, (all) => all.some((row) => row.startsWith('✗ Requests stop')), 'the verdict');
  terminal.type('fix 1\r');
  await until(terminal, (all) => all.some((row) => row.startsWith('Make this change?')), 'the question');
  // In one piece, as a fast hand or a script sends it.
  terminal.type('nn\u007f\u007fyes\r');
  await until(terminal, (all) => all.some((row) => row.startsWith('✓ It helped')), 'the proof');
  expect(agreed).toEqual([true]);
  expect(told.asked).toHaveLength(2);
  expect(told.asked[1]).toEqual(told.asked[0]);
  terminal.type('\u0004');
  await ended;
});

/** Lets a dangerous fix through as the real one does: when its name is typed. */
function dangerous(typed: string[], requests: Omit<RepairRequest, 'machine' | 'startRollback'>[]) {
  return async (first: typeof diagnosis, request: Omit<RepairRequest, 'machine' | 'startRollback'>) => {
    requests.push(request);
    request.tell({ type: 'offer', offer, extra: [] });
    typed.push((await request.typeName?.('docker0')) ?? 'nobody was asked');
    return { repairs: [], last: first };
  };
}

test('a dangerous fix asks for the name of what it changes; the words of the line reach the repair', async () => {
  const typed: string[] = [];
  const requests: Omit<RepairRequest, 'machine' | 'startRollback'>[] = [];
  const { terminal, ended } = converse(80, 24, { events: story, repair: dangerous(typed, requests) });
  await until(terminal, (all) => all.some((row) => row.startsWith('✗ Requests stop')), 'the verdict');
  terminal.type('fix 1 --rollback-after 60\r');
  await until(
    terminal,
    (all) => all.some((row) => row.startsWith('This is dangerous. Type docker0')),
    'the question',
  );
  terminal.type('docker0\r');
  await until(terminal, () => typed.length > 0, 'the name');
  expect(typed).toEqual(['docker0']);
  expect(requests[0]).toMatchObject({ allowed: 'dangerous', rollbackAfter: 60, only: '1', persist: false });
  terminal.type('\u0004');
  await ended;
});

test.each([
  ['Enter alone', '\r'],
  ['n', 'n\r'],
  ['Esc', '\u001b'],
  ['Ctrl-C', '\u0003'],
])('%s is no', async (_, keys) => {
  const agreed: boolean[] = [];
  const { terminal, ended } = converse(80, 24, { events: healthyFirst, repair: repairing(agreed) });
  await until(terminal, (all) => all.some((row) => row.startsWith('✗ Requests stop')), 'the verdict');
  terminal.type('fix\r');
  await until(terminal, (all) => all.some((row) => row.startsWith('Make this change?')), 'the question');
  terminal.type(keys);
  await until(terminal, () => agreed.length > 0, 'the answer');
  expect(agreed).toEqual([false]);
  await until(
    terminal,
    (all) => all.at(-2)?.startsWith('netdoctor web ▸') || all.some((row) => row === 'netdoctor web ▸'),
    'the prompt',
  );
  terminal.type('\u0004');
  await ended;
});

const healthyFirst = [...healthyStory.slice(0, 2), ...story];
