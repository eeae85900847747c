/** Where the blocks of a capture go: into files, one after the other, or through a pipe. */
import { type NewFile, newFile } from '../../host/new-file.ts';
import { type Pipe, standardOutput } from '../../host/pipe.ts';
import { cannotLook, type Failure, wrongCall } from '../../model/failure.ts';
import { plain } from '../../words/text.ts';

export interface Sink {
  /** As much of these blocks as goes in: how many, and why not all of them. */
  write(blocks: readonly Uint8Array[], signal: AbortSignal): Promise<Written>;
  /** Bytes so far. */
  readonly size: number;
  /** Null, or why not all of it was kept. */
  close(): string | null;
  discard(): void;
}

export interface Written {
  readonly blocks: number;
  readonly refused: string | null;
}

/** @throws Failure for a file that is there already, or cannot be */
export function fileSink(file: string, env: Readonly<Record<string, string | undefined>>): Sink {
  const opened = newFile(file, env);
  if (!opened.known) throw notOpened(file, opened.detail);
  return inFile(opened.value);
}

function notOpened(file: string, detail: string): Failure {
  if (detail.endsWith('EEXIST'))
    return wrongCall(
      'file-exists',
      `${plain(file)} is there already, and nothing is written over.`,
      'Name another file, or move that one away.',
    );
  return cannotLook('no-file', `The capture cannot be written: ${plain(detail)}.`, 'Name another file.');
}

const inFile = (file: NewFile): Sink => ({
  get size() {
    return file.size;
  },
  async write(blocks) {
    if (blocks.length === 0) return { blocks: 0, refused: null };
    if (file.write(Buffer.concat(blocks)) === null) return { blocks: blocks.length, refused: null };
    // What there is room for goes in, block by block.
    for (const [at, block] of blocks.entries()) {
      const refused = file.write(block);
      if (refused !== null) return { blocks: at, refused };
    }
    return { blocks: blocks.length, refused: null };
  },
  close: () => file.close(),
  discard: () => file.discard(),
});

export function pipeSink(pipe: Pipe = standardOutput()): Sink {
  let size = 0;
  return {
    get size() {
      return size;
    },
    async write(blocks, signal) {
      for (const [at, block] of blocks.entries()) {
        const refused = await pipe.write(block, signal);
        if (refused !== null) return { blocks: at, refused };
        size += block.length;
      }
      return { blocks: blocks.length, refused: null };
    },
    close() {
      pipe.close();
      return null;
    },
    discard: () => pipe.close(),
  };
}
