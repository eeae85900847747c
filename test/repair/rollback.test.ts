import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { apply } from '../../src/repair/apply.ts';
import type { Entry } from '../../src/repair/journal/entry.ts';
import { Journal } from '../../src/repair/journal/journal.ts';
import { keep, keepAll, rollbackTimer, startRollback, waiting } from '../../src/repair/rollback.ts';
import { fix } from './answers.ts';
import { World } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function waitingChange(world: World, seconds = 30): Promise<Entry> {
  const machine = world.machine();
  const about = { cause: null, target: null, rollbackAfter: seconds };
  return (await apply(machine, new Journal(machine), fix(), about)).entry;
}

async function atTheEnd(world: World, id = '1') {
  const timer = rollbackTimer(world.machine(), id);
  await vi.advanceTimersByTimeAsync(120_000);
  return timer;
}

it('takes the change back when nobody keeps it', async () => {
  const world = new World();
  const before = world.configuration();
  await waitingChange(world);
  expect(await atTheEnd(world)).toBe('taken back');
  expect(world.configuration()).toBe(before);
  expect(new Journal(world.machine()).get('1')).toMatchObject({
    status: 'undone',
    notes: [expect.stringContaining('within 30 s')],
  });
});

it('leaves a change that was kept, and ends before its time', async () => {
  const world = new World();
  const entry = await waitingChange(world, 100_000);
  const machine = world.machine();
  const journal = new Journal(machine);
  expect(waiting(journal)).toHaveLength(1);
  keep(journal, entry);
  expect(waiting(journal)).toEqual([]);
  const made = world.made.length;
  expect(await atTheEnd(world)).toBe('not needed');
  expect(world.made).toHaveLength(made);
});

it('takes back even what has drifted, since the person cannot be asked', async () => {
  const world = new World();
  const before = world.configuration();
  await waitingChange(world);
  world.sysctls.set('net.ipv4.ip_forward', '7');
  expect(await atTheEnd(world)).toBe('taken back');
  expect(world.configuration()).toBe(before);
});

it('does not wait for ever for a netdoctor that hangs', async () => {
  const world = new World();
  const before = world.configuration();
  await waitingChange(world);
  world.holder = 77;
  expect(await atTheEnd(world)).toBe('taken back');
  expect(world.configuration()).toBe(before);
});

it('is not needed for what is not there', async () => {
  expect(await atTheEnd(new World(), '9')).toBe('not needed');
});

it('keeps all that waits, and nothing where nothing does', async () => {
  const world = new World();
  expect(await keepAll(world.machine())).toEqual([]);
  await waitingChange(world);
  expect((await keepAll(world.machine())).map(({ id }) => id)).toEqual(['1']);
  expect(await keepAll(world.machine())).toEqual([]);
  expect(await atTheEnd(world)).toBe('not needed');
});

it('starts a timer of its own, and says so where it cannot', async () => {
  const world = new World();
  const entry = await waitingChange(world);
  const started: string[][] = [];
  const machine = {
    ...world.machine(),
    detach: ({ argv }: { argv: readonly string[] }) => {
      started.push([...argv]);
      return started.length === 1
        ? { known: true, value: undefined, source: argv }
        : { known: false, because: 'unreadable', detail: 'no more processes', source: argv };
    },
  } as unknown as Parameters<typeof startRollback>[0];
  startRollback(machine, entry);
  expect(started[0]?.slice(-2)).toEqual(['rollback-timer', '1']);
  expect(() => startRollback(machine, entry)).toThrow(/nothing is changed: no more processes/);
});
