/** The namespaces a flow touches. */
import { type Answer, known } from '../model/answer.ts';
import type { Side } from '../model/facts.ts';
import type { Netns } from '../model/netns.ts';
import type { Ground } from './fact.ts';

export interface Place {
  readonly side: Side;
  readonly netns: Netns | null;
  /**
   * Interfaces of the path in it, in the order a request crosses them, and the bridges they are ports of; the last is the
   * one beside the path that an answer was seen on.
   */
  readonly devices: readonly string[];
}

/** Container and host always (a target on the host's own network has only the host), another one where the path ends. */
export function sides({ target, path, place }: Ground): Place[] {
  const named = (side: Side): string[] =>
    path.hops
      .filter((hop) => hop.where === side && (side !== 'other' || hop.netns?.inode === other?.netns?.inode))
      .flatMap(({ name, link: { master } }) => (master === null ? [name] : [name, master]));
  const beside = (side: Side): string[] => (place?.beside?.where === side ? [place.beside.device] : []);
  const devices = (side: Side) => [...new Set([...named(side), ...beside(side)])];
  // Of several, as behind the namespace of an overlay, the one whose state is kept: the last.
  const other = path.hops.findLast((hop) => hop.where === 'other' && hop.netns !== null);
  return [
    ...(target.hostNetwork
      ? []
      : [{ side: 'container' as const, netns: target.netns, devices: devices('container') }]),
    { side: 'host', netns: null, devices: devices('host') },
    ...(other ? [{ side: 'other' as const, netns: other.netns, devices: devices('other') }] : []),
  ];
}

/** The answers about all places as one list; the first that is not known makes the whole unknown. */
export async function fromAll<P, T>(
  places: readonly P[],
  ask: (place: P) => Promise<Answer<readonly T[]>>,
): Promise<Answer<readonly T[]>> {
  const answers = await Promise.all(places.map(ask));
  const values: T[] = [];
  for (const answer of answers) {
    if (!answer.known) return answer;
    values.push(...answer.value);
  }
  return known(values, answers[0]?.source ?? []);
}
