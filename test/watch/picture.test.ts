import { describe, expect, it, test } from 'vitest';
import { ascii, unicode } from '../../src/output/glyphs.ts';
import { type Line, textOf } from '../../src/output/line/span.ts';
import { lineWidth } from '../../src/output/line/width.ts';
import { Controls } from '../../src/watch/controls.ts';
import { Ledger } from '../../src/watch/ledger.ts';
import { screenOf } from '../../src/watch/picture/screen.ts';
import { changeAt, tellTrial, trialOf, watching } from './trials.ts';

function sample(): Ledger {
  const ledger = new Ledger(60, 0.2);
  ledger.take(watching);
  ledger.take({ type: 'change', change: changeAt(19.9) });
  for (let number = 0; number < 200; number++) {
    const lost = number >= 100 && number < 110;
    tellTrial(ledger, trialOf(number, lost ? { out: 2 } : { took: 10 + (number % 7) }), {
      dropped: lost ? { reason: 'IP_INADDRERRORS', function: 'ip_error' } : null,
      rule: null,
    });
  }
  ledger.take({ type: 'change', change: changeAt(22, { before: '0', after: '1' }) });
  return ledger;
}

function drawn(
  columns: number,
  rows: number,
  keys: readonly string[] = [],
  glyphs = unicode,
): readonly Line[] {
  const controls = new Controls(sample(), 0.2, 60);
  for (const key of keys) controls.press(key, 40);
  return screenOf(controls.view({ columns, glyphs }, 40)!, rows);
}

describe.each([40, 80, 140])('on %i columns', (columns) => {
  test.each([12, 24, 40])('and %i rows, every row fits, and one is left free', (rows) => {
    for (const keys of [[], ['n'], ['w'], ['n', 'n', 'n', ' ']]) {
      const lines = drawn(columns, rows, keys);
      expect(lines.length).toBeLessThan(rows);
      expect(Math.max(...lines.map(lineWidth))).toBeLessThanOrEqual(columns);
    }
  });

  it('names every hop, what is lost, and the keys', () => {
    const text = drawn(columns, 30).map(textOf).join('\n');
    for (const name of ['eth0@web', 'docker0', 'beyond']) expect(text).toContain(name);
    expect(text).toMatch(/10 of 200 probes lost/);
    expect(text).toContain('space');
  });
});

it('shows on a wide screen why, when and beside what', () => {
  const text = drawn(140, 40).map(textOf).join('\n');
  expect(text).toMatch(/ 10 × request between veth\w+ and docker0: IP_INADDRERRORS at ip_error/);
  expect(text).toMatch(/host net\.ipv4\.ip_forward: 1 → 0: 10 probes lost, from 100 ms after it/);
  expect(text).toMatch(/host net\.ipv4\.ip_forward: 0 → 1: 10 probes lost until then/);
  expect(text).toMatch(/in bursts: 1, the longest of 2 s/);
});

it('draws a bar for each of the last probes, and a mark where one was lost', () => {
  const rows = drawn(140, 40, ['w', 'w', 'w']).map(textOf);
  const docker0 = rows.find((row) => row.includes('docker0'))!;
  const bars = /[▁▂▃▄▅▆▇█✗·]+$/.exec(docker0)![0];
  expect(bars).toMatch(/[▁▂▃▄▅▆▇█]{20,}$/);
});

it('has signs for a terminal without others', () => {
  const text = drawn(80, 30, [], ascii).map(textOf).join('\n');
  expect(text).toMatch(/^[\n -~]*$/);
});

describe('keys', () => {
  const ledger = sample();
  const controls = new Controls(ledger, 0.2, 60);
  const view = (elapsed = 40) => controls.view({ columns: 80, glyphs: unicode }, elapsed)!;

  it('w goes from the whole run through the windows', () => {
    const windows = ['w', 'w', 'w', 'w'].map((key) => {
      controls.press(key, 40);
      return view().window;
    });
    expect(windows).toEqual([10, 60, 300, null]);
  });

  it('n and p choose a leg, and nothing past the last', () => {
    const chosen = ['n', 'n', 'p', 'p', 'p'].map((key) => {
      controls.press(key, 40);
      return view().chosen;
    });
    expect(chosen).toEqual([0, 1, 0, null, 4]);
    controls.press('escape', 40);
    expect(view().chosen).toBeNull();
  });

  it('space holds everything still, and lets go of it', () => {
    controls.press(' ', 40);
    tellTrial(ledger, trialOf(200, { out: 1 }));
    expect(view(50)).toMatchObject({ isFrozen: true, elapsed: 40, told: { settled: 200 } });
    expect(view().happenings.episodeCount).toBe(1);
    controls.press(' ', 50);
    expect(view(50)).toMatchObject({ isFrozen: false, elapsed: 50, told: { settled: 201 } });
  });

  it('c begins anew, and q ends', () => {
    controls.press('c', 50);
    expect(view().told.settled).toBe(0);
    expect(controls.press('q', 50)).toBe('end');
    expect(controls.press('ctrl-c', 50)).toBe('end');
  });
});
