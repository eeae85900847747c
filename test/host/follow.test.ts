import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followLines } from '../../src/host/follow.ts';

// A FIFO that its writer holds open is, like a trace_pipe, a file that never ends.
let folder: string;
let file: string;
let writer: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netdoctor-follow-'));
  file = join(folder, 'pipe');
  execFileSync('mkfifo', [file]);
  // Read and write: open(2) would otherwise wait for a reader.
  writer = openSync(file, constants.O_RDWR);
});
afterEach(() => {
  closeSync(writer);
  rmSync(folder, { recursive: true });
});

function follow(lines: string[]) {
  const following = followLines(file, (line) => lines.push(line));
  if (!following.known) throw new Error(following.detail);
  return following.value;
}

test('lines arrive as they are written, whole', async () => {
  const lines: string[] = [];
  const following = follow(lines);
  writeSync(writer, 'one\ntw');
  await vi.waitFor(() => expect(lines).toEqual(['one']));
  writeSync(writer, 'o\nthree\n');
  await vi.waitFor(() => expect(lines).toEqual(['one', 'two', 'three']));
  following.stop();
});

test('stopping hands over what is there, and nothing after', async () => {
  const lines: string[] = [];
  const following = follow(lines);
  writeSync(writer, 'last\n');
  following.stop();
  expect(lines).toEqual(['last']);
  writeSync(writer, 'late\n');
  following.stop();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(lines).toEqual(['last']);
});

test('a file that is not there is an answer', () => {
  expect(followLines(join(folder, 'none'), () => {})).toMatchObject({
    known: false,
    detail: `${folder}/none: ENOENT`,
  });
});

test('a writer that never ends keeps nobody from their turn, and stopping stops', async () => {
  let lines = 0;
  const following = followLines(file, () => lines++);
  if (!following.known) throw new Error(following.detail);
  const writing = spawn('yes', ['a stranger writes'], { stdio: ['ignore', openSync(file, 'w'), 'ignore'] });
  try {
    await vi.waitFor(() => expect(lines).toBeGreaterThan(10_000));
    // Timers have their turn, as a deadline would.
    for (let times = 0; times < 5; times++) await new Promise((resolve) => setTimeout(resolve, 2));
    following.value.stop();
    const told = lines;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(lines).toBe(told);
  } finally {
    writing.kill('SIGKILL');
  }
});
