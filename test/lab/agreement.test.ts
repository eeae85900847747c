import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';

/** The whole of it is `npm run agreement`. */
it('looks names up as glibc and musl do', async () => {
  const program = join(import.meta.dirname, '../../bin/agreement.mjs');
  const { exitCode, stdout } = await execa(process.execPath, [program, '--quick'], { reject: false });
  expect(stdout).toContain('80 of 80 look-ups agree');
  expect(exitCode).toBe(0);
});
