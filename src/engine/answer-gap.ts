/**
 * TCP hands no data to a program across a gap (RFC 9293, 3.10.7.4): that a later segment of an answer reached the program's interface
 * says nothing of what stands before it. Where the beginning was seen is how far the answer came.
 */
import { type Path, watched } from '../model/path.ts';
import { type Place, placeAt } from '../model/place.ts';
import type { AnswerGap } from '../model/scene.ts';
import type { Sighting } from '../model/sighting.ts';
import { DIFFERENT } from './run/once.ts';
import type { RunResult } from './run/plan.ts';

/** TCP's header and that of IP without options, in bytes, and the option of timestamps as it is laid out: RFC 7323, appendix A. */
const HEADERS = { 4: 40, 6: 60 } as const;
const TIMESTAMPS = 12;
/** Kinds of options: IANA, TCP option kind numbers. */
const OPTION = { segment: 2, timestamps: 8 } as const;

/** The probe whose connection it is, and the number of what went over it. */
interface Talk {
  readonly over: number;
  readonly probe: number;
}

/**
 * Bytes of the answer in front of this segment, counted from the answer to the SYN that was seen on the same hop, since a SYN proxy
 * has its own numbers on either side. Null where nobody saw that, and for what begins the answer or repeats its beginning.
 */
function inFront(all: readonly Sighting[], { over, probe }: Talk, one: Sighting): number | null {
  if (one.probe !== probe || one.kind !== 'reply' || one.sequence === undefined) return null;
  const begins = all.flatMap(({ hop, kind, probe: of, sequence }) =>
    hop === one.hop && kind === 'reply' && of === over && sequence !== undefined ? [sequence + 1] : [],
  );
  const offsets = begins.map((begin) => (one.sequence! - begin) | 0);
  return offsets.length > 0 && offsets.every((offset) => offset > 0) ? Math.min(...offsets) : null;
}

/** Those that tell how far the answer came. */
export const withoutLater = <S extends Sighting>(all: readonly S[], talk: Talk): S[] =>
  all.filter((one) => inFront(all, talk, one) === null);

export interface FoundGap {
  readonly gap: AnswerGap;
  readonly place: Place;
}

/**
 * Of an answer of which no hop saw the beginning, and the outermost that was watched something later. Null where it is otherwise, and
 * where more was seen there than is kept: what was sent again may be among what is not.
 */
export function gapOf(
  path: Path,
  result: Pick<RunResult, 'sightings' | 'captured' | 'size'>,
  talk: Talk,
): FoundGap | null {
  const { sightings, captured, size } = result;
  const edge = watched(path).findLast(({ id }) => captured.has(id));
  const answers = sightings.filter(({ kind, probe }) => kind === 'reply' && probe === talk.probe);
  const here = answers.filter(({ hop }) => hop === edge?.id);
  const offsets = here.flatMap((one) => inFront(sightings, talk, one) ?? []);
  if (!edge || offsets.length === 0 || here.length >= DIFFERENT) return null;
  if (answers.some((one) => inFront(sightings, talk, one) === null)) return null;
  const [missing, longest] = [Math.min(...offsets), Math.max(...here.map(({ length }) => length))];
  const asked = fullAt(sightings, talk, edge.id);
  return {
    gap: {
      missing,
      longest,
      full: asked?.length ?? null,
      isOfFull: asked !== null && missing >= asked.data && longest < asked.length,
      isPinged: asked !== null && size?.answered === true && size.size >= asked.length,
    },
    place: placeAt(path, path.hops.indexOf(edge) + 1, 'reply'),
  };
}

/** A full segment, as the SYN asked for it when it was seen on this hop: its IP length, and the data in it. RFC 9293, 3.7.1 */
function fullAt(
  all: readonly Sighting[],
  { over }: Talk,
  hop: string,
): { length: number; data: number } | null {
  const mine = all.filter((one) => one.hop === hop && one.probe === over);
  // Of a hop that shows it before NAT and behind, and of one that rewrites it, the last is the one that leaves.
  const syn = mine.findLast(({ kind, header }) => kind === 'request' && header?.syn);
  const most = Number.parseInt(syn?.header?.syn?.options[OPTION.segment] ?? '', 16);
  if (!syn || Number.isNaN(most)) return null;
  const isTimed = mine.some(
    ({ kind, header }) => kind === 'reply' && header?.syn?.options[OPTION.timestamps] !== undefined,
  );
  return { length: most + HEADERS[syn.family], data: most - (isTimed ? TIMESTAMPS : 0) };
}
