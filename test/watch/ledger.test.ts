import { describe, expect, it } from 'vitest';
import { alarmsOf, parseAlarms } from '../../src/watch/alarms.ts';
import { endedBy } from '../../src/watch/happenings.ts';
import { Ledger } from '../../src/watch/ledger.ts';
import { changeAt, course, tellTrial, trialOf, watching } from './trials.ts';

const DROPPED = { dropped: { reason: 'NETFILTER_DROP', function: 'nft_do_chain' }, rule: null };

function ledgerOf(window = 60, interval = 0.2): Ledger {
  const ledger = new Ledger(window, interval);
  ledger.take(watching);
  return ledger;
}

describe('the whole and the window', () => {
  it('counts each leg, out and back', () => {
    const ledger = ledgerOf();
    for (let number = 0; number < 8; number++) tellTrial(ledger, trialOf(number));
    tellTrial(ledger, trialOf(8, { out: 2 }));
    tellTrial(ledger, trialOf(9, { back: 3 }));
    const { settled, answered, request, reply } = ledger.whole();
    expect({ settled, answered }).toEqual({ settled: 10, answered: 8 });
    expect(request.map(({ tried, lost }) => [tried, lost])).toEqual([
      [10, 0],
      [10, 0],
      [10, 1],
      [9, 0],
      [9, 0],
    ]);
    expect(reply.map(({ tried, lost }) => [tried, lost])).toEqual([
      [8, 0],
      [9, 1],
      [9, 0],
      [9, 0],
      [0, 0],
    ]);
    expect(request[2]!.delay).toMatchObject({ count: 9, average: 10_000, best: 10_000, worst: 10_000 });
  });

  it('has in the window what left in its seconds, and the same delays exactly', () => {
    const ledger = ledgerOf(10);
    for (let number = 0; number < 100; number++)
      tellTrial(ledger, number < 60 ? trialOf(number, { out: 1 }) : trialOf(number, { took: 20 }));
    expect(ledger.whole()).toMatchObject({ settled: 100, lost: 60 });
    const window = ledger.window(6);
    expect(window).toMatchObject({ settled: 30, lost: 0, order: { pattern: 'none' } });
    expect(window.request[1]!.delay).toMatchObject({ count: 30, average: 20_000 });
    expect(ledger.window(10)).toMatchObject({ settled: 50, lost: 10 });
    expect(ledger.last(41).filter(({ legs }) => legs.lost !== null)).toHaveLength(1);
  });

  it('goes on where the same way goes by other interfaces, and keeps the sums where it is another', () => {
    const ledger = ledgerOf();
    tellTrial(ledger, trialOf(0));
    const renamed = course.hops.map((hop) => ({ ...hop, id: `${hop.id}9`, name: `${hop.name}9` }));
    ledger.take({ type: 'watching', ...course, hops: renamed });
    expect(ledger.whole().request[0]).toMatchObject({ tried: 1 });
    const shorter = { hops: course.hops.slice(0, 2), watched: [true, true] };
    ledger.take({ type: 'watching', ...course, ...shorter });
    expect(ledger.whole()).toMatchObject({ settled: 1, request: [{ tried: 0 }, { tried: 0 }, { tried: 0 }] });
  });

  it('begins anew when it is cleared', () => {
    const ledger = ledgerOf();
    tellTrial(ledger, trialOf(0, { out: 1 }));
    ledger.take({ type: 'change', change: changeAt(0) });
    ledger.clear();
    expect(ledger.whole()).toMatchObject({ settled: 0, lost: 0 });
    expect(ledger.last(9)).toEqual([]);
    expect(ledger.happenings).toMatchObject({ episodeCount: 0, changeCount: 0, changes: [] });
  });
});

describe('what happened', () => {
  it('takes losses one behind the other for one, and counts each reason', () => {
    const ledger = ledgerOf();
    for (const number of [3, 4, 5, 9]) tellTrial(ledger, trialOf(number, { out: 2 }), DROPPED);
    tellTrial(ledger, trialOf(10, { out: 1 }));
    const { episodes, reasons } = ledger.happenings;
    expect(episodes.map(({ first, count }) => [first.number, count])).toEqual([
      [3, 3],
      [9, 1],
      [10, 1],
    ]);
    expect([...reasons.values()].map(({ dropped, count }) => [dropped?.reason, count])).toEqual([
      ['NETFILTER_DROP', 4],
      [undefined, 1],
    ]);
  });

  it('lays a change beside the losses that began with it, and those that were over with it', () => {
    const ledger = ledgerOf();
    // Compared, and so seen a little later than the first loss, at 2 s.
    ledger.take({ type: 'change', change: changeAt(2.1) });
    for (let number = 0; number < 30; number++)
      tellTrial(ledger, number >= 10 && number < 20 ? trialOf(number, { out: 3 }) : trialOf(number));
    ledger.take({ type: 'change', change: changeAt(3.9, { before: '0', after: '1' }) });
    const [first, second] = ledger.happenings.changes;
    expect(first!.beside).toMatchObject({ first: { number: 10 }, count: 10 });
    expect(second!.beside).toBeNull();
    expect(endedBy(second!, ledger.happenings)).toMatchObject({ count: 10 });
  });

  it('lays none beside a change of something else, or one that is long past', () => {
    const ledger = ledgerOf();
    ledger.take({ type: 'change', change: changeAt(1.9, { near: false }) });
    ledger.take({ type: 'change', change: changeAt(0.5) });
    tellTrial(ledger, trialOf(10, { out: 3 }));
    expect(ledger.happenings.changes.map(({ beside }) => beside)).toEqual([null, null]);
  });
});

describe('alarms', () => {
  const lossy = ledgerOf();
  for (let number = 0; number < 100; number++)
    tellTrial(lossy, trialOf(number, number === 7 ? { out: 1 } : {}));

  it.each([
    ['loss', ['loss']],
    ['loss=0.5', ['loss']],
    ['loss=1%', []],
    ['change', []],
    ['loss,change', ['loss']],
    ['none', []],
  ])('%s, one of a hundred lost', (text, kinds) => {
    expect(alarmsOf(lossy, parseAlarms(text)).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('are of changes on the way alone', () => {
    const ledger = ledgerOf();
    ledger.take({ type: 'change', change: changeAt(1, { near: false }) });
    expect(alarmsOf(ledger, parseAlarms('loss,change'))).toEqual([]);
    ledger.take({ type: 'change', change: changeAt(1) });
    expect(alarmsOf(ledger, parseAlarms('change'))).toMatchObject([{ kind: 'change' }]);
  });

  it.each(['', 'lost', 'loss=', 'loss=x', 'loss=101', 'loss;change'])('"%s" is none', (text) => {
    expect(() => parseAlarms(text)).toThrow(/is no alarm/);
  });
});
