/** A dump that the kernel tells on a pool thread, while this one does something else: recvmmsg(2), netlink(7). */
import { datagrams } from '../sys/datagrams.ts';
import { libc } from '../sys/libc.ts';
import {
  answersIn,
  MOST_AT_ONCE,
  netlinkSocket,
  type Question,
  type Refusal,
  receive,
  send,
} from './netlink.ts';

/** Datagrams that are read here at once, and those that a thread fetches at a time; twenty links stand in each. */
const [FEW, BATCH] = [4, 64];

/**
 * Asks in the namespace that this thread is in. `onBody` as of `exchange`; null where that was all, or the kernel refuses: else
 * whether it told to the end. What `onBody` throws is thrown here, or by the promise.
 */
export function beginDump(question: Question, onBody: (body: Buffer) => void): Promise<boolean> | null {
  const fd = netlinkSocket();
  if (fd < 0) return null;
  let goesOn = false;
  try {
    let isOver = send(fd, question) !== null;
    for (let few = FEW; few > 0 && !isOver; few--) isOver = receive(fd, onBody) !== undefined;
    goesOn = !isOver;
  } finally {
    if (!goesOn) libc().close(fd);
  }
  return goesOn ? theRest(fd, onBody) : null;
}

/** Each datagram is made when the one before is read: another is there until the end has come. */
async function theRest(fd: number, onBody: (body: Buffer) => void): Promise<boolean> {
  const told = datagrams(fd, BATCH, MOST_AT_ONCE);
  try {
    let end: Refusal | null | undefined;
    for (let left = -1; left !== 0 && end === undefined; ) {
      left = await told.fetchLater();
      for (let read = 0; read < left && end === undefined; read++) {
        const { bytes } = told.next()!;
        end = answersIn(bytes, bytes.length, onBody);
      }
    }
    return end === null;
  } finally {
    told.release();
    libc().close(fd);
  }
}
