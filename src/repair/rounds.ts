/** Repair as a whole: make a fix, ask the original question again, keep what helped, take back what did not. */
import type { Machine } from '../host/machine.ts';
import type { Diagnosis, Repair } from '../model/diagnosis.ts';
import { type Bystanders, bystanders, nobody, together } from './bystanders.ts';
import { fixKey, type Offer, offers, refusal } from './choose.ts';
import { type Entry, withNote } from './journal/entry.ts';
import { Journal } from './journal/journal.ts';
import { alone } from './journal/lock.ts';
import { identity } from './journal/place.ts';
import { type Lifeline, lifeline } from './reach.ts';
import type { RepairRequest, RepairResult } from './request.ts';
import { oneTurn } from './turn.ts';
import { undo } from './undo.ts';
import { placeOf } from './verify.ts';

/** Several faults at once are peeled one by one; a host that needs more is not mended by guessing on. */
export const MOST_ROUNDS = 10;

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
  const findAround = request.bystanders ?? ((one) => bystanders(machine, one));
  const line = await lifeline(machine, first);
  /** Nobody is asked for a change that is not made. */
  let around: Bystanders = nobody;
  let isRenewed = request.dryRun;
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
    // What the last change that was kept has made reachable, the next one must not lose.
    if (!isRenewed) around = together(around, await findAround(last));
    isRenewed = true;
    const turn = await oneTurn(offer, { before: last, met, around }, request);
    if (turn === null) break;
    if (turn.repair) repairs.push(turn.repair);
    if (turn.kept) {
      last = turn.after;
      isRenewed = false;
    }
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
