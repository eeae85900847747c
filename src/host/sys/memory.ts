/** Memory outside the JavaScript heap, at an address that stays: for structures that hold pointers to each other. */
import { library } from './libc.ts';

export interface Memory {
  readonly bytes: Buffer;
  readonly address: bigint;
  /** It is the next asker's from now on. */
  release(): void;
}

/** Given back to nobody but the next asker: views of memory that is freed would still be there. */
const spare = new Map<number, Memory[]>();

/** So many bytes, all zero. */
export function memory(size: number): Memory {
  const taken = spare.get(size)?.pop() ?? allocate(size);
  taken.bytes.fill(0);
  return taken;
}

function allocate(size: number): Memory {
  const koffi = library();
  const pointer = koffi.alloc('uint8_t', size);
  const made: Memory = {
    bytes: Buffer.from(koffi.view(pointer, size)),
    address: koffi.address(pointer),
    release: () => void spare.set(size, [...(spare.get(size) ?? []), made]),
  };
  return made;
}
