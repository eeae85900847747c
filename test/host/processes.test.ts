import { expect, it } from 'vitest';
import { processes, processesIn } from '../../src/host/processes.ts';
import { fakeMachine } from '../discover/fake-machine.ts';

const machine = fakeMachine({
  lists: { '/proc': ['1', '40', '41', '42', 'self', 'net'] },
  // The last one ends before it is looked at.
  symbolic: { '/proc/1/ns/net': 'net:[1]', '/proc/40/ns/net': 'net:[7]', '/proc/41/ns/net': 'net:[77]' },
});

it('tells processes by their numbers, and those of one namespace', () => {
  expect(processes(machine)).toEqual(['1', '40', '41', '42']);
  expect([...processesIn(machine, 7)]).toEqual(['40']);
});

it('tells of none where they cannot be listed', () => {
  expect(processes(fakeMachine({}))).toEqual([]);
  expect([...processesIn(fakeMachine({}), 7)]).toEqual([]);
});
