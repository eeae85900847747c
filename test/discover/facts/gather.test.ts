import { expect, test } from 'vitest';
import { facts, gather } from '../../../src/discover/facts.ts';
import { healthy } from '../../causes/scene.ts';
import { fakeMachine } from '../fake-machine.ts';

const GATHERED = [
  'cgroup',
  'conntrack',
  'fdb',
  'firewall',
  'listeners',
  'members',
  'process',
  'replyRoute',
  'resolver',
  'sysctls',
  'traffic',
  'vlans',
  'xfrm',
] as const;

test('the folder is the registry, and each need has one file', () => {
  const names = facts.map((one) => one.name);
  expect(names).toEqual(expect.arrayContaining([...GATHERED]));
  expect(new Set(names).size).toBe(names.length);
});

test('a machine that answers nothing makes every fact unknown, and none of them throws', async () => {
  const answers = await gather(fakeMachine({}), healthy(), GATHERED);
  const known = Object.entries(answers).filter(([, answer]) => answer?.known);
  // No process: no cgroup; the far ends are asked of the kernel, which the fake plays itself.
  expect(known.map(([name]) => name).sort()).toEqual(['cgroup', 'members', 'vlans']);
  for (const [name, answer] of Object.entries(answers)) {
    if (!answer?.known) expect(answer?.detail, name).not.toBe('');
  }
});

test('only what is needed is asked', async () => {
  const machine = fakeMachine({ run: { 'ip xfrm policy': '' } });
  expect(Object.keys(await gather(machine, healthy(), ['xfrm', 'ruleHits']))).toEqual(['xfrm']);
  expect(machine.asked).toEqual(['ip xfrm policy']);
});

test('a gatherer that breaks down makes its own fact unknown', async () => {
  const machine = fakeMachine({ run: { 'ip xfrm policy': '' } });
  machine.farEnds = () => {
    throw new Error('no\u001b[31m luck');
  };
  const answers = await gather(machine, healthy(), ['xfrm', 'members']);
  expect(answers.xfrm?.known).toBe(true);
  expect(answers.members).toMatchObject({
    known: false,
    because: 'unreadable',
    detail: expect.not.stringContaining('\u001b'),
  });
});
