/** One fix, from the question whether to make it to the verdict on it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Diagnosis, Repair } from '../model/diagnosis.ts';
import type { Change } from '../model/fix.ts';
import { apply } from './apply.ts';
import type { Bystanders } from './bystanders.ts';
import { type Offer, riskOf } from './choose.ts';
import { type Entry, withNote } from './journal/entry.ts';
import { Journal } from './journal/journal.ts';
import { alone } from './journal/lock.ts';
import { persisting } from './persist.ts';
import type { RepairRequest } from './request.ts';
import { noted, takeBack } from './undo.ts';
import { helps, type Judged, judge } from './verify.ts';

/** Where a run stands before a fix. */
export interface SoFar {
  readonly before: Diagnosis;
  readonly met: ReadonlySet<string>;
  readonly around: Bystanders;
}

export interface Turn {
  readonly after: Diagnosis;
  readonly repair: Repair | null;
  readonly kept: boolean;
}

/** Null: nothing more is to be tried. */
export async function oneTurn(offer: Offer, so: SoFar, request: RepairRequest): Promise<Turn | null> {
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

/** Makes the fix, asks again, keeps it or takes it back. */
async function attempt(
  offer: Offer,
  extra: readonly Change[],
  so: SoFar,
  request: RepairRequest,
): Promise<Turn> {
  const { machine, tell } = request;
  const { before } = so;
  const journal = new Journal(machine);
  const made = await make(journal, offer, extra, before, request);
  if (made.failure !== null) {
    tell({ type: 'failed', entry: made.entry, because: made.failure });
    return { after: before, repair: null, kept: false };
  }
  tell({ type: 'applied', entry: made.entry });
  const after = await askedAgain(request, () => takeBack(machine, journal, made.entry, 'undone'));
  const { judgement, because } = await judged(offer, so, after, request);
  const kept = helps(judgement);
  const note = `${before.status} before, ${after.status} after: ${judgement}${because ? ` (${because})` : ''}`;
  // The timer, or somebody with `netdoctor undo --all`, may have been there while the question was asked.
  const current = withNote(journal.get(made.entry.id) ?? made.entry, note);
  const entry = kept
    ? noted(journal, verified(current))
    : await takeBack(machine, journal, current, 'undone');
  tell({ type: 'judged', offer, entry, judgement, because, before, after, kept });
  const repair = {
    fix: offer.fix.id,
    journal: entry.id,
    before: before.status,
    after: after.status,
    kept,
    ...(because === null ? {} : { because }),
  };
  return { after, kept, repair };
}

const make = (
  journal: Journal,
  offer: Offer,
  extra: readonly Change[],
  before: Diagnosis,
  { machine, rollbackAfter, startRollback }: RepairRequest,
) =>
  apply(
    machine,
    journal,
    offer.fix,
    { cause: offer.finding.cause, target: before.target.name, rollbackAfter },
    extra,
    async (entry) => {
      if (rollbackAfter !== null) await startRollback(entry);
    },
  );

/** Milliseconds that a network gets to settle after a change, before it is asked a second time. */
const SETTLING = 1000;

/** The answer after the change. Where asking itself fails, what was made is taken back before the failure goes on. */
async function askedAgain(
  { ask, signal, settling = SETTLING }: RepairRequest,
  giveUp: () => Promise<unknown>,
): Promise<Diagnosis> {
  try {
    const first = await ask();
    if (first.status === 'healthy' || signal?.aborted) return first;
    // A link that came up, a port that must learn, a neighbour that is asked for again: a second look is a fair one.
    await sleep(settling);
    return await ask();
  } catch (error) {
    await giveUp();
    throw error;
  }
}

/** What the answer says of the fix, and what others say whose flows it may have lost. */
async function judged(
  { fix }: Offer,
  { before, met, around }: SoFar,
  after: Diagnosis,
  { signal, settling = SETTLING }: RepairRequest,
): Promise<Judged> {
  if (signal?.aborted) return { judgement: 'no better', because: null };
  const leads = fix.leads === true;
  const byItself = judge(before, after, { met, leads });
  // Nobody else is asked about a change that is taken back anyway.
  if (!helps(byItself.judgement)) return byItself;
  const lost = await around.lost(settling);
  return lost.length > 0 ? judge(before, after, { met, leads, lost }) : byItself;
}

const verified = (entry: Entry): Entry =>
  entry.status === 'applied' ? { ...entry, status: 'verified' } : entry;
