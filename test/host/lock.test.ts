import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeLock } from '../../src/host/lock.ts';
import type { Lock } from '../../src/host/machine.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'netdoctor-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lock = (file = 'a/lock'): Lock => {
  const answer = takeLock(path.join(folder, file));
  if (!answer.known) throw new Error(answer.detail);
  return answer.value;
};

const release = (taken: Lock): void => {
  if (!('release' in taken)) throw new Error('not taken');
  taken.release();
};

it('is held by one at a time, and names the holder', () => {
  const mine = lock();
  expect(lock()).toEqual({ holder: process.pid });
  release(mine);
  release(lock());
});

it('is never taken through a link: what it leads to stays as it is', () => {
  const victim = path.join(folder, 'victim');
  writeFileSync(victim, 'precious');
  symlinkSync(victim, path.join(folder, 'lock'));
  expect(takeLock(path.join(folder, 'lock'))).toMatchObject({
    known: false,
    detail: expect.stringContaining('ELOOP'),
  });
  expect(readFileSync(victim, 'utf8')).toBe('precious');
});

it('is given back by the kernel when its process is killed', async () => {
  const file = path.join(folder, 'lock');
  const child = spawn('flock', [file, 'sleep', '60'], { stdio: 'ignore', detached: true });
  await expect
    .poll(() => {
      const taken = lock('lock');
      if ('release' in taken) taken.release();
      return 'holder' in taken;
    })
    .toBe(true);
  process.kill(-child.pid!, 'SIGKILL');
  await expect.poll(() => 'release' in lock('lock')).toBe(true);
});

it('says why it cannot be taken', () => {
  const answer = takeLock('/dev/null/nowhere/lock');
  expect(answer).toMatchObject({ known: false, detail: expect.stringMatching(/: E[A-Z]+$/) });
});
