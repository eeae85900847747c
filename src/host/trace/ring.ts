/** A ring of perf events, shared with the kernel: perf_event_open(2), struct perf_event_mmap_page. */
import { libc, library } from '../sys/libc.ts';

const PAGE = 4096;
/** Pages of data of one ring, and of all of them together; powers of two. */
const PAGES = 64;
const TOGETHER = 1024;
const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
/** data_head and data_tail, in words of eight bytes. */
const HEAD = 1024 / 8;
const TAIL = 1032 / 8;
const HEADER = 8;

/** Takes the next record out of the ring; undefined where there is none. */
export type Ring = () => Buffer | undefined;

/** `rings`: how many there are to be. Undefined where the kernel refuses. */
export function ringOf(fd: number, rings: number): Ring | undefined {
  const size = Math.max(8, Math.min(PAGES, 2 ** Math.floor(Math.log2(TOGETHER / rings)))) * PAGE;
  const place = libc().mmap(null, PAGE + size, PROT_READ_WRITE, MAP_SHARED, fd, 0);
  const koffi = library();
  // MAP_FAILED is -1.
  if (koffi.address(place) === 0xffffffffffffffffn) return undefined;
  const memory = koffi.view(place, PAGE + size);
  const words = new BigUint64Array(memory, 0, PAGE / 8);
  const data = Buffer.from(memory, PAGE, size);
  const copy = (at: number, length: number): Buffer => {
    const from = at % size;
    const first = data.subarray(from, Math.min(from + length, size));
    return Buffer.concat([first, data.subarray(0, length - first.length)]);
  };
  return () => {
    // The kernel writes the head behind the data, and reads the tail before it writes: Atomics order both.
    const head = Atomics.load(words, HEAD);
    const tail = Atomics.load(words, TAIL);
    if (tail === head) return undefined;
    const at = Number(tail);
    const length = copy(at, HEADER).readUInt16LE(6);
    const record = copy(at, length);
    Atomics.store(words, TAIL, tail + BigInt(length));
    return length < HEADER ? undefined : record;
  };
}
