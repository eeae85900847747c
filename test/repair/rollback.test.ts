import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Machine } from '../../src/host/machine.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import { apply } from '../../src/repair/apply.ts';
import type { Entry } from '../../src/repair/journal/entry.ts';
import { Journal } from '../../src/repair/journal/journal.ts';
import { isOverdue, overdue, settleOverdue } from '../../src/repair/overdue.ts';
import { keep, keepAll, rollbackTimer, waiting } from '../../src/repair/rollback.ts';
import { startRollback } from '../../src/repair/timer.ts';
import { entryLines, overdueLine } from '../../src/repair/words.ts';
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
  await startRollback(world.machine(), entry);
  expect(world.detached[0]?.argv.slice(-2)).toEqual(['rollback-timer', '1']);
  const machine = {
    ...world.machine(),
    detach: () => notKnown('unreadable', 'no more processes', []),
  };
  await expect(startRollback(machine, entry)).rejects.toThrow(/nothing is changed: no more processes/);
});

describe('where systemd runs', () => {
  /** A machine that systemd has started, with its netdoctor in these namespaces. */
  function booted(world: World, code: number, own = 'net:[1]') {
    const run: string[][] = [];
    const machine: Machine = {
      ...world.machine(),
      list: (folder) => (folder === '/run/systemd/system' ? known([], []) : world.machine().list(folder)),
      link: (file) => known(file.startsWith('/proc/1/') ? 'net:[1]' : own, []),
      run: async ({ argv }) => {
        run.push([...argv]);
        return known({ stdout: '', stderr: '', code }, argv);
      },
    };
    return { machine, run };
  }

  it('systemd waits, and there is no process that could be ended', async () => {
    const world = new World();
    const entry = await waitingChange(world, 45);
    const { machine, run } = booted(world, 0);
    await startRollback(machine, entry);
    expect(run[0]).toContain('--on-active=45s');
    expect(run[0]).toContain('--setenv=NETDOCTOR_STATE=/state');
    expect(run[0]?.slice(-3)).toEqual(['rollback-timer', '1', 'due']);
    expect(world.detached).toEqual([]);
  });

  it.each([
    ['refuses', 1, 'net:[1]'],
    ['has other namespaces', 0, 'net:[2]'],
  ])('a process of our own waits where it %s', async (_, code, own) => {
    const world = new World();
    const { machine } = booted(world, code, own);
    await startRollback(machine, await waitingChange(world));
    expect(world.detached).toHaveLength(1);
  });

  it('what is due is taken back at once', async () => {
    const world = new World();
    const before = world.configuration();
    await waitingChange(world, 100_000);
    expect(await rollbackTimer(world.machine(), '1', true)).toBe('taken back');
    expect(world.configuration()).toBe(before);
  });
});

describe('a timer that was killed', () => {
  it('leaves a change that is overdue, which is said, and taken back', async () => {
    const world = new World();
    const before = world.configuration();
    const entry = await waitingChange(world, 5);
    expect(overdue(world.machine())).toEqual([]);
    vi.setSystemTime(Date.now() + 60_000);
    expect(isOverdue(entry)).toBe(true);
    const [late] = overdue(world.machine());
    expect(entryLines(late!, { boot: 'b00t', hostNamespace: late!.hostNamespace })[0]).toContain(
      'overdue since',
    );
    expect(overdueLine(late!)).toContain('netdoctor undo 1');
    expect(await settleOverdue(world.machine(), [late!])).toMatchObject([{ result: 'taken back' }]);
    expect(world.configuration()).toBe(before);
    expect(overdue(world.machine())).toEqual([]);
  });

  it('leaves nothing overdue of what was kept', async () => {
    const world = new World();
    const entry = await waitingChange(world, 5);
    keep(new Journal(world.machine()), entry);
    vi.setSystemTime(Date.now() + 60_000);
    expect(overdue(world.machine())).toEqual([]);
  });
});
