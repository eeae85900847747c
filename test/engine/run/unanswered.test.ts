import { expect, test } from 'vitest';
import { RunLog } from '../../../src/engine/run/log.ts';
import { endUnanswered } from '../../../src/engine/run/unanswered.ts';
import type { ProbeOutcome, Sighting } from '../../../src/model/sighting.ts';

const seen = (at: number, kind: Sighting['kind'], probe = 0): Sighting =>
  ({ hop: 'host/up0', at, kind, probe }) as Sighting;
const outcome = (probe: number, result: ProbeOutcome['result']): ProbeOutcome => ({
  probe,
  result,
  microseconds: null,
  errno: null,
  says: null,
});

function logOf(...sightings: Sighting[]): RunLog {
  const log = new RunLog({ now: () => 2_000_000_001n, after: () => () => undefined } as never, () => {});
  log.noteSent(0, 1n);
  for (const one of sightings) log.see(one);
  return log;
}

test('what a capture shows of an answer that came when nobody waited any more is no part of the probe', () => {
  const log = logOf(seen(40, 'request'));
  endUnanswered(log, [outcome(0, 'silent')], 1000);
  log.see(seen(1_009_026, 'reply'));
  expect(log.sightings).toEqual([seen(40, 'request')]);
});

test('what a busy capture shows of one that came in time is', () => {
  const log = logOf(seen(40, 'request'));
  endUnanswered(log, [outcome(0, 'silent')], 1000);
  log.see(seen(999_000, 'reply'));
  expect(log.sightings).toHaveLength(2);
});

test('nor is taken away what was told of the packet itself before it was given up', () => {
  const log = logOf(seen(40, 'request'), { ...seen(1_004_000, 'request'), hop: 'host/br0' });
  endUnanswered(log, [outcome(0, 'silent')], 1000);
  expect(log.sightings).toHaveLength(2);
});

test('nothing is taken from those that were answered, or whose answer was seen and waited for', () => {
  const log = logOf(seen(40, 'request'), seen(50, 'request', 1), seen(1_001_000, 'reply', 1));
  endUnanswered(log, [outcome(0, 'answered'), outcome(1, 'silent')], 1000);
  log.see(seen(1_002_000, 'reply'));
  log.see({ ...seen(1_003_000, 'reply', 1), hop: 'container/eth0' });
  expect(log.sightings).toHaveLength(5);
});
