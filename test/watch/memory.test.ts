import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { Ledger } from '../../src/watch/ledger.ts';
import { changeAt, tellTrial, trialOf, watching } from './trials.ts';

const PROBES = 720_000;
const MIB = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const used = (): number => {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / MIB;
};

it('an hour at 200 probes a second, with losses, reasons and changes, takes no more room than its first seconds', () => {
  const ledger = new Ledger(300, 0.005);
  ledger.take(watching);
  const tell = (from: number, until: number): void => {
    for (let number = from; number < until; number++) {
      const lost = number % 97 === 0 || number % 9001 < 30;
      const fate = { interval: 0.005, took: 5 + (number % 41), ...(lost ? { out: 1 + (number % 3) } : {}) };
      tellTrial(ledger, trialOf(number, fate), {
        dropped: lost ? { reason: `REASON_${number % 5000}`, function: 'ip_rcv' } : null,
        rule: null,
      });
      if (number % 1000 === 0) ledger.take({ type: 'change', change: changeAt(number * 0.005) });
    }
  };
  tell(0, 60_000);
  const before = used();
  tell(60_000, PROBES);
  expect(used() - before).toBeLessThan(5);
  expect(ledger.whole()).toMatchObject({ settled: PROBES });
  expect(ledger.window(60)).toMatchObject({ settled: 12_000 });
}, 120_000);
