import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runApart } from './apart.ts';
import { inScratch } from './scratch.ts';

/** Seconds without a sign, and a folder that is given one so often, and told at the end. */
const STILL = 3;
const goesOn = (times: number): string =>
  `for ((n = 0; n < ${times}; n++)); do echo $n >"$0/sign"; sleep 0.5; done`;

const endOf = (script: string): Promise<boolean> =>
  inScratch('apart', async (folder) => {
    await runApart(
      ['bash', '-c', `${script}; touch "$0/end"`, folder],
      1,
      { stdout: 'ignore' },
      { folder, minutes: STILL / 60 },
    );
    return existsSync(join(folder, 'end'));
  });

test('what stands still is ended, and what goes on is not', async () => {
  expect(await endOf(goesOn(2 * STILL * 2))).toBe(true);
  expect(await endOf(`${goesOn(1)}; sleep 50`)).toBe(false);
});
