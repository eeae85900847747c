/** What the repair says as it goes, and what the journal says afterwards, line by line. */
import { list, plain, shellLine } from '../words/text.ts';
import { changeLine } from './change-line.ts';
import { driftLines } from './drift.ts';
import { type Entry, isFile, stands } from './journal/entry.ts';
import type { Unreadable } from './journal/journal.ts';
import { type Identity, stranger } from './journal/place.ts';
import { isOverdue, type Settled } from './overdue.ts';
import { preview } from './preview.ts';
import type { RepairEvent } from './request.ts';
import type { Undone } from './undo.ts';

const JUDGED: Readonly<Record<string, string>> = {
  healthy: 'It helped: the same question is now answered.',
  better: 'It helped, and packets come further; something else stops them now.',
  'no better': 'It did not help, and has been taken back.',
  worse: 'It made things worse, and has been taken back.',
  harmful: 'It cut others off, and has been taken back.',
  'another answer': 'Another answers than was meant, so it has been taken back.',
};

/** One event as text; commands start in the first column, so that they can be copied. */
export function repairLines(event: RepairEvent): string[] {
  switch (event.type) {
    case 'offer': {
      const owner = event.offer.finding.owner;
      const kept = owner ? [`  owner: ${plain(owner)} wrote what this changes, and may write it again`] : [];
      const [first = '', ...rest] = preview(event.offer.fix, event.extra);
      return ['', `fix ${event.offer.fix.id}: ${first}`, ...kept, ...rest];
    }
    case 'refused':
      return ['', `Not done: ${plain(event.offer.fix.title)}.`, `  why  ${event.because}`];
    case 'applied': {
      const { id, rollback } = event.entry;
      const until = rollback
        ? [`It is taken back in ${rollback.seconds} s unless you type: netdoctor keep`]
        : [];
      return [
        `Done, as change ${id}; \`${shellLine(['netdoctor', 'undo', id])}\` takes it back. Asking again …`,
        ...until,
      ];
    }
    case 'failed':
      return [`It could not be done, and what was begun has been taken back: ${event.because}`];
    case 'judged': {
      const { before, after, judgement, because, entry } = event;
      const stuck = entry.status === 'stuck' ? [`But not all of it: ${plain(entry.notes.at(-1) ?? '')}`] : [];
      return [
        JUDGED[judgement] ?? '',
        ...(because ? [`  why     ${plain(because)}`] : []),
        `  before  ${plain(before.summary)}`,
        `  after   ${plain(after.summary)}`,
        ...stuck,
      ];
    }
    case 'returned': {
      const ids = list(event.entries.map(({ id }) => id));
      const stuck = event.entries.filter(({ status }) => status !== 'undone');
      return [
        '',
        `It still does not work, so what was kept on the way has been taken back: change ${ids}. --keep-partial keeps such changes.`,
        ...stuck.map((entry) => `But not all of it: ${plain(entry.notes.at(-1) ?? entry.title)}`),
      ];
    }
    case 'persist-note':
      return [`  note: ${event.says}`];
  }
}

/** Where an entry stands, in a word or a few. */
export function statusWords(entry: Entry, here: Identity): string {
  if (!stands(entry)) return entry.status;
  if (stranger(entry, here)) return 'another host namespace';
  if (entry.boot !== here.boot && !entry.changes.some((one) => isFile(one.apply)))
    return 'gone with the restart';
  if (isOverdue(entry)) return `overdue since ${entry.rollback?.at}: its timer is gone`;
  if (entry.rollback && !entry.rollback.kept) return `${entry.status}, rolls back at ${entry.rollback.at}`;
  return entry.status;
}

/** One entry for `netdoctor log`: a line about it, then what it did. */
export function entryLines(entry: Entry, here: Identity): string[] {
  const about = list([entry.cause, entry.target].filter((one) => one !== null).map(plain));
  const when = entry.when.slice(0, 19).replace('T', ' ');
  return [
    `${entry.id}  ${when}  ${statusWords(entry, here)}  ${plain(entry.title)}${about ? ` (${about})` : ''}`,
    ...entry.changes.map((one) => `     ${changeLine(one.apply)}`),
    ...entry.notes.map((note) => `     note: ${plain(note)}`),
  ];
}

/** An entry that nobody can take back: what it tells of may stand. */
export const unreadableLine = ({ file, because }: Unreadable): string =>
  `${plain(file)} cannot be read: ${plain(because)}. What it tells of may still stand.`;

/** A change whose time was over, before anything else is done. `result` is absent where it was only looked at. */
export function overdueLine(entry: Entry, result?: Settled['result']): string {
  const name = `Change ${entry.id} (${plain(entry.title)})`;
  const when = `was to be taken back at ${plain(entry.rollback?.at ?? '')}, and its timer is gone`;
  if (result === 'taken back') return `${name} ${when}: it has been taken back now.`;
  const hint = shellLine(['netdoctor', 'undo', entry.id]);
  return `${name} ${when}${result === 'stuck' ? ', and it could not be taken back' : ''}: ${hint}`;
}

/** What came of an undo. */
export function undoneLines(result: Undone): string[] {
  const name = `change ${result.entry.id} (${plain(result.entry.title)})`;
  switch (result.kind) {
    case 'undone':
      return [`Taken back: ${name}.`];
    case 'nothing':
      return [`Nothing to take back of ${name}: ${plain(result.because)}.`];
    case 'foreign':
      return [`Left alone: ${name}: ${plain(result.because)}.`];
    case 'stuck':
      return [`Not taken back: ${name}: ${plain(result.because)}.`];
    case 'drift':
      return [
        `Not taken back: ${name}. Somebody has changed the same thing since:`,
        ...result.drifts.flatMap(driftLines).map((line) => `  ${plain(line)}`),
        `  \`${shellLine(['netdoctor', 'undo', result.entry.id, '--force'])}\` takes back netdoctor's part all the same.`,
      ];
  }
}
