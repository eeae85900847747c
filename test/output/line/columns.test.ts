import { expect, it } from 'vitest';
import { columnsOf } from '../../../src/output/line/columns.ts';

const rows = [
  ['docker:web', 'running', '', 'eth0 172.17.0.2/16, eth1 10.88.0.2/24'],
  ['netns:red', 'present', '', ''],
];

it('aligns, leaves out a column that is empty everywhere, and wraps the last', () => {
  expect(columnsOf(rows, 80)).toEqual([
    'docker:web   running   eth0 172.17.0.2/16, eth1 10.88.0.2/24',
    'netns:red    present',
  ]);
  expect(columnsOf(rows, 50)).toEqual([
    'docker:web   running   eth0 172.17.0.2/16, eth1',
    '                       10.88.0.2/24',
    'netns:red    present',
  ]);
});

it('stacks the cells where they do not fit beside one another', () => {
  expect(columnsOf(rows, 40)).toEqual([
    'docker:web',
    '    running',
    '    eth0 172.17.0.2/16, eth1',
    '    10.88.0.2/24',
    'netns:red',
    '    present',
  ]);
});

it('has nothing to say about nothing', () => {
  expect(columnsOf([], 80)).toEqual([]);
});

it('counts cells, not letters', () => {
  const [one, two] = columnsOf(
    [
      ['网', 'x'],
      ['ab', 'y'],
    ],
    80,
  );
  expect([one, two]).toEqual(['网   x', 'ab   y']);
});
