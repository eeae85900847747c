/** A file read from its beginning in pieces, however long it is: a regular one, or what comes in through a pipe. */
import { closeSync, read } from 'node:fs';
import { type Answer, known } from '../model/answer.ts';
import { openForeign } from './foreign-file.ts';

const PIECE = 256 * 1024;
const STANDARD_INPUT = '-';

/** `-`: standard input. What is no regular file is not opened. */
export function inPieces(file: string): Answer<AsyncIterable<Uint8Array>> {
  if (file === STANDARD_INPUT) return known(pieces(0), ['cat', file]);
  const opened = openForeign(file, { trusted: true, most: Infinity });
  return opened.known ? known(pieces(opened.value), opened.source) : opened;
}

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
