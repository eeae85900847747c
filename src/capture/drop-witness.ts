/** Arms the kernel's tracepoints for the interfaces of a capture, and takes them back where more is told than can be read. */
import type { Machine } from '../host/machine.ts';
import { ETHERTYPE } from '../wire/headers.ts';
import { openInstance } from '../witness/journey/instance.ts';
import { parseLine } from '../witness/journey/line.ts';
import { type Dropped, Drops, type LastSeen } from './drops.ts';
import type { Spot } from './spot.ts';

export interface DropWitness {
  after(seen: LastSeen): Dropped | undefined;
  /** Why no reasons are told, or not any more; null: they are. */
  readonly blind: string | null;
  stop(): Promise<void>;
}

/** Nobody was asked to look. */
export const UNARMED: DropWitness = { after: () => undefined, blind: null, stop: async () => {} };

/** Lines of one second, above which reading them would keep the capture from its packets. */
const MOST = 4000;
const PROTOCOLS = [ETHERTYPE.ipv4, ETHERTYPE.arp, ETHERTYPE.ipv6];

export async function armDrops(machine: Machine, spots: readonly Spot[]): Promise<DropWitness> {
  const drops = new Drops();
  const opened = await openInstance(machine);
  if (!opened.known) return { after: () => undefined, blind: opened.detail, stop: async () => {} };
  const instance = opened.value;
  let blind: string | null = null;
  let second = 0n;
  let lines = 0;
  const give = (because: string): void => {
    blind = because;
    void instance.stop();
  };
  const names = [...new Set(spots.map(({ name }) => name))].filter((name) => /^[\w.@-]+$/.test(name));
  const listening = instance.listen(
    {
      lengths: names.map((name) => `name=="${name}"`).join('||'),
      drops: PROTOCOLS.map((protocol) => `protocol==${protocol}`).join('||'),
    },
    (line) => {
      if (blind !== null) return;
      const now = machine.now() / 1_000_000_000n;
      if (now !== second) [second, lines] = [now, 0];
      if (++lines > MOST) return give('more packets pass than can be followed through the kernel');
      const event = parseLine(line);
      if (event) drops.take(event);
    },
  );
  if (!listening.known) give(listening.detail);
  return {
    after: (seen) => (blind === null ? drops.after(seen) : undefined),
    get blind() {
      return blind;
    },
    stop: () => instance.stop(),
  };
}
