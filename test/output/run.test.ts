import { expect, test } from 'vitest';
import { countsOf, follow, newRun } from '../../src/output/run.ts';
import { healthyStory, story } from '../repl/fixture/forwarding-off.ts';

test('counts requests and replies hop by hop', () => {
  const run = story.reduce(follow, newRun);
  expect(countsOf(run, 'container/eth0')).toEqual({ request: 3, reply: 0, error: 0 });
  expect(countsOf(run, 'host/eth0')).toEqual({ request: 0, reply: 0, error: 0 });
  expect(run.drops).toHaveLength(3);
  expect(run.diagnosis?.cause).toBe('ip-forward-off');

  const healthy = healthyStory.reduce(follow, newRun);
  expect(countsOf(healthy, 'host/eth0')).toEqual({ request: 1, reply: 1, error: 0 });
});

test('starts a clean path when the question is asked for the other family', () => {
  const run = story.slice(0, 20).reduce(follow, newRun);
  const again = follow(run, story[1]!);
  expect(again.counts).toEqual({});
  expect(again.target).toBe(run.target);
});

test('remembers which witnesses could not look, and why', () => {
  const armed = { type: 'armed', witness: 'capture', at: 'host/docker0', because: 'no permission' } as const;
  const run = follow(newRun, armed);
  expect(run.armed).toEqual({ 'host/docker0': 'no permission' });
  expect(run.absent).toEqual(['capture: no permission']);
});

test('a verdict about the flow before the last is shown with the path of that flow', () => {
  const first = story.slice(0, -1).reduce(follow, newRun);
  const { flow } = first;
  const second = follow(first, { type: 'flow', flow: { ...flow!, address: '2001:db8:f::1', family: 6 } });
  const verdict = story.at(-1)!;
  const run = follow(second, verdict);
  expect(run.flow).toEqual(flow);
  expect(run.counts).toEqual(first.counts);
  expect(run.path).toEqual(first.path);
  expect(run.earlier).toEqual([]);
});

test('a verdict about the last flow keeps the path of the last', () => {
  const first = story.reduce(follow, newRun);
  const again = story.slice(1).reduce(follow, first);
  expect(again.counts).toEqual(first.counts);
  expect(again.diagnosis?.cause).toBe('ip-forward-off');
});
