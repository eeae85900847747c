/** The one way of reading a descriptor that others fill: in turns, from the moment it is readable until it is stopped. */
import { poller, readable } from './poller.ts';
import { turn } from './turn.ts';

export interface Pump {
  /** Takes a turn at once, since a busy event loop may be late in telling; false when nothing is left. */
  look(): boolean;
  /** Takes one last turn, and no more. The descriptor stays the caller's to close. */
  stop(): void;
}

/** `take` reads one item without waiting, and says whether there was one. The descriptor must know poll(2). */
export function pump(fd: number, take: () => boolean): Pump {
  let open = true;
  const look = (): boolean => open && turn(take);
  poller.watch(fd, readable, () => void look());
  return {
    look,
    stop() {
      look();
      open = false;
      poller.forget(fd);
    },
  };
}
