import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inPieces } from '../../src/host/piece-by-piece.ts';

let folder: string;
const at = (name: string): string => path.join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'netdoctor-pieces-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function sizes(file: string): Promise<number[]> {
  const pieces = inPieces(file);
  if (!pieces.known) throw new Error(pieces.detail);
  const found: number[] = [];
  for await (const { length } of pieces.value) found.push(length);
  return found;
}

test('a file is read from its beginning to its end, by whatever name it is reached', async () => {
  writeFileSync(at('long'), Buffer.alloc(600_000, 'a'));
  symlinkSync('long', at('link'));
  expect(await sizes(at('long'))).toEqual([262_144, 262_144, 75_712]);
  expect(await sizes(at('link'))).toEqual([262_144, 262_144, 75_712]);
  writeFileSync(at('empty'), '');
  expect(await sizes(at('empty'))).toEqual([]);
});

test('what is no regular file, or one of the kernel, is not opened', async () => {
  await execa('mkfifo', [at('fifo')]);
  expect(inPieces(at('fifo'))).toMatchObject({ because: 'unreadable', detail: `${at('fifo')} is a FIFO` });
  expect(inPieces('/dev/zero')).toMatchObject({ detail: '/dev/zero is a character device' });
  expect(inPieces(folder)).toMatchObject({ detail: `${folder} is a folder` });
  expect(inPieces('/proc/kallsyms')).toMatchObject({
    detail: "/proc/kallsyms is a file of the kernel's, in proc",
  });
  expect(inPieces(at('gone'))).toMatchObject({ because: 'vanished' });
});
