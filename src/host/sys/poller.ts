/** Waits for raw file descriptors with poll(2) on a pool thread, so that the event loop is told and never sleeps. */
import { readSync, writeSync } from 'node:fs';
import { libc } from './libc.ts';

const POLLIN = 1;
const POLLOUT = 4;
const EFD_NONBLOCK = 0o4000;
const EFD_CLOEXEC = 0o2000000;
/** An upper bound only: a change of the watched set wakes it at once through the eventfd. */
const LONGEST = 250;
/** The 8 bytes an eventfd(2) adds to its counter: 1 in the machine's byte order. */
const ONE = Buffer.from(new BigUint64Array([1n]).buffer);

type Ready = (events: number) => void;

class Poller {
  readonly #watched = new Map<number, { events: number; ready: Ready }>();
  #wake = -1;
  #running = false;

  watch(fd: number, events: number, ready: Ready): void {
    this.#watched.set(fd, { events, ready });
    if (this.#running) this.#nudge();
    else this.#next();
  }

  forget(fd: number): void {
    if (this.#watched.delete(fd) && this.#running) this.#nudge();
  }

  #nudge(): void {
    // Where no file could be opened for it, the bound wakes it.
    if (this.#wake >= 0) writeSync(this.#wake, ONE);
  }

  #next(): void {
    if (this.#watched.size === 0) {
      this.#running = false;
      return;
    }
    if (this.#wake < 0) this.#wake = libc().eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    this.#running = true;
    const entries = [...this.#watched];
    const fds = Buffer.alloc(8 * (entries.length + 1));
    fds.writeInt32LE(this.#wake, 0);
    fds.writeInt16LE(POLLIN, 4);
    entries.forEach(([fd, { events }], index) => {
      fds.writeInt32LE(fd, 8 * (index + 1));
      fds.writeInt16LE(events, 8 * (index + 1) + 4);
    });
    libc().poll.async(fds, entries.length + 1, LONGEST, () => {
      if (fds.readInt16LE(6)) readSync(this.#wake, Buffer.alloc(8));
      entries.forEach(([fd, entry], index) => {
        const events = fds.readInt16LE(8 * (index + 1) + 6);
        // Somebody earlier in this round may have closed it.
        if (events && this.#watched.get(fd) === entry) entry.ready(events);
      });
      this.#next();
    });
  }
}

export const poller = new Poller();
export const readable = POLLIN;
export const writable = POLLOUT;
