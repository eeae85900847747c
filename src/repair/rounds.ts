/** Repair as a whole: make a fix, ask the original question again, keep what helped, take back what did not. */
import type { Machine } from '../host/machine.ts';
import type { Diagnosis, Repair } from '../model/diagnosis.ts';
import type { Change } from '../model/fix.ts';
import { type About, apply } from './apply.ts';
import { type Bystanders, bystanders, nobody } from './bystanders.ts';
import { type Allowed, fixKey, type Offer, offers, refusal, riskOf } from './choose.ts';
import { type Entry, withNote } from './journal/entry.ts';
import { Journal } from './journal/journal.ts';
import { alone } from './journal/lock.ts';
import { identity } from './journal/place.ts';
import { persisting } from './persist.ts';
import { type Lifeline, lifeline } from './reach.ts';
import { noted, takeBack, undo } from './undo.ts';
import { helps, type Judgement, judge, placeOf } from './verify.ts';

/** Several faults at once are peeled one by one; a host that needs more is not mended by guessing on. */
export const MOST_ROUNDS = 10;

/** What is told while it repairs. */
export type RepairEvent =
  | { readonly type: 'offer'; readonly offer: Offer; readonly extra: readonly Change[] }
  | { readonly type: 'refused'; readonly offer: Offer; readonly because: string }
  | { readonly type: 'applied'; readonly entry: Entry }
  | { readonly type: 'failed'; readonly entry: Entry; readonly because: string }
  | {
      readonly type: 'judged';
      readonly offer: Offer;
      readonly entry: Entry;
      readonly judgement: Judgement;
      /** Why an answer was not taken for one; null where the judgement says it all. */
      readonly because: string | null;
      readonly before: Diagnosis;
      readonly after: Diagnosis;
      readonly kept: boolean;
    }
  /** It still does not work in the end: what was kept on the way is taken back. */
  | { readonly type: 'returned'; readonly entries: readonly Entry[] }
  | { readonly type: 'persist-note'; readonly says: string };

export interface RepairRequest {
  readonly machine: Machine;
  /** The original question, asked again; the same probe on the same path. */
  readonly ask: () => Promise<Diagnosis>;
  readonly allowed: Allowed;
  readonly persist: boolean;
  /** Shows what would be done, and does nothing. */
  readonly dryRun: boolean;
  readonly rollbackAfter: number | null;
  /** Says yes or no to one offer. `--yes` answers for all of them. */
  readonly agree: (offer: Offer, extra: readonly Change[]) => Promise<boolean>;
  /**
   * Lets a person type the name of what a dangerous fix changes; resolves with what was typed. Where nobody can, a
   * dangerous fix is not made, whatever `agree` says.
   */
  readonly typeName?: (name: string) => Promise<string>;
  readonly tell: (event: RepairEvent) => void;
  /** Starts the process that takes the entry back when its time is over. */
  readonly startRollback: (entry: Entry) => void;
  /** An interruption: what has not been judged by then is taken back. */
  readonly signal?: AbortSignal;
  /** Milliseconds before a question whose answer is not healthy is asked a second time; 1000 unless told. */
  readonly settling?: number;
  /** The number of the one fix that is meant; absent: every fix in turn. */
  readonly only?: string;
  /** Keeps what helped, although the question is not answered in the end. */
  readonly keepPartial?: boolean;
  /** Finds whose flows a change must not lose; those of the neighbourhood unless told. */
  readonly bystanders?: (first: Diagnosis) => Promise<Bystanders>;
}

export interface RepairResult {
  readonly repairs: readonly Repair[];
  /** The last answer to the original question. */
  readonly last: Diagnosis;
}

/** Where a run stands before a fix. */
interface SoFar {
  readonly before: Diagnosis;
  readonly met: ReadonlySet<string>;
  readonly around: Bystanders;
}

interface Turn {
  readonly after: Diagnosis;
  readonly repair: Repair | null;
  readonly kept: boolean;
}

/**
 * Peels faults until the answer is healthy, or until nothing that may be made is left. An interruption takes back
 * everything that this run has made.
 */
export async function repair(first: Diagnosis, request: RepairRequest): Promise<RepairResult> {
  const kept: string[] = [];
  try {
    const result = await peel(first, request, kept);
    request.signal?.throwIfAborted();
    if (result.last.status === 'healthy' || request.keepPartial || kept.length === 0) return result;
    return await asFound(first, result, kept, request);
  } catch (error) {
    if (request.signal?.aborted && kept.length > 0)
      await alone(request.machine, () => takeBackAll(request.machine, kept));
    throw error;
  }
}

/** A run that ends at fault leaves the host as it found it. */
async function asFound(
  first: Diagnosis,
  { repairs }: RepairResult,
  kept: readonly string[],
  { machine, tell }: RepairRequest,
): Promise<RepairResult> {
  const because = 'what was asked is not answered in the end';
  const entries = await alone(machine, () => takeBackAll(machine, kept, because));
  tell({ type: 'returned', entries });
  const back = repairs.map((one) => (kept.includes(one.journal) ? { ...one, kept: false, because } : one));
  return { repairs: back, last: first };
}

/** Newest first; the entries as they are then. */
async function takeBackAll(machine: Machine, ids: readonly string[], why = 'interrupted'): Promise<Entry[]> {
  const journal = new Journal(machine);
  const entries: Entry[] = [];
  for (const id of ids.toReversed()) {
    const entry = journal.get(id);
    if (!entry) continue;
    await undo(machine, journal, withNote(entry, why), identity(machine));
    entries.push(journal.get(id) ?? entry);
  }
  return entries;
}

async function peel(first: Diagnosis, request: RepairRequest, kept: string[]): Promise<RepairResult> {
  const { machine, signal } = request;
  const [line, around] = await Promise.all([
    lifeline(machine, first),
    request.dryRun ? nobody : (request.bystanders ?? ((one) => bystanders(machine, one)))(first),
  ]);
  const met = new Set([placeOf(first)]);
  const tried = new Set<string>();
  const repairs: Repair[] = [];
  let last = first;
  // The numbers of the next verdict are others.
  const rounds = request.only === undefined ? MOST_ROUNDS : 1;
  for (let round = 0; round < rounds && last.status !== 'healthy' && !signal?.aborted; round++) {
    const offer = next(last, tried, line, request);
    if (!offer) break;
    tried.add(fixKey(offer.fix));
    const turn = await oneTurn(offer, { before: last, met, around }, request);
    if (turn === null) break;
    if (turn.repair) repairs.push(turn.repair);
    if (turn.kept) last = turn.after;
    met.add(placeOf(turn.after));
    if (turn.kept && turn.repair) kept.push(turn.repair.journal);
  }
  return { repairs, last };
}

/** The first fix that was not tried and may be made; those that may not are told, with why. */
function next(last: Diagnosis, tried: Set<string>, line: Lifeline, request: RepairRequest): Offer | null {
  const { allowed, rollbackAfter, tell, only } = request;
  for (const offer of offers(last, only)) {
    if (tried.has(fixKey(offer.fix))) continue;
    const because = refusal(offer.fix, { allowed, rollbackAfter, lifeline: line });
    if (because === null) return offer;
    tried.add(fixKey(offer.fix));
    tell({ type: 'refused', offer, because });
  }
  return null;
}

/** One fix, from the question whether to make it to the verdict on it. Null: nothing more is to be tried. */
async function oneTurn(offer: Offer, so: SoFar, request: RepairRequest): Promise<Turn | null> {
  const { machine, tell } = request;
  const extra = request.persist
    ? await persisting(machine, offer.fix, (says) => tell({ type: 'persist-note', says }))
    : [];
  tell({ type: 'offer', offer, extra });
  if (request.dryRun || !(await agreed(offer, extra, so.before, request))) return null;
  return alone(machine, () => attempt(offer, extra, so, request));
}

/** A yes; for a dangerous fix, the name of what it changes, letter by letter. */
async function agreed(
  offer: Offer,
  extra: readonly Change[],
  before: Diagnosis,
  { agree, typeName, tell }: RepairRequest,
): Promise<boolean> {
  if (riskOf(offer.fix) !== 'dangerous') return agree(offer, extra);
  const name = offer.fix.confirm ?? before.target.name;
  if ((await typeName?.(name))?.trim() === name) return true;
  tell({ type: 'refused', offer, because: `it is dangerous, and "${name}" was not typed` });
  return false;
}

async function attempt(
  offer: Offer,
  extra: readonly Change[],
  { before, met, around }: SoFar,
  { machine, ask, tell, rollbackAfter, startRollback, signal, settling = SETTLING }: RepairRequest,
): Promise<Turn> {
  const journal = new Journal(machine);
  const about: About = { cause: offer.finding.cause, target: before.target.name, rollbackAfter };
  const made = await apply(machine, journal, offer.fix, about, extra, (entry) => {
    if (rollbackAfter !== null) startRollback(entry);
  });
  if (made.failure !== null) {
    tell({ type: 'failed', entry: made.entry, because: made.failure });
    return { after: before, repair: null, kept: false };
  }
  tell({ type: 'applied', entry: made.entry });
  const giveUp = () => takeBack(machine, journal, made.entry, 'undone');
  let after = await asked(ask, giveUp);
  // A link that came up, a port that must learn, a neighbour that is asked for again: a second look is a fair one.
  if (after.status !== 'healthy' && !signal?.aborted) {
    await sleep(settling);
    after = await asked(ask, giveUp);
  }
  const leads = offer.fix.leads === true;
  const byItself = signal?.aborted
    ? { judgement: 'no better' as const, because: null }
    : judge(before, after, { met, leads });
  // Nobody else is asked about a change that is taken back anyway.
  const lost = helps(byItself.judgement) ? await around.lost(settling) : [];
  const { judgement, because } = lost.length > 0 ? judge(before, after, { met, leads, lost }) : byItself;
  const kept = helps(judgement);
  const note = `${before.status} before, ${after.status} after: ${judgement}${because ? ` (${because})` : ''}`;
  // The timer, or somebody with `netdoctor undo --all`, may have been there while the question was asked.
  const current = journal.get(made.entry.id) ?? made.entry;
  const entry = kept
    ? noted(
        journal,
        withNote({ ...current, status: current.status === 'applied' ? 'verified' : current.status }, note),
      )
    : await takeBack(machine, journal, withNote(current, note), 'undone');
  tell({ type: 'judged', offer, entry, judgement, because, before, after, kept });
  return {
    after,
    kept,
    repair: {
      fix: offer.fix.id,
      journal: entry.id,
      before: before.status,
      after: after.status,
      kept,
      ...(because === null ? {} : { because }),
    },
  };
}

/** Milliseconds that a network gets to settle after a change, before it is asked a second time. */
const SETTLING = 1000;

const sleep = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

/** Asks; where asking itself fails, what was made is taken back before the failure goes on. */
async function asked(ask: () => Promise<Diagnosis>, giveUp: () => Promise<unknown>): Promise<Diagnosis> {
  try {
    return await ask();
  } catch (error) {
    await giveUp();
    throw error;
  }
}
