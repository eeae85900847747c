/** What netdoctor has changed on this host, one entry a change set; the entry is on disk before the change is made. */
import type { Change, Risk } from '../../model/fix.ts';
import type { State } from '../state.ts';

export const SCHEMA = 'netdoctor/journal/1';

/**
 * `pending` written, and perhaps made · `applied` made, not yet judged · `verified` made, and it helped · `undoing`
 * being taken back · `undone` taken back · `failed` a command failed, and what had been made was taken back ·
 * `stuck` something of it still stands and could not be taken back.
 */
export type EntryStatus = 'pending' | 'applied' | 'verified' | 'undoing' | 'undone' | 'failed' | 'stuck';

export interface JournalChange {
  readonly apply: Change;
  /** The thing touched, in plain words; null where nobody knows how to look at it. */
  readonly what: string | null;
  readonly before: State | null;
  /** State after, as far as it can be said before the change is made. */
  readonly expected: State | null;
  /** State as it was seen after the change. */
  readonly after: State | null;
  readonly status: 'pending' | 'applied' | 'failed' | 'undone';
}

export interface Rollback {
  readonly seconds: number;
  /** ISO time at which it is taken back unless somebody says `netdoctor keep`. */
  readonly at: string;
  readonly kept: boolean;
}

export interface Entry {
  readonly schema: typeof SCHEMA;
  readonly id: string;
  /** ISO time. */
  readonly when: string;
  readonly boot: string;
  readonly hostNamespace: number;
  /** Of the process that made it. */
  readonly pid: number;
  readonly title: string;
  readonly cause: string | null;
  readonly target: string | null;
  readonly risk: Risk;
  readonly lasts: string;
  readonly status: EntryStatus;
  readonly changes: readonly JournalChange[];
  /** The fix's own way back, in the order in which it is made. */
  readonly undo: readonly Change[];
  readonly rollback: Rollback | null;
  /** What happened to it, newest last, in sentences. */
  readonly notes: readonly string[];
}

/** Does any of it perhaps still stand? */
export const stands = (entry: Entry): boolean => entry.status !== 'undone' && entry.status !== 'failed';

export const withNote = (entry: Entry, note: string): Entry => ({ ...entry, notes: [...entry.notes, note] });

/** The command lists an entry was made with, for a person: `commandLine` of each program, or the file. */
export const isFile = (change: Change): change is Extract<Change, { file: string }> => 'file' in change;
