/** How much passes this host: what is armed costs each of its packets a little, and is felt where there are many. */
import type { Machine } from '../../host/machine.ts';

/** Counters of the interfaces of this very namespace: proc(5). */
const COUNTERS = '/proc/self/net/dev';
/** Of the numbers behind an interface's name: packets received, and sent. */
const RECEIVED = 1;
const SENT = 9;
/** Passages in a second, of which all that is armed takes three hundredths of a processor: one of each by itself 1 µs. */
const BUSY = 30_000;

/** Packets that have passed all interfaces together; null where nobody tells. */
export function passagesSoFar(machine: Machine): number | null {
  const told = machine.read(COUNTERS);
  if (!told.known) return null;
  const lines = told.value.split('\n').slice(2).filter(Boolean);
  return lines.reduce((sum, line) => {
    const numbers = line
      .slice(line.indexOf(':') + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    return sum + (numbers[RECEIVED] ?? 0) + (numbers[SENT] ?? 0);
  }, 0);
}

/** Tells, each time it is asked, whether much passed since it was asked before. What nobody tells is not much. */
export function loadOf(machine: Machine): () => boolean {
  let before = { passages: passagesSoFar(machine), at: machine.now() };
  return () => {
    const now = { passages: passagesSoFar(machine), at: machine.now() };
    const seconds = Number(now.at - before.at) / 1e9;
    const more = now.passages !== null && before.passages !== null ? now.passages - before.passages : 0;
    before = now;
    return seconds > 0 && more / seconds > BUSY;
  };
}
