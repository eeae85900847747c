/** Listens by what the machine was told to: sockets of the kernel, or libpcap. */
import { type Listening, listen } from './listen.ts';
import { listenByCap } from './listen-by-cap.ts';

/** @throws Failure for a filter that is none (exit 2), or where it may not listen (3); nothing stays open then */
export async function listenOn(...asked: Parameters<typeof listen>): Promise<Listening> {
  const [{ engine }] = asked;
  return engine === 'cap' ? listenByCap(...asked) : listen(...asked);
}
