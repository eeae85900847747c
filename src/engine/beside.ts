/** Packets of the probe on an interface beside the request's path: an answer has a way of its own. */
import type { Path } from '../model/path.ts';
import { type Place, placeAt } from '../model/place.ts';
import type { Passage, Sighting } from '../model/sighting.ts';
import { linkHolding, linkNamed, type Stack } from '../model/stack.ts';

/** A port of a bridge shows copies that the bridge floods: it leads nowhere by itself. */
const isPort = (host: Stack, { where, device }: Passage): boolean => {
  const link = where === 'host' ? linkNamed(host, device) : undefined;
  return linkNamed(host, link?.master ?? null)?.kind === 'bridge';
};

/** Answers to this probe that passed beside the path, in this direction. */
function answersOf(
  passages: readonly Passage[],
  probe: number,
  where: Passage['where'],
  heading: Passage['heading'],
): Passage[] {
  return passages.filter(
    (one) =>
      one.probe === probe &&
      one.kind !== 'request' &&
      !one.onPath &&
      one.where === where &&
      one.heading === heading,
  );
}

export interface Seen {
  readonly path: Path;
  readonly passages: readonly Passage[];
  readonly host: Stack;
}

/**
 * The place of an answer that no hop of the path saw: it came into this host by another interface than the request left
 * by, or whoever answers here sent it out by another one, or waits there for its next hop. Undefined where none was seen.
 */
export function besideThePath({ path, passages, host }: Seen, probe: number): Place | undefined {
  const last = path.hops.at(-1);
  if (!last) return undefined;
  const seen = { path, passages, host };
  const found =
    path.stages.at(-1) === 'beyond'
      ? answersOf(passages, probe, 'host', 'in')
      : sent(seen, last.where, probe);
  const beside = found.length > 0 ? forItself(found) : askedFor(seen, last.where);
  return beside && { ...placeAt(path, path.hops.length, 'reply'), beside };
}

/** What is addressed to another interface's MAC address is a copy that a switch flooded. */
const forItself = (found: readonly Passage[]): Passage | undefined =>
  found.find((one) => !one.foreign) ?? found[0];

/** Where an answer left its namespace; of a container's, where it then came into the host, which it was handed to. */
function sent({ passages, host }: Seen, where: Passage['where'], probe: number): Passage[] {
  const out = answersOf(passages, probe, where, 'out').filter((one) => !isPort(host, one));
  if (where === 'host' || out.length === 0) return out;
  const taken = answersOf(passages, probe, 'host', 'in').filter((one) => !one.foreign && !isPort(host, one));
  return taken.length > 0 ? taken : out;
}

/**
 * Answers of a hop that are mere copies: a switch or a bridge floods frames to every port, and another interface of this
 * host took this one as its own.
 */
export function isCopy({ hop, probe, destinationMac }: Sighting, { path, passages, host }: Seen): boolean {
  const at = path.hops.find((one) => one.id === hop);
  if (at?.where !== 'host' || destinationMac === null || destinationMac === at.link.mac) return false;
  return answersOf(passages, probe, 'host', 'in').some(
    ({ device, foreign }) => !foreign && linkNamed(host, device)?.mac === destinationMac,
  );
}

const WANTED = /^who has (\S+)\? tell /;

/**
 * The destination itself asks by another interface who has an address of this host, and is not answered: its reply waits
 * for that. Reverse-path filtering silences ARP too.
 */
function askedFor({ path, passages, host }: Seen, where: Passage['where']): Passage | undefined {
  const talk = passages.filter((one) => one.kind === 'neighbour' && one.where === 'host' && !one.onPath);
  // A container's bridge carries its questions for others as well.
  const isOurs = (wanted: string): boolean =>
    path.stages.at(-1) === 'beyond' || (where !== 'host' && linkHolding(host, wanted) !== undefined);
  return talk.find((one) => {
    const [, wanted] = WANTED.exec(one.says ?? '') ?? [];
    const answered = talk.some(
      ({ device, says }) => device === one.device && says?.startsWith(`${wanted} is at `),
    );
    return (
      wanted !== undefined &&
      one.heading === 'in' &&
      one.source === path.realDestination &&
      isOurs(wanted) &&
      !answered &&
      !isPort(host, one)
    );
  });
}

/** Where an answer that the path saw come in left this host instead of by the path. */
export const ledAstray = ({ passages, host }: Seen, probe: number): Passage | undefined =>
  answersOf(passages, probe, 'host', 'out').findLast((one) => !isPort(host, one));
