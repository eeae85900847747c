import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Standard } from '../../src/host/standard.ts';

let folder: string;
const closing: (() => void)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netdoctor-standard-'));
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
  rmSync(folder, { recursive: true });
});

/** A pipe of the kernel's, with the stream that Node would make of its end. */
function pipe() {
  const name = join(folder, 'pipe');
  execFileSync('mkfifo', [name]);
  const reader = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(name, 'w');
  const made: Socket[] = [];
  const open = () => {
    const stream = new Socket({ fd: writer, readable: false, writable: true });
    closing.push(() => void stream.destroy());
    made.push(stream);
    return stream as unknown as NodeJS.WriteStream;
  };
  return {
    reader,
    made,
    standard: new Standard(writer, open),
    read(): string {
      const bytes = Buffer.alloc(1 << 16);
      try {
        return bytes.toString('latin1', 0, readSync(reader, bytes));
      } catch {
        return '';
      }
    },
  };
}

const until = async (so: () => boolean): Promise<void> => {
  for (const end = Date.now() + 10_000; !so() && Date.now() < end; ) await sleep(5);
  expect(so()).toBe(true);
};

describe('standard output', () => {
  it('goes into a pipe that has room for it without a stream', async () => {
    const { standard, made, read } = pipe();
    let done = 0;
    standard.write('one\n', () => done++);
    standard.write('two\n', () => done++);
    expect([read(), made.length, done]).toEqual(['one\ntwo\n', 0, 0]);
    await until(() => done === 2);
    expect(standard.writableLength).toBe(0);
  });

  it('is kept by a stream where the pipe is full, and comes whole and in its order', async () => {
    const { standard, made, read } = pipe();
    const text = Array.from({ length: 60_000 }, (_, at) => `${at}\n`).join('');
    let done = 0;
    standard.write(text, () => done++);
    standard.write('the last\n', () => done++);
    expect([made.length, done]).toEqual([1, 0]);
    expect(standard.writableLength).toBeGreaterThan(0);
    let got = '';
    await until(() => {
      got += read();
      return got.endsWith('the last\n');
    });
    expect(got).toBe(`${text}the last\n`);
    await until(() => done === 2);
  });

  it('tells that nobody reads any more', async () => {
    const { standard, reader } = pipe();
    const codes: (string | undefined)[] = [];
    standard.on('error', ({ code }) => codes.push(code));
    closeSync(reader);
    standard.write('to nobody\n');
    await until(() => codes.length > 0);
    expect(codes).toEqual(['EPIPE']);
  });

  it('goes into a file behind what stands there, and is no terminal there', () => {
    const name = join(folder, 'file');
    const fd = openSync(name, 'a');
    closing.push(() => closeSync(fd));
    const standard = new Standard(fd, () => {
      throw new Error('a file needs no stream');
    });
    standard.write('one ');
    standard.write('two');
    expect([readFileSync(name, 'utf8'), standard.isTTY, standard.columns]).toEqual([
      'one two',
      false,
      undefined,
    ]);
  });
});
