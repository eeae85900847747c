/** Has somebody else changed what netdoctor changed, since? */
import type { Change } from '../model/fix.ts';
import { edits } from './edits.ts';
import type { Entry, JournalChange } from './journal/entry.ts';
import { type Difference, differences, rows, type State, same } from './state.ts';
import type { Surveyed } from './survey.ts';

export interface Drift {
  readonly what: string;
  readonly differences: readonly Difference[];
}

/** `before`: nothing of the change is there. `made`: as netdoctor left it. `drift`: neither. `gone`: the thing itself. */
export type Standing =
  | { readonly kind: 'before' | 'made' | 'unseen' }
  | { readonly kind: 'gone'; readonly because: string }
  | { readonly kind: 'drift'; readonly drift: Drift };

/** Where one change of an entry stands, in view of the state now. */
export function standing(entry: Entry, change: JournalChange, now: Surveyed): Standing {
  if (now.state === null || change.before === null) return { kind: 'unseen' };
  if (!now.state.known)
    return now.state.because === 'vanished'
      ? { kind: 'gone', because: now.state.detail }
      : { kind: 'drift', drift: { what: change.what ?? '', differences: [unread(now.state.detail)] } };
  const state = now.state.value;
  // An interface that was there and is not: nothing is left to be put back.
  if (change.before.exists === 'yes' && state.exists === 'no')
    return { kind: 'gone', because: `${change.what} is gone` };
  if (!Object.keys(change.before).some((name) => !name.startsWith('?'))) return { kind: 'unseen' };
  if (same(change.before, state)) {
    // Unplugged and plugged in again: it looks as before, and that is how netdoctor left it.
    const unseen = entry.status !== 'undoing' && change.after !== null && same(change.before, change.after);
    return { kind: unseen || forgotten(change.before, state) ? 'made' : 'before' };
  }
  // Killed while taking it back: what is there is partly its own doing.
  if (entry.status === 'undoing') return { kind: 'made' };
  // Without a look afterwards (netdoctor was killed) only what the commands had to bring can be compared.
  const found = change.after === null ? foreign(entry, change, state) : differences(change.after, state);
  if (found.length === 0) return { kind: 'made' };
  return { kind: 'drift', drift: { what: change.what ?? '', differences: found } };
}

/** What traffic taught the kernel is nobody's drift; where a fix made it forget, its own way back teaches it again. */
function forgotten(before: State, now: State): boolean {
  const known = (state: State): string[] =>
    rows(state['?learned']).map((row) => row.slice(0, row.lastIndexOf(' ')));
  return known(before).some((row) => !known(now).includes(row));
}

/** Words of commands that take one row out and put another in. */
const REPLACES = /^(replace|change|-R|--replace)$/;

const rowsChangedBy = (change: Change): number =>
  'run' in change && change.run.argv.some((word) => REPLACES.test(word)) ? 2 : 1;

/**
 * What cannot be netdoctor's own doing after it was killed somewhere in the middle: a value that is neither the one
 * before nor one that a command had to bring, and a listing that differs in more rows than the commands account for.
 */
function foreign(entry: Entry, change: JournalChange, now: State): Difference[] {
  const mine = entry.changes.filter((one) => one.what === change.what);
  const allowed = mine.reduce((sum, one) => sum + rowsChangedBy(one.apply), 0);
  return Object.entries(change.before ?? {}).flatMap(([name, before]) => {
    const value = now[name] ?? '';
    const brought = mine.flatMap((one) => one.expected?.[name] ?? []);
    const counted = LISTINGS.has(name) && edits(rows(before), rows(value)).length <= allowed;
    if (value === before || brought.includes(value) || counted) return [];
    if (brought.length === 0 && !LISTINGS.has(name)) return [];
    return [{ name, expected: brought.at(-1) ?? before, found: value }];
  });
}

const LISTINGS = new Set(['rules', 'routes', 'entries']);

const unread = (detail: string): Difference => ({ name: 'state', expected: 'readable', found: detail });

/** `net.ipv4.ip_forward is 0, not 1 as netdoctor left it`. */
export function driftLines({ what, differences: all }: Drift): string[] {
  return all.flatMap(({ name, expected, found }) =>
    expected.includes('\n') || found.includes('\n')
      ? [`${what}: ${name} changed`, ...changed(expected, found)]
      : [`${what}: ${name} is ${show(found)}, and netdoctor left ${show(expected)}`],
  );
}

const show = (value: string): string => (value === '' ? '(nothing)' : value);

/** Lines only in one of two listings. */
function changed(expected: string, found: string): string[] {
  const [a, b] = [expected.split('\n'), found.split('\n')];
  return [
    ...a.filter((line) => !b.includes(line)).map((line) => `  gone: ${line}`),
    ...b.filter((line) => !a.includes(line)).map((line) => `  new:  ${line}`),
  ];
}
