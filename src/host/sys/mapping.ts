/**
 * A descriptor's memory, shared with the kernel: mmap(2). A view of memory that is no longer mapped would end the process, and
 * a mapping keeps its descriptor open: on release ordinary memory takes its place, and is the next asker's of that size.
 */
import { libc, library } from './libc.ts';

const PROT_READ_WRITE = 3;
const MAP = { shared: 1, private: 2, fixed: 16, anonymous: 32 };

export interface Mapping {
  readonly bytes: Buffer;
  /** The same, in words of four bytes in the machine's order. */
  readonly words: Uint32Array;
  /** The descriptor is the caller's alone again; nothing may be read here any more. */
  release(): void;
}

interface Place {
  readonly pointer: unknown;
  readonly bytes: Buffer;
  readonly words: Uint32Array;
}

const spare = new Map<number, Place[]>();

/** Undefined where the kernel refuses. `size`: whole pages. */
export function mapping(fd: number, size: number): Mapping | undefined {
  const place = spare.get(size)?.pop() ?? reserve(size);
  if (!place) return undefined;
  const put = (flags: number, of: number): boolean =>
    mapped(place.pointer, size, flags | MAP.fixed, of) !== undefined;
  if (!put(MAP.shared, fd)) return undefined;
  return {
    bytes: place.bytes,
    words: place.words,
    release() {
      if (put(MAP.private | MAP.anonymous, -1)) spare.set(size, [...(spare.get(size) ?? []), place]);
    },
  };
}

function mapped(at: unknown, size: number, flags: number, fd: number): unknown {
  const pointer = libc().mmap(at, size, PROT_READ_WRITE, flags, fd, 0);
  // MAP_FAILED is -1.
  return library().address(pointer) === 0xffffffffffffffffn ? undefined : pointer;
}

function reserve(size: number): Place | undefined {
  const pointer = mapped(null, size, MAP.private | MAP.anonymous, -1);
  if (pointer === undefined) return undefined;
  const memory = library().view(pointer, size);
  return { pointer, bytes: Buffer.from(memory), words: new Uint32Array(memory) };
}
