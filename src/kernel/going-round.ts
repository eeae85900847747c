/** A request that this host and a router hand to each other until its time to live has run out. */
import { exitHop, type Scene } from '../model/scene.ts';
import type { Passage } from '../model/sighting.ts';
import { cameHome } from './came-home.ts';

/** What an ICMP error says of it: `time to live exceeded`, `hop limit exceeded`. */
export const EXPIRED = /time.*exceeded|ttl|hop limit/i;

export interface Round {
  /** The interface by which it left and came back in. */
  readonly device: string;
  readonly hop: string;
  /** How often one packet was seen to come back in. */
  readonly times: number;
  /** Time to live with which it first left, and the least that it was seen with. */
  readonly first: number;
  readonly least: number;
  /** To whom this host sends it; null where the destination is on the link. */
  readonly gateway: string | null;
  /** Who sent it back, by MAC address; null where nobody could read it. */
  readonly mac: string | null;
  /** Is that the gateway, as the neighbour table has it? Null: not told. */
  readonly isGateway: boolean | null;
}

const timesToLive = (passages: readonly Passage[]): number[] =>
  passages.flatMap(({ ttl }) => (ttl === null ? [] : [ttl]));

/**
 * Every router takes one from the time to live (ip_forward()), so the same packet comes back with less each time: once may be
 * a detour on purpose, a copy or a SYN sent again has as much as before. It ends with time exceeded, or with the last one spent.
 */
export function goingRound(
  scene: Pick<Scene, 'path' | 'passages' | 'symptom' | 'stacks'>,
): Round | undefined {
  const home = cameHome(scene);
  const exit = exitHop(scene);
  if (!home || !exit) return undefined;
  const mine = scene.passages.filter(
    ({ kind, hop, probe, foreign }) =>
      kind === 'request' && hop === home.hop && probe === home.probe && !foreign,
  );
  const back = mine.filter(({ heading }) => heading === 'in');
  const lives = timesToLive(mine);
  const times = new Set(timesToLive(back)).size;
  const least = Math.min(...lives);
  const isSpent = least <= 1 || (scene.symptom.kind === 'error' && EXPIRED.test(scene.symptom.says ?? ''));
  if (times < 2 || !isSpent) return undefined;
  const { path, stacks } = scene;
  const gateway = (path.hostRoute ?? path.sourceRoute)?.gateway ?? null;
  const entry = stacks.host.neighbours.find((one) => one.address === gateway && one.dev === exit.name);
  const mac = home.sourceMac;
  return {
    device: home.device,
    hop: home.hop,
    times,
    first: Math.max(...lives),
    least,
    gateway,
    mac,
    isGateway: entry?.mac && mac ? entry.mac === mac : null,
  };
}
