// The waiting of a run for an answer from beyond this host, with its clock and its log, and witnesses made of a few lines.
import { expect, test } from 'vitest';
import { RunLog } from '../../../src/engine/run/log.ts';
import { isSilentBeyond, isStillSilent } from '../../../src/engine/run/so-far.ts';
import { untilDecided, type Waited } from '../../../src/engine/run/until-decided.ts';
import { realClock } from '../../../src/host/clock.ts';
import { known, notKnown } from '../../../src/model/answer.ts';
import type { Drop } from '../../../src/model/evidence.ts';
import type { ProbeOutcome, Sighting, SightingKind } from '../../../src/model/sighting.ts';
import { healthy } from '../../causes/scene.ts';

const WAIT = 60;
const saw = (kind: SightingKind, at: number, hop = 'host/up0', probe = 0): Sighting =>
  ({ hop, kind, at, probe, source: '', destination: '' }) as Sighting;

function run(
  about: {
    listenOn?: () => Promise<number>;
    sightings?: Sighting[];
    ended?: boolean;
    deadline?: number;
  } = {},
) {
  const { path, flow } = healthy('outside');
  const log = new RunLog(realClock, () => {});
  log.noteSent(0, realClock.now());
  for (const one of about.sightings ?? [saw('request', 40)]) log.see(one);
  const none = async (): Promise<void> => undefined;
  const unread = { known: false } as never;
  const armed = {
    journey: notKnown('not-asked', 'nobody traces', []),
    rules: about.ended
      ? known({ ended: () => true, look() {}, foresee() {}, gaps: () => [] }, [])
      : notKnown('not-asked', 'nobody traces', []),
    counters: { hits: async () => unread },
    passages: { read: () => [], unwatched: () => [] },
    outer: { read: () => [] },
    partlyBlind: [],
    settle: none,
  };
  const { deadline = 4000 } = about;
  const plan = { path, flow, wait: WAIT, deadline, outside: 0, resolving: false, proxied: false };
  const waited = {
    plan: { ...plan, queues: [], ...(about.listenOn ? { listenOn: about.listenOn } : {}) },
    log,
    armed,
    count: 1,
    kind: { socket: 'tcp' },
    sender: { look() {}, run: { ports: [40_000] } },
    signal: new AbortController().signal,
    sending: Promise.resolve(),
    met: async () => known([], []),
  } as unknown as Waited;
  return { log, waited };
}

/** An answer so many milliseconds after the probe, as its socket and the uplink have it. */
function answerAfter(log: RunLog, milliseconds: number): void {
  realClock.after(milliseconds, () => {
    log.see(saw('reply', log.now() * 1000));
    log.hear({ probe: 0, result: 'answered', microseconds: milliseconds * 1000, errno: null, says: null });
  });
}

test('an answer that comes when the time to wait is up, and while it is listened on, counts', async () => {
  const { log, waited } = run({ listenOn: async () => 1000 });
  answerAfter(log, WAIT * 3);
  await untilDecided(waited);
  expect(log.outcomes.get(0)?.result).toBe('answered');
});

test('it is listened on while nobody knows yet what explains the silence', async () => {
  let explain = (_: number): void => {};
  const { log, waited } = run({
    listenOn: () =>
      new Promise((resolve) => {
        explain = resolve;
      }),
  });
  answerAfter(log, WAIT * 3);
  await untilDecided(waited);
  expect(log.outcomes.get(0)?.result).toBe('answered');
  explain(0);
});

test.each([
  ['what explains the silence is known', { listenOn: async () => 0 }],
  ['nobody could judge it', { listenOn: () => Promise.reject(new Error('gone')) }],
  ['nobody asks for it', {}],
])('nothing is listened for any more where %s', async (_, about) => {
  const { log, waited } = run(about);
  const { late } = await untilDecided(waited);
  expect(late).toBeNull();
  expect(log.outcomes.size).toBe(0);
});

test('who was answered late leaves it open whether the others are, and who was answered soon does not', () => {
  const open = (at: number, result: 'answered' | 'refused' = 'answered'): boolean => {
    const both = [saw('request', 40), saw('reply', at), saw('request', 50, 'host/up0', 1)];
    const { log, waited } = run({ sightings: both });
    log.noteSent(1, log.origin);
    log.hear({ probe: 0, result, microseconds: 300, errno: null, says: null });
    return isSilentBeyond({ ...waited, count: 2 }, new Set());
  };
  expect(open((WAIT - 5) * 1000)).toBe(true);
  expect(open(900)).toBe(false);
  expect(open((WAIT - 5) * 1000, 'refused')).toBe(false);
});

test('the time of a diagnosis that is up while it is listened on takes nothing from what was decided before', async () => {
  const { waited } = run({ listenOn: async () => 1000, deadline: WAIT * 3 });
  expect((await untilDecided(waited)).late).toBeNull();
});

test('silence beyond is that of probes that all left, and to which nothing came back', () => {
  const silent = (about: Parameters<typeof run>[0], ended: number[] = []): boolean =>
    isSilentBeyond(run(about).waited, new Set(ended));
  expect(silent({})).toBe(true);
  expect(silent({}, [0])).toBe(false);
  expect(silent({ sightings: [saw('request', 40, 'host/br0')] })).toBe(false);
  expect(silent({ sightings: [saw('request', 40), saw('error', 50)] })).toBe(false);
  expect(silent({ sightings: [saw('request', 40), saw('neighbour', 50)] })).toBe(true);
});

test('what was asked about a silence holds as long as nothing came back and nothing was thrown away', () => {
  const [silent, answered] = (['silent', 'answered'] as const).map((result) => ({ result }) as ProbeOutcome);
  const drops = notKnown('not-asked', 'nobody traces', []);
  const seen = { outcomes: [silent!], sightings: [saw('request', 40), saw('neighbour', 50)], drops };
  expect(isStillSilent(seen)).toBe(true);
  expect(isStillSilent({ ...seen, drops: known([], []) })).toBe(true);
  // An answer that came late, and that this host threw away.
  expect(isStillSilent({ ...seen, sightings: [saw('request', 40), saw('reply', 90)] })).toBe(false);
  expect(isStillSilent({ ...seen, drops: known([{ probe: 0 } as Drop], []) })).toBe(false);
  expect(isStillSilent({ ...seen, outcomes: [silent!, answered!] })).toBe(false);
});
