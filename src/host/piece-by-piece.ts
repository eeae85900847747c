/** A file read from its beginning in pieces, however long it is: a regular one, or what comes in through a pipe. */
import { closeSync, constants, fstatSync, openSync, read } from 'node:fs';
import type { Answer } from '../model/answer.ts';
import { attempt } from './files.ts';

const PIECE = 256 * 1024;
/** Names the file and opens nothing: a device does not begin, a FIFO does not wait. open(2) */
const O_PATH = 0o10000000;
const STANDARD_INPUT = '-';

/** `-`: standard input. What is no regular file is not opened. */
export const inPieces = (file: string): Answer<AsyncIterable<Uint8Array>> =>
  attempt(['cat', file], () => {
    if (file === STANDARD_INPUT) return pieces(0);
    const name = openSync(file, O_PATH);
    try {
      if (!fstatSync(name).isFile()) throw Object.assign(new Error(file), { code: 'not a regular file' });
      return pieces(openSync(`/proc/self/fd/${name}`, constants.O_RDONLY));
    } finally {
      closeSync(name);
    }
  });

async function* pieces(fd: number): AsyncGenerator<Uint8Array> {
  try {
    for (let length = 1; length > 0; ) {
      const piece = Buffer.alloc(PIECE);
      length = await new Promise<number>((resolve, reject) => {
        read(fd, piece, 0, PIECE, null, (error, count) => (error ? reject(error) : resolve(count)));
      });
      if (length > 0) yield piece.subarray(0, length);
    }
  } finally {
    if (fd !== 0) closeSync(fd);
  }
}
