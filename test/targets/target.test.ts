import { describe, expect, test } from 'vitest';
import { notKnown } from '../../src/model/answer.ts';
import { findTarget, listTargets, runtimes, stillThere } from '../../src/targets/target.ts';
import { fakeMachine, type Script } from '../discover/fake-machine.ts';

/** A container and a namespace, both called web. */
const both: Script = {
  netns: { '/run/netns/web': 7, '/proc/42/ns/net': 9 },
  files: { '/proc/net/dev': '' },
  lists: { '/run/netns': ['web'] },
  requests: {
    '/containers/web/json': {
      status: 200,
      body: {
        Id: '97ac1234567890',
        Name: '/web',
        State: { Running: true, Status: 'running', Pid: 42 },
        HostConfig: { NetworkMode: 'none' },
        NetworkSettings: { Networks: {} },
      },
    },
    '/containers/json?all=1': {
      status: 200,
      body: [{ Id: '97ac1234567890', Names: ['/web'], State: 'running' }],
    },
  },
};
const named: Script = { netns: { '/run/netns/red': 7 }, files: { '/proc/net/dev': '' } };

const problem = async (name: string, script: Script) => {
  const error = await findTarget(fakeMachine(script), name).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return (error as { problem?: { exit: number; code: string; message: string; hint: string } })?.problem;
};

describe('a name', () => {
  test('that one runtime has is that one', async () => {
    expect(await findTarget(fakeMachine(named), 'red')).toMatchObject({ runtime: 'netns', name: 'red' });
  });

  test('that two have is ambiguous: both are told in full, and what to type', async () => {
    const found = await problem('web', both);
    expect(found).toMatchObject({ exit: 2, code: 'ambiguous-target' });
    expect(found?.message).toContain('docker:97ac1234567');
    expect(found?.message).toContain('netns:web');
    expect(found?.hint).toMatch(/netdoctor (docker|netns):web/);
  });

  test('in a line to copy it is one word, whatever stands in it', async () => {
    const strange = '$(id) x';
    const found = await problem(strange, {
      netns: { [`/run/netns/${strange}`]: 7, '/proc/42/ns/net': 9 },
      files: { '/proc/net/dev': '' },
      lists: { '/run/netns': [strange] },
      run: { [`lxc-info --name ${strange} --state --pid`]: 'State: RUNNING\nPID: 42\n' },
    });
    expect(found?.hint).toMatch(/^Say which: netdoctor '(lxc|netns):\$\(id\) x'$/);
  });

  test('with its runtime is never ambiguous', async () => {
    expect(await findTarget(fakeMachine(both), 'netns:web')).toMatchObject({ runtime: 'netns' });
    expect(await findTarget(fakeMachine(both), 'docker:web')).toMatchObject({ runtime: 'docker', pid: 42 });
  });

  test('that nobody has: who was not asked, and how things are named', async () => {
    const found = await problem('blue', named);
    expect(found).toMatchObject({ exit: 2, code: 'unknown-target' });
    expect(found?.message).toContain('"blue"');
    expect(found?.message).toContain('docker');
    expect(found?.hint).toContain('netdoctor containers');
  });

  test('of a runtime there is not, or with no name at all', async () => {
    expect(await problem('rocker:web', named)).toMatchObject({ exit: 2, code: 'unknown-runtime' });
    expect(await problem('docker:', named)).toMatchObject({ exit: 2, code: 'empty-target' });
    expect(await problem('', named)).toMatchObject({ exit: 2, code: 'empty-target' });
  });

  test('a path is a namespace, and no runtime is asked', async () => {
    const machine = fakeMachine({ netns: { './here': 7 }, files: { '/proc/net/dev': '' } });
    expect(await findTarget(machine, './here')).toMatchObject({ runtime: 'netns' });
    expect(machine.asked.filter((line) => !line.startsWith('read'))).toEqual([]);
  });

  test('control characters of a name never reach the screen', async () => {
    expect((await problem('\u001b[31mred', named))?.message).not.toContain('\u001b');
  });

  test('of a runtime that is asked alone and may not be: what to run instead', async () => {
    const machine = fakeMachine(named);
    const shut = { ...machine, request: async () => notKnown('no-permission', 'it may not be opened', []) };
    await expect(findTarget(shut, 'docker:web')).rejects.toMatchObject({
      problem: { exit: 3, code: 'no-permission', hint: expect.stringContaining('sudo netdoctor docker:web') },
    });
  });
});

test('the list has all that answer, and says who does not', async () => {
  const { candidates, silent } = await listTargets(fakeMachine(both));
  expect(candidates.map(({ runtime, name }) => `${runtime}:${name}`).sort()).toEqual([
    'docker:web',
    'netns:web',
  ]);
  const without = await listTargets(fakeMachine(named));
  expect(without.silent.join()).toContain('docker');
  expect(silent.join()).not.toContain('docker');
});

test('a pid that somebody else has meanwhile is not the target any more', async () => {
  const target = await findTarget(fakeMachine(both), 'docker:web');
  expect(stillThere(fakeMachine(both), target)).toBe(true);
  expect(stillThere(fakeMachine({ netns: { '/proc/42/ns/net': 10 } }), target)).toBe(false);
  expect(stillThere(fakeMachine({}), target)).toBe(false);
});

test('no two runtimes have one name', () => {
  expect(new Set(runtimes.map(({ name }) => name)).size).toBe(runtimes.length);
});

describe('a runtime that answers in another shape', () => {
  test.each([
    null,
    {},
    [],
    5,
    'x',
    { State: null },
    { Name: 7, State: {} },
    { Name: '/web', State: { Running: true, Pid: 42 } },
  ])('%j is said, and is no failure of netdoctor itself', async (body) => {
    const script: Script = {
      netns: { '/proc/42/ns/net': 9 },
      files: {},
      requests: {
        '/containers/web/json': { status: 200, body },
        '/containers/json?all=1': { status: 200, body },
      },
    };
    expect(await problem('docker:web', script)).toMatchObject({
      exit: expect.any(Number),
      code: expect.stringMatching(/^(runtime-silent|not-running)$/),
    });
    await expect(listTargets(fakeMachine(script))).resolves.toMatchObject({ candidates: expect.any(Array) });
  });
});
