/**
 * The search for a next hop that an earlier packet began: its questions come when a timer says, three of them, and a packet
 * that joins late sees none. With its end the packets that wait are thrown away; the next one begins a search of its own.
 */
import type { Stacks } from '../discover/path.ts';
import type { Hop, Path } from '../model/path.ts';
import type { ProbeOutcome, Sighting } from '../model/sighting.ts';
import type { Neighbour } from '../model/stack.ts';
import { lostProbe } from './place.ts';
import { asksFrom } from './run/decide.ts';

const SEARCHED = /^(INCOMPLETE|FAILED)$/;

interface Search {
  /** The hop that asks. */
  readonly asker: Hop;
  readonly address: string;
  readonly entry: Neighbour;
}

/** Next hops of the path that were asked for and have not answered, as the neighbour tables tell. */
function searches({ hops, sourceRoute, hostRoute, realDestination }: Path, stacks: Stacks): Search[] {
  const found: Search[] = [];
  for (const [index, asker] of hops.entries()) {
    const route = index === 0 ? sourceRoute : asker.name === hostRoute?.dev ? hostRoute : undefined;
    const address = route && (route.gateway ?? realDestination);
    const entry = stacks[asker.where]?.neighbours.find(
      (one) => one.address === address && one.dev === asker.name && !one.proxy,
    );
    if (entry && address && SEARCHED.test(entry.state.join(' '))) found.push({ asker, address, entry });
  }
  return found;
}

/** Asked again by a timer only. */
const isAsked = ({ state }: Neighbour): boolean => state.includes('INCOMPLETE');

/** Does a next hop stand unanswered from an earlier packet, of the path or of an answer that leaves beside it? */
export const isResolving = (path: Path, stacks: Stacks): boolean =>
  searches(path, stacks).some(({ entry }) => isAsked(entry)) || answersWait(path, stacks);

/** A gateway by which whoever is asked may answer, on another interface than the request comes by. */
function answersWait({ hops, stages }: Path, stacks: Stacks): boolean {
  const last = hops.at(-1);
  const stack = last && stages.at(-1) !== 'beyond' ? stacks[last.where] : null;
  return (
    stack?.neighbours.some(
      (one) =>
        isAsked(one) &&
        one.dev !== last?.name &&
        stack.routes.some(({ gateway, dev }) => gateway === one.address && dev === one.dev),
    ) ?? false
  );
}

interface Seen {
  readonly sightings: readonly Sighting[];
  readonly captured: ReadonlySet<string>;
  readonly outcomes: readonly ProbeOutcome[];
}

/** Was a probe lost for want of a next hop that nobody was seen to ask for while it waited? `stacks`: as it left them. */
export function isSearchUnseen(path: Path, stacks: Stacks, seen: Seen): boolean {
  if (!lostProbe(seen.outcomes)) return false;
  return searches(path, stacks).some(({ asker, address }) => {
    const here = seen.sightings.filter(({ hop }) => hop === asker.id);
    return (
      seen.captured.has(asker.id) &&
      !here.some(
        (one) =>
          one.kind === 'request' ||
          (one.says?.startsWith(`who has ${address}?`) && asksFrom(path, asker, one.source)),
      )
    );
  });
}
