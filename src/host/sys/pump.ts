/** The one way of reading a descriptor that others fill: in turns, from the moment it is readable until it is stopped. */
import { poller, readable } from './poller.ts';
import { turn } from './turn.ts';

export interface Pump {
  /** Takes a turn at once: a busy event loop may be late in telling. */
  look(): void;
  /** Takes one last turn, and no more. The descriptor stays the caller's to close. */
  stop(): void;
}

/** `take` reads one item without waiting, and says whether there was one. The descriptor must know poll(2). */
export function pump(fd: number, take: () => boolean): Pump {
  let open = true;
  const look = (): void => {
    if (open) turn(take);
  };
  poller.watch(fd, readable, look);
  return {
    look,
    stop() {
      look();
      open = false;
      poller.forget(fd);
    },
  };
}
