import { expect, test } from 'vitest';
import { follow, newRun } from '../../src/output/run.ts';
import { complete, ghost, sharedStart, written, wrongWord } from '../../src/repl/complete.ts';
import { emptyHistory, remember } from '../../src/repl/history.ts';
import type { Names } from '../../src/repl/names.ts';
import { commands } from '../../src/repl/registry.ts';
import { story } from './fixture/forwarding-off.ts';

const names: Names = {
  commands,
  targets: ['web', 'web-2', 'db'],
  causes: [{ id: 'ip-forward-off', title: 'IP forwarding is off' }],
  recipes: [
    { name: 'bridge-nat', title: 'A bridge with a way out' },
    { name: 'macvlan', title: 'On the segment of the uplink' },
  ],
  settings: [{ name: 'count', does: 'probes' }],
  last: story.reduce(follow, newRun),
};

const choices = (line: string) => complete(line, commands, names).choices.map(({ text }) => text);

test('completes commands, targets and destinations', () => {
  expect(choices('che')).toEqual(['check']);
  expect(choices('check we')).toEqual(['web', 'web-2']);
  expect(choices('check web ')).toContain('to');
  expect(choices('check web to container:d')).toEqual(['container:db']);
  expect(choices('check to ')[0]).toBe('198.51.100.1');
});

test('offers nothing after a word that is no command', () => {
  expect(choices('chekc w')).toEqual([]);
});

test('a name with a blank is quoted', () => {
  expect(written('my web')).toBe("'my web'");
  expect(written('web')).toBe('web');
});

test('finds what all choices share', () => {
  expect(
    sharedStart([
      { text: 'web', about: '' },
      { text: 'web-2', about: '' },
    ]),
  ).toBe('web');
  expect(sharedStart([])).toBe('');
});

test('grey text comes from the history first, else from the only word that fits', () => {
  const history = remember(emptyHistory, 'check db to 1.1.1.1');
  expect(ghost('check d', history, commands, names)).toBe('b to 1.1.1.1');
  expect(ghost('che', emptyHistory, commands, names)).toBe('ck');
  expect(ghost('check w', emptyHistory, commands, names)).toBe('');
  expect(ghost('', history, commands, names)).toBe('');
});

test('a wrong command is marked once the cursor has left it', () => {
  expect(wrongWord('chekc', commands)).toBeNull();
  expect(wrongWord('chekc ', commands)).toMatchObject({ start: 0, end: 5 });
  expect(wrongWord('check ', commands)).toBeNull();
});
