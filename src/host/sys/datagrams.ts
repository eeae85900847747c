/** Datagrams with what the kernel says beside each, many of them by one system call: recvmmsg(2), cmsg(3). */
import { libc } from './libc.ts';
import { memory } from './memory.ts';

const MSG_DONTWAIT = 0x40;
/** struct mmsghdr, struct iovec and struct cmsghdr of 64-bit machines. */
const HEADER = 64;
const VECTOR = 16;
const CONTROL_HEADER = 16;
/** Room for a sender's address, and for what is said beside a datagram: a stamp and struct tpacket_auxdata. */
const NAME = 32;
const CONTROL = 128;

const AT = { nameLength: 8, vector: 16, vectors: 24, control: 32, controlLength: 40, flags: 48, length: 56 };

export interface Datagram {
  /** The sender's address, in the kernel's layout. */
  readonly name: Buffer;
  /** Valid until the next call. */
  readonly bytes: Buffer;
  /** What is said beside it; undefined where that was not said. */
  beside(level: number, type: number): Buffer | undefined;
}

export interface Datagrams {
  /** The next one that is there, without waiting; undefined where none is. */
  next(): Datagram | undefined;
  /**
   * Has a pool thread fetch those that are there, while this one does something else, and gives their number: so many `next`
   * gives then. Until it resolves nothing else may be asked of this.
   */
  fetchLater(): Promise<number>;
  /** Nothing is read any more. */
  release(): void;
}

/** `batch`: how many are fetched at once; `size`: room for each, in bytes. */
export function datagrams(fd: number, batch: number, size: number): Datagrams {
  const each = VECTOR + NAME + CONTROL + size;
  const { bytes, address, release } = memory(batch * (HEADER + each));
  const place = (index: number) => {
    const vector = batch * HEADER + index * each;
    const name = vector + VECTOR;
    return { header: index * HEADER, vector, name, control: name + NAME, data: name + NAME + CONTROL };
  };
  const places = Array.from({ length: batch }, (_, index) => place(index));
  for (const { header, vector, name, control, data } of places) {
    bytes.writeBigUInt64LE(address + BigInt(name), header);
    bytes.writeBigUInt64LE(address + BigInt(vector), header + AT.vector);
    bytes.writeBigUInt64LE(1n, header + AT.vectors);
    bytes.writeBigUInt64LE(address + BigInt(control), header + AT.control);
    bytes.writeBigUInt64LE(address + BigInt(data), vector);
    bytes.writeBigUInt64LE(BigInt(size), vector + 8);
  }
  let taken = 0;
  let there = 0;
  const makeRoom = (): void => {
    // The kernel has written over what it was told of the room.
    for (const { header } of places) {
      bytes.writeUInt32LE(NAME, header + AT.nameLength);
      bytes.writeBigUInt64LE(BigInt(CONTROL), header + AT.controlLength);
    }
  };
  const came = (count: number): number => {
    taken = 0;
    there = Math.max(0, count);
    return there;
  };
  const fetch = (): void => {
    makeRoom();
    came(libc().recvmmsg(fd, bytes, batch, MSG_DONTWAIT, null));
  };
  return {
    next() {
      if (taken >= there) fetch();
      if (taken >= there) return undefined;
      const { header, name, control, data } = places[taken++]!;
      const length = Math.min(bytes.readUInt32LE(header + AT.length), size);
      const said = bytes.subarray(
        control,
        control + Number(bytes.readBigUInt64LE(header + AT.controlLength)),
      );
      return {
        name: bytes.subarray(name, name + NAME),
        bytes: bytes.subarray(data, data + length),
        beside: (level, type) => find(said, level, type),
      };
    },
    fetchLater() {
      makeRoom();
      return new Promise((resolve) => {
        libc().recvmmsg.async(fd, bytes, batch, MSG_DONTWAIT, null, (error: unknown, count: number) =>
          resolve(came(error ? -1 : count)),
        );
      });
    },
    release,
  };
}

function find(said: Buffer, level: number, type: number): Buffer | undefined {
  for (let at = 0; at + CONTROL_HEADER <= said.length; ) {
    const length = Number(said.readBigUInt64LE(at));
    if (length < CONTROL_HEADER) return undefined;
    if (said.readInt32LE(at + 8) === level && said.readInt32LE(at + 12) === type)
      return said.subarray(at + CONTROL_HEADER, at + length);
    at += (length + 7) & ~7;
  }
  return undefined;
}
