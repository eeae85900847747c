/** The path as it is drawn: what the events told while it ran, or what the document alone still knows. */
import type { Diagnosis, PathEntry } from '../../model/diagnosis.ts';
import { type Gap, type Hop, leadsOut, type StageKind } from '../../model/path.ts';
import { countsOf, type Run } from '../run.ts';

export interface HopView {
  readonly id: string;
  readonly name: string;
  readonly where: string;
  readonly kind: string;
  readonly about: string;
  readonly watched: boolean;
  readonly request: number;
  readonly reply: number;
  /** Beside the line: the same flow may leave by it too. */
  readonly beside?: boolean;
}

export interface PathView {
  readonly hops: readonly HopView[];
  /** By which the same flow may leave too; they follow the way out. */
  readonly branches: readonly HopView[];
  /** stages[i] lies before hops[i]; the last one after the last hop. */
  readonly stages: readonly StageKind[];
  readonly gaps: readonly Gap[];
}

/** The path of a run, or null while it is not known. */
export function viewOf(run: Run): PathView | null {
  const { path, diagnosis } = run;
  if (path === null) return diagnosis === null ? null : viewOfDocument(diagnosis);
  const viewed = (hop: Hop): HopView => {
    const entry = diagnosis?.path.find(({ id }) => id === hop.id);
    const counted = countsOf(run, hop.id);
    const { id, name, where, kind, about } = hop;
    const request = entry ? (entry.request ?? 0) : counted.request;
    const reply = entry ? (entry.reply ?? 0) : counted.reply;
    const watched = entry ? entry.captured : (run.armed[id] ?? null) === null;
    return { id, name, where, kind, about, watched, request, reply };
  };
  const [hops, branches] = [path.hops.map(viewed), (path.branches ?? []).map(viewed)];
  return { hops, branches, stages: path.stages, gaps: path.gaps };
}

/** The same from the document alone, as for the second address family of a name, or a saved diagnosis. */
export function viewOfDocument({ path: entries }: Pick<Diagnosis, 'path'>): PathView {
  const path = entries.filter(({ beside }) => !beside);
  const viewed = entries.map(
    ({ id, name, where, kind, addresses, captured, request, reply, beside }): HopView => ({
      id,
      name,
      where,
      kind,
      about: addresses.join(', '),
      watched: captured,
      request: request ?? 0,
      reply: reply ?? 0,
      ...(beside ? { beside } : {}),
    }),
  );
  const hops = viewed.filter(({ beside }) => !beside);
  const branches = viewed.filter(({ beside }) => beside);
  const stages = path.map((entry, index) => stageBetween(path[index - 1], entry));
  const last = path.at(-1);
  const end = last && leadsOut(last) ? 'beyond' : 'deliver';
  return { hops, branches, stages: [...stages, end], gaps: [] };
}

/** The document names no stages; two neighbours of a path tell what lies between them. */
function stageBetween(before: PathEntry | undefined, after: PathEntry): StageKind {
  if (before === undefined) return leadsOut(after) ? 'beyond' : 'send';
  if (before.where !== after.where) return 'wire';
  const kinds = [before.kind, after.kind].sort().join(' ');
  if (kinds === 'bridge veth') return 'port';
  return kinds === 'veth veth' ? 'bridge' : 'forward';
}

/** Index of the stage in which packets stop, or null where the document names none. */
export function stopIndex({ hops }: PathView, { between, direction }: Diagnosis): number | null {
  if (between === null) return null;
  const [first, second] = direction === 'reply' ? [between[1], between[0]] : between;
  const after = hops.findIndex(({ id }) => id === first);
  if (after >= 0) return after + 1;
  const before = hops.findIndex(({ id }) => id === second);
  return before >= 0 ? before : null;
}
