// Real diagnoses, recorded in labs and asked again of the recording: without root, on any machine, the same verdict.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fromText, type Recording } from '../src/host/record/recording.ts';
import { replay } from './recordings/replay.ts';
import { type KeptVerdict, verdictOf } from './recordings/verdict.ts';

const folder = join(import.meta.dirname, 'recordings/runs');
/** Those of this machine's kernel, and in folders those that guests of other kernels made. */
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.json'),
);
const LARGEST = 110_000;

/** What the recorded run said. */
type Kept = Recording & { readonly verdict: KeptVerdict };

test('there are recordings of what happens most', () => {
  expect(files.length).toBeGreaterThanOrEqual(10);
});

describe('a recording gives the recorded verdict', () => {
  // So that no single one is charged with it.
  beforeAll(() => import('../src/engine/judging.ts'), 60_000);

  test.each(files)('%s', async (file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    expect(text.length).toBeLessThan(LARGEST);
    const recording = fromText(text) as Kept;
    const diagnosis = await replay(recording);
    expect(verdictOf(diagnosis)).toEqual(recording.verdict);
    // By a clock of its own: however busy this machine is, nothing comes at another moment.
    expect(await replay(recording)).toEqual(diagnosis);
  });
});
